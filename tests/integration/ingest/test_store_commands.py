"""The outbox towards devices: each wish once, the newest interval only, and every end on record."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError

from ingest.store import (
    CommandKind,
    DueCommand,
    NewCommand,
    Outcome,
    request_interval,
    request_locate,
)
from ingest.store.commands import CLAIM_LASTS
from supervision.core.db import transaction
from supervision.stack.postgres import DatabaseUrls
from tests.harness import T0, Person, World

IN_TEN_MINUTES = T0 + timedelta(minutes=10)


@pytest.fixture
def world(database: DatabaseUrls) -> World:
    """At the time of the scenarios."""
    return World(database)


def wish(world: World, him: Person, key: str, **other: Any) -> NewCommand:
    values: dict[str, Any] = {
        "agency_id": world.agency_id,
        "device_id": him.device_id,
        "supervisee_id": him.supervisee_id,
        "idempotency_key": key,
        "reason": "zone_approach:123",
        "expires_at": IN_TEN_MINUTES,
    } | other
    return NewCommand(**values)


def ask(world: World, him: Person, key: str, interval_s: int = 15, **other: Any) -> int | None:
    with transaction(world.engine) as session:
        new = wish(world, him, key, interval_s=interval_s, **other)
        return request_interval(session, new, world.clock())


def locate(world: World, him: Person, key: str, **other: Any) -> int | None:
    with transaction(world.engine) as session:
        return request_locate(session, wish(world, him, key, **other), world.clock())


def claim(world: World, *outcomes: Outcome, most: int = 100) -> list[DueCommand]:
    due: list[DueCommand] = world.monitor.exchange_commands(outcomes, most)
    return due


def ids(due: list[DueCommand]) -> list[int]:
    return [one.id for one in due]


def row(world: World, command_id: int | None) -> Row[Any]:
    (found,) = world.rows("SELECT * FROM device_command WHERE id = :id", id=command_id)
    return found


def test_a_wish_is_written_with_its_callers_transaction_and_once_for_its_key(
    world: World, him: Person
) -> None:
    with transaction(world.engine) as session:
        assert request_locate(session, wish(world, him, "k"), T0)
        session.rollback()
    first = ask(world, him, "k", ends_at=IN_TEN_MINUTES)
    assert first is not None
    assert ask(world, him, "k", interval_s=30) is None
    (only,) = world.rows("SELECT * FROM device_command")
    assert (only.id, only.kind, only.interval_s, only.state) == (
        first,
        "set_interval",
        15,
        "pending",
    )
    assert (only.reason, only.ends_at, only.created_at) == ("zone_approach:123", IN_TEN_MINUTES, T0)


@pytest.mark.parametrize(
    ("kind", "interval_s", "ends_at"),
    [
        (CommandKind.SET_INTERVAL, None, None),
        (CommandKind.SET_INTERVAL, 0, None),
        (CommandKind.LOCATE, 15, None),
        (CommandKind.LOCATE, None, IN_TEN_MINUTES),
    ],
)
def test_what_makes_no_sense_is_not_written(
    world: World, him: Person, kind: CommandKind, interval_s: int | None, ends_at: object
) -> None:
    request = request_locate if kind is CommandKind.LOCATE else request_interval
    with pytest.raises(IntegrityError), transaction(world.engine) as session:
        request(session, wish(world, him, "k", interval_s=interval_s, ends_at=ends_at), T0)


def test_what_is_due_is_claimed_once_with_all_a_sender_needs(world: World, him: Person) -> None:
    until = T0 + timedelta(minutes=30)
    first, second = ask(world, him, "a", ends_at=until), locate(world, him, "b")
    world.clock.forward(0.5)
    assert claim(world) == [
        DueCommand(first or 0, him.device_uid, CommandKind.SET_INTERVAL, 15, until, 600),
        DueCommand(second or 0, him.device_uid, CommandKind.LOCATE, None, None, 600),
    ]
    assert claim(world) == []
    assert row(world, first).state == "sending"


def test_a_sent_command_says_when_and_is_done(world: World, him: Person) -> None:
    command_id = locate(world, him, "k")
    (due,) = claim(world)
    world.clock.forward(1)
    for _ in range(2):
        assert claim(world, Outcome(due.id, None)) == []
        world.clock.forward(3600)
    sent = row(world, command_id)
    assert (sent.state, sent.attempts, sent.claimed_at) == ("sent", 1, None)
    assert sent.sent_at == T0 + timedelta(seconds=1)


def test_a_newer_interval_takes_the_place_of_those_not_sent(world: World, him: Person) -> None:
    other = world.person()
    old, older = ask(world, him, "a", 15), ask(world, him, "b", 10)
    place, neighbours = locate(world, him, "c"), ask(world, other, "d", 20)
    newest = ask(world, him, "e", 60)
    assert ids(claim(world)) == [place, neighbours, newest]
    for command_id in (old, older):
        retired = row(world, command_id)
        assert (retired.state, retired.superseded_by_id) == ("superseded", newest)


def test_a_sent_interval_stays_sent_when_a_newer_one_comes(world: World, him: Person) -> None:
    first = ask(world, him, "a")
    (due,) = claim(world)
    second = ask(world, him, "b")
    assert ids(claim(world, Outcome(due.id, None))) == [second]
    assert row(world, first).state == "sent"


def test_one_under_way_is_not_retired_before_its_claim_lapses_but_then_never_sent_again(
    world: World, him: Person
) -> None:
    first = ask(world, him, "a")
    claim(world)
    second = ask(world, him, "b")
    assert ids(claim(world)) == [second]
    assert row(world, first).state == "sending"
    world.clock.now += CLAIM_LASTS + timedelta(seconds=1)
    assert ids(claim(world)) == [second]
    assert row(world, first).state == "superseded"


def test_one_that_went_out_after_all_says_so_though_it_was_retired(
    world: World, him: Person
) -> None:
    first = ask(world, him, "a")
    claim(world)
    ask(world, him, "b")
    world.clock.now += CLAIM_LASTS + timedelta(seconds=1)
    claim(world)
    claim(world, Outcome(first or 0, None))
    assert (row(world, first).state, row(world, first).superseded_by_id) == ("sent", None)


def test_what_could_not_be_sent_in_time_expires(world: World, him: Person) -> None:
    command_id = locate(world, him, "k", expires_at=T0 + timedelta(seconds=60))
    claim(world)
    claim(world, Outcome(command_id or 0, "no_listener"))
    world.clock.forward(60)
    assert claim(world) == []
    gone = row(world, command_id)
    assert (gone.state, gone.last_error, gone.attempts) == ("expired", "no_listener", 1)
    world.clock.forward(3600)
    assert claim(world) == []


def test_a_claim_whose_process_died_lapses_and_the_same_id_is_claimed_again(
    world: World, him: Person
) -> None:
    command_id = locate(world, him, "k")
    assert ids(claim(world)) == [command_id]
    world.clock.now += CLAIM_LASTS
    assert claim(world) == []
    world.clock.forward(1)
    assert ids(world.another_worker().exchange_commands([], 10)) == [command_id]
    assert row(world, command_id).attempts == 2


def test_what_the_broker_did_not_take_is_tried_again_later_and_later(
    world: World, him: Person
) -> None:
    command_id = locate(world, him, "k", expires_at=T0 + timedelta(days=1))
    for wait_s in (5, 10, 20, 40, 80, 160, 300, 300):
        assert ids(claim(world)) == [command_id]
        assert claim(world, Outcome(command_id or 0, "no_listener")) == []
        world.clock.forward(wait_s - 1)
        assert claim(world) == []
        world.clock.forward(1)
    assert row(world, command_id).last_error == "no_listener"


def test_what_was_never_tried_goes_before_what_failed_before(world: World, him: Person) -> None:
    failed = [locate(world, him, f"failed {number}") for number in range(5)]
    claim(world)
    claim(world, *[Outcome(one or 0, "no_listener") for one in failed])
    world.clock.forward(6)
    fresh = locate(world, him, "fresh")
    assert ids(claim(world, most=1)) == [fresh]
    assert ids(claim(world, most=3)) == failed[:3]
    assert claim(world, most=0) == []


def test_any_number_of_processes_claim_each_command_once(world: World, him: Person) -> None:
    for number in range(60):
        locate(world, him, f"k{number}")

    def drain(_worker: int) -> list[int]:
        monitor, mine = world.another_worker(), list[int]()
        while due := monitor.exchange_commands([Outcome(one, None) for one in mine], 3):
            mine += ids(due)
        return mine

    with ThreadPoolExecutor(4) as pool:
        claimed = [one for mine in pool.map(drain, range(4)) for one in mine]
    assert len(claimed) == 60
    assert set(Counter(claimed).values()) == {1}
    assert world.one("SELECT count(*) FROM device_command WHERE state = 'sent'") == 60
