import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from time import monotonic
from typing import Any

import httpx2
import pytest
from sqlalchemy import QueuePool, text

from supervision.core.db import transaction
from supervision.register.models import Officer, Supervisee
from supervision.web import live, live_feed, live_subscription
from tests import factories
from tests.browser.serving import Served, served
from tests.web.application import Web
from tests.web.offices import Office

LONGEST_S = 10.0


@dataclass
class Stream:
    """Events of an open stream, one by one."""

    lines: Iterator[str]

    def next(self) -> dict[str, str]:
        fields: dict[str, str] = {}
        for line in self.lines:
            if not line and fields:
                return fields
            name, _, value = line.partition(": ")
            if name:
                fields[name] = value
        return fields

    def next_of(self, kind: str) -> tuple[str, dict[str, Any]]:
        """The id and data of the next event of this kind; alerts are never passed over."""
        while event := self.next():
            if event.get("event") == kind:
                return event.get("id", ""), json.loads(event["data"])
            assert event.get("event") in {None, "heartbeat"}, event
        raise AssertionError("the stream ended")

    def has_ended(self) -> bool:
        """Waits for the end; only heartbeats may come before it."""
        return all(
            line.startswith((": ", "event: heartbeat", "data: ", "retry: ")) or not line
            for line in self.lines
        )


@pytest.fixture
def server(web: Web) -> Iterator[Served]:
    with served(web.app) as running:
        yield running


@contextmanager
def browser(server: Served, officer: Officer) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=server.url, timeout=LONGEST_S) as client:
        form = {"email": officer.email, "password": factories.PASSWORD}
        assert client.post("/sign-in", data=form).status_code == HTTPStatus.SEE_OTHER
        yield client


@pytest.fixture
def client(server: Served, office: Office) -> Iterator[httpx2.Client]:
    """The officer's browser."""
    with browser(server, office.officer) as signed_in:
        yield signed_in


@contextmanager
def streaming(client: httpx2.Client, last_id: str | None = None) -> Iterator[Stream]:
    headers = {} if last_id is None else {"Last-Event-ID": last_id}
    with client.stream("GET", "/live", headers=headers) as answer:
        assert answer.status_code == HTTPStatus.OK
        stream = Stream(answer.iter_lines())
        stream.next_of("heartbeat")
        yield stream


def raise_one(web: Web, supervisee: Supervisee) -> int:
    with web.behind() as session:
        return factories.an_alert(session, supervisee).id


def newest(web: Web, office: Office) -> str:
    """The feed number that a page rendered now would carry."""
    with web.behind() as session:
        query = text("SELECT alert_event_seq FROM agency_ledger WHERE agency_id = :agency")
        return str(session.execute(query, {"agency": office.agency.id}).scalar_one())


def test_an_alert_reaches_an_open_stream(web: Web, office: Office, client: httpx2.Client) -> None:
    with streaming(client, newest(web, office)) as stream:
        alert_id = raise_one(web, office.supervisee)
        seq, data = stream.next_of("alert")
    assert data == {"seq": int(seq), "alert_id": alert_id, "kind": "raised"}


def test_what_happened_while_away_is_replayed_without_hole_or_repeat(
    web: Web, office: Office, client: httpx2.Client
) -> None:
    raised: list[int] = []
    received: list[tuple[str, int]] = []
    last_id = newest(web, office)
    for away, here in ((0, 3), (3, 0), (2, 2)):
        raised += [raise_one(web, office.supervisee) for _ in range(away)]
        with streaming(client, last_id) as stream:
            raised += [raise_one(web, office.supervisee) for _ in range(here)]
            for _ in range(away + here):
                last_id, data = stream.next_of("alert")
                received.append((last_id, data["alert_id"]))
    assert [alert_id for _, alert_id in received] == raised
    seqs = [int(seq) for seq, _ in received]
    assert seqs == list(range(seqs[0], seqs[0] + len(raised)))


def test_the_feed_goes_on_after_its_database_connection_is_killed(
    web: Web, office: Office, client: httpx2.Client
) -> None:
    kill = text(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE application_name = 'live-feed' AND datname = current_database()"
    )
    with streaming(client, newest(web, office)) as stream:
        with transaction(web.runtime.engine) as session:
            assert session.execute(kill).scalar_one() == 1
        alert_id = raise_one(web, office.supervisee)
        assert stream.next_of("alert")[1]["alert_id"] == alert_id


