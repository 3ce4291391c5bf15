"""The agency's feed: every line of alert history has a number, in commit order, without a gap."""

import select
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from time import monotonic

import psycopg2
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from alerts.service import acknowledge, clear
from supervision.core.db import run_transaction, transaction
from tests.harness import World

Raise = Callable[..., int]
THREADS, EACH = 4, 15


def numbers(world: World) -> list[int]:
    return [row.seq for row in world.rows("SELECT seq FROM alert_event ORDER BY seq")]


def watch(world: World, stop: Event) -> list[list[int]]:
    """What a reader finds in the feed, again and again."""
    looks = []
    while not stop.is_set():
        looks.append(numbers(world))
    return looks


def test_whoever_reads_never_sees_a_later_line_before_an_earlier_one(
    world: World, raise_one: Raise
) -> None:
    def work(thread: int) -> None:
        for turn in range(EACH):
            raise_one(dedup_key=f"k:{thread}:{turn}")

    stop = Event()
    with ThreadPoolExecutor(THREADS + 1) as pool:
        looks = pool.submit(watch, world, stop)
        workers = [pool.submit(work, thread) for thread in range(THREADS)]
        for done in workers:
            done.result()
        stop.set()
    assert numbers(world) == list(range(1, THREADS * EACH + 1))
    assert all(look == list(range(1, len(look) + 1)) for look in looks.result())
    assert len({len(look) for look in looks.result()}) > 2, "the reader did read meanwhile"


def test_a_transaction_that_fails_leaves_no_gap(world: World, raise_one: Raise) -> None:
    raise_one()
    with pytest.raises(Exception, match="fk_alert"):
        raise_one(dedup_key="other", supervisee_id=999_999)
    raise_one(dedup_key="third")
    assert numbers(world) == [1, 2]


def test_the_feed_says_so_when_a_line_commits_and_not_before(
    world: World, raise_one: Raise
) -> None:
    connection = psycopg2.connect(world.database.engine_url.replace("+psycopg2", ""))
    connection.autocommit = True
    connection.cursor().execute("LISTEN alert_event")
    raise_one()
    with transaction(world.engine) as session:
        clear(session, world.agency_id, "zone_entry:1:stay:1", world.clock.now, world.clock.now)
        connection.poll()
        assert [one.payload for one in connection.notifies] == [f"{world.agency_id}:1"]
    select.select([connection], [], [], 5)
    connection.poll()
    assert connection.notifies[-1].payload == f"{world.agency_id}:2"
    connection.close()


def wait_until_one_waits_for_a_lock(world: World) -> None:
    deadline = monotonic() + 10
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    while world.one(waiting) == 0:
        assert monotonic() < deadline, "nobody waits"


def test_an_officer_and_a_batch_never_wait_for_each_other_in_a_circle(
    world: World, raise_one: Raise
) -> None:
    raise_one(dedup_key="first")
    alert_id = raise_one(dedup_key="second")
    tries = []

    def handle() -> None:
        def work(session: Session) -> None:
            tries.append(1)
            acknowledge(session, world.actor(), alert_id, world.clock.now)

        run_transaction(world.engine, work)

    with ThreadPoolExecutor(1) as pool:
        with transaction(world.engine) as session:
            clear(session, world.agency_id, "first", world.clock.now, world.clock.now)
            handled: Future[None] = pool.submit(handle)
            wait_until_one_waits_for_a_lock(world)
            session.execute(text("SET LOCAL lock_timeout = '5s'"))
            clear(session, world.agency_id, "second", world.clock.now, world.clock.now)
        handled.result(10)
    assert tries == [1]
    assert world.history(alert_id) == ["raised", "cleared", "acknowledged"]
