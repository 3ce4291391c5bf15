"""Promises about storms: what is critical goes first, the rest in bundles, nothing is lost."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Event
from time import monotonic

import pytest
import structlog

from alerts.catalogue import Severity
from alerts.claims import CLAIM_LASTS
from alerts.delivery import Delivery
from alerts.rules import Means
from supervision.core.clock import system_clock
from supervision.core.fixes import EventKind
from tests.harness import World, an_event
from tests.ingest_rig import until
from tests.outbox import LINKS, FakeChannel
from tests.reaching import Office

log = structlog.get_logger()


def counted(subjects: Sequence[str]) -> int:
    """Of how many alerts these messages speak."""
    return sum(int(one.split()[0]) if one.split()[0].isdigit() else 1 for one in subjects)


@pytest.mark.parametrize(("many", "grave"), [(300, 5)])
def test_in_a_storm_what_is_critical_goes_first_and_the_rest_is_bundled_and_nothing_dropped(
    office: Office, world: World, many: int, grave: int
) -> None:
    grades = ["confirmed" if n % (many // grave) == 1 else "possible" for n in range(many)]
    for n in range(0, many, 50):
        office.find(grades[n : n + 50])
        office.deliver(after_s=60 * 50 / many)
    office.deliver(after_s=60)
    subjects = office.sent(Means.EMAIL)
    assert [one.startswith("Critical") for one in subjects].count(True) == grave
    assert counted(subjects) == many
    assert len(subjects) <= grave + 2 * 3
    assert world.one("SELECT count(*) FROM notification WHERE state <> 'sent'") == 0
    waited = world.one(
        "SELECT max(n.sent_at - n.created_at) FROM notification n JOIN alert a ON a.id = n.alert_id"
        " WHERE a.severity = 'critical'"
    )
    assert waited < timedelta(seconds=60 * 50 / many + 1)


def test_a_bundle_says_how_many_of_what_wait(office: Office) -> None:
    office.find(["possible"] * 4 + [None])
    office.deliver()
    (message,) = office.ways[Means.EMAIL].sent
    assert message.subject == "5 alerts wait for you"
    assert message.text == (
        "5 alerts wait for you:\n"
        "4 high: zone entry (all about one person, all within a minute)\n1 medium: button\n\n"
        "Open them: https://console.example/\n"
    )
    assert message.alert_ids == (1, 2, 3, 4, 5)


def test_what_befalls_all_trackers_of_a_model_at_once_reads_as_one_incident(
    office: Office, world: World
) -> None:
    jammed = [world.person() for _ in range(12)]
    ids = [one.device_id for one in jammed]
    world.rows("UPDATE device SET model = 'Other' WHERE NOT id = ANY(:ids) RETURNING 1", ids=ids)
    for one in jammed:
        world.clock.forward(15)
        world.send(events=[an_event(one.device_uid, EventKind.JAMMING, world.clock.now)])
    office.deliver()
    (message,) = office.ways[Means.EMAIL].sent
    incident = (
        "12 high: jamming (about 12 people, all by trackers of the model M, all within 3 min)"
    )
    assert message.text.splitlines()[:2] == ["12 alerts wait for you:", incident]
    assert len(message.alert_ids) == 12


def test_a_bundle_that_fails_goes_around_as_a_bundle(office: Office) -> None:
    office.reach_by(Means.EMAIL, "me@example.org")
    office.reach_by(Means.SMS, severities=frozenset({Severity.CRITICAL}))
    office.ways[Means.EMAIL].is_away = True
    alerts = office.find(["possible"] * 5)
    office.deliver()
    office.deliver(after_s=5)
    assert office.sent(Means.SMS) == ["5 alerts wait for you"]
    for alert in alerts:
        (unreached,) = office.history(alert, "unreached")
        assert unreached["around"] == ["email", "sms"]


class Killed(BaseException):
    """The process ends here."""


def test_a_bundle_whose_sender_died_goes_out_as_the_same_bundle(
    office: Office, world: World
) -> None:
    office.find(["possible"] * 5)

    def die() -> None:
        raise Killed

    dying = FakeChannel(then=die)
    with pytest.raises(Killed):
        Delivery(world.engine, {Means.EMAIL: dying}, world.clock, LINKS).deliver_due()
    office.find(["possible"] * 5)
    office.deliver(after_s=CLAIM_LASTS.total_seconds() + 1)
    (first,) = dying.sent
    keys = [one.key for one in office.ways[Means.EMAIL].sent]
    assert first.key in keys
    assert len(set(keys)) == len(keys) == 2
    assert counted(office.sent(Means.EMAIL)) == 10
    outcomes = world.rows("SELECT outcome FROM notification_attempt ORDER BY id")
    assert [row.outcome for row in outcomes] == [None, "sent", "sent"]


LEFT = "SELECT count(*) FROM notification WHERE state <> 'sent'"
WAITED_S = (
    "SELECT extract(epoch FROM n.sent_at - n.created_at) FROM notification n"
    " JOIN alert a ON a.id = n.alert_id WHERE a.severity = 'critical' ORDER BY 1"
)


@pytest.mark.heavy
def test_of_ten_thousand_findings_in_a_minute_the_critical_ones_arrive_in_seconds(
    office: Office, world: World
) -> None:
    many, grave, at_once, lasts_s = 10_000, 50, 100, 60.0
    delivery = replace(office.delivery, clock=system_clock)
    over, pause = Event(), Event()

    def drain_until_over() -> None:
        while not over.is_set():
            if delivery.deliver_due(Means.EMAIL) == 0:
                pause.wait(0.1)

    began_s = monotonic()
    with ThreadPoolExecutor(2) as pool:
        lanes = [pool.submit(drain_until_over) for _ in range(2)]
        for first in range(0, many, at_once):
            world.clock.now = system_clock()
            is_grave = first % (many // grave) == 0
            office.find([*["confirmed"] * is_grave, *["possible"] * (at_once - is_grave)])
            pause.wait(max(0.0, began_s + lasts_s * (first + at_once) / many - monotonic()))
        found_s = monotonic() - began_s
        until(lambda: world.one(LEFT) == 0, 180)
        over.set()
    for lane in lanes:
        lane.result()
    waited_s = [float(row[0]) for row in world.rows(WAITED_S)]
    subjects = office.sent(Means.EMAIL)
    log.info(
        "storm", found_s=round(found_s, 1), messages=len(subjects), longest_s=round(waited_s[-1], 2)
    )
    assert counted(subjects) == many
    assert len(waited_s) == grave
    assert waited_s[-1] < 10