def test_a_lost_notice_costs_a_second_and_no_alert(
    web: Web, office: Office, client: httpx2.Client
) -> None:
    with streaming(client, newest(web, office)) as stream:
        with web.behind() as session:
            session.execute(
                text(
                    "INSERT INTO alert_event (agency_id, alert_id, seq, kind, at, detail)"
                    " VALUES (:agency, :alert, :seq, 'cleared', now(), '{}')"
                ),
                {
                    "agency": office.agency.id,
                    "alert": office.alert.id,
                    "seq": int(newest(web, office)) + 1,
                },
            )
        assert stream.next_of("alert")[1]["kind"] == "cleared"


def test_another_agencys_events_never_arrive(
    web: Web, office: Office, other_office: Office, client: httpx2.Client
) -> None:
    with streaming(client, "0") as stream:
        first = stream.next_of("alert")[1]["alert_id"]
        raise_one(web, other_office.supervisee)
        own = raise_one(web, office.supervisee)
        assert [first, stream.next_of("alert")[1]["alert_id"]] == [office.alert.id, own]


def test_a_stream_ends_soon_after_its_officer_signed_out(
    web: Web, client: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.1)
    with streaming(client) as stream:
        with web.behind() as session:
            session.execute(text("DELETE FROM web_session"))
        assert stream.has_ended()
    assert client.get("/live").status_code == HTTPStatus.UNAUTHORIZED


def test_watching_alone_does_not_keep_a_sign_in_alive(
    web: Web, client: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.1)
    idle = timedelta(minutes=web.runtime.settings.session_idle_minutes)
    with streaming(client) as stream:
        web.clock.forward(idle.total_seconds() - 60)
        while stream.next_of("heartbeat")[1]["signed_in_for_s"] > 60:
            pass
        web.clock.forward(60)
        assert stream.has_ended()


def test_an_open_stream_holds_no_database_connection(
    web: Web, office: Office, client: httpx2.Client
) -> None:
    pool = web.runtime.engine.pool
    assert isinstance(pool, QueuePool)
    with streaming(client, newest(web, office)) as stream:
        assert pool.checkedout() == 0
        raise_one(web, office.supervisee)
        stream.next_of("alert")
        assert pool.checkedout() == 0


def test_an_officer_has_five_streams_at_most(client: httpx2.Client) -> None:
    with (
        streaming(client),
        streaming(client),
        streaming(client),
        streaming(client),
        streaming(client),
    ):
        assert client.get("/live").status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert is_let_in_again(client)


def is_let_in_again(client: httpx2.Client) -> bool:
    """Whether there is a place again; the server learns a moment later that a stream was left."""
    until = monotonic() + LONGEST_S
    while monotonic() < until:
        with client.stream("GET", "/live") as answer:
            if answer.status_code == HTTPStatus.OK:
                return True
    return False


def test_a_console_too_far_behind_is_told_to_load_its_list_again(
    web: Web, office: Office, client: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_subscription, "MOST_REPLAYED", 2)
    for _ in range(4):
        raise_one(web, office.supervisee)
    with streaming(client, "1") as stream:
        assert stream.next_of("reload")[0] == newest(web, office)
        alert_id = raise_one(web, office.supervisee)
        assert stream.next_of("alert")[1]["alert_id"] == alert_id


def test_a_slow_console_is_given_the_rest_later(
    web: Web, office: Office, client: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_subscription, "MOST_WAITING", 1)
    monkeypatch.setattr(live_feed, "READ_AT_ONCE", 1)
    raised = [office.alert.id] + [raise_one(web, office.supervisee) for _ in range(2)]
    with streaming(client, "0") as stream:
        assert [stream.next_of("alert")[1]["alert_id"] for _ in raised] == raised


def test_a_heartbeat_names_our_processes_that_went_silent(
    web: Web, client: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.1)
    beat = "INSERT INTO process_heartbeat VALUES (:name, :at, '{}')"
    ago = {"ingest": 60, "scheduler": 5, "retired": 100_000}
    with web.behind() as session:
        for name, seconds in ago.items():
            at = web.clock() - timedelta(seconds=seconds)
            session.execute(text(beat), {"name": name, "at": at})
    try:
        with streaming(client) as stream:
            while not (silent := stream.next_of("heartbeat")[1]["silent"]):
                pass
    finally:
        with web.behind() as session:
            session.execute(text("DELETE FROM process_heartbeat"))
    assert silent == ["ingest"]


def test_whoever_may_not_read_alerts_may_not_follow_them(office: Office, server: Served) -> None:
    with browser(server, office.administrator) as client:
        assert client.get("/live").status_code == HTTPStatus.FORBIDDEN
