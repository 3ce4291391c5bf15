"""A database that is stopped, or cuts its sessions off, under a worker that is storing."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from supervision.core.clock import system_clock
from supervision.core.db import make_engine, migrate, transaction
from supervision.stack.mosquitto import PrivateMosquitto
from supervision.stack.postgres import DatabaseUrls, PrivatePostgres
from tests.harness import FakeClock, World
from tests.ingest_rig import Publisher, address_of, feeding, fixes_message, until, working


@pytest.fixture
def postgres_of_its_own(stack_folder: Path) -> Iterator[PrivatePostgres]:
    with PrivatePostgres(stack_folder / "postgres-of-its-own", is_throwaway=True) as server:
        server.create_database("own")
        migrate(server.urls("own").owner_url)
        yield server


def messages(device_uid: str, first: int, last: int) -> Iterator[tuple[str, bytes]]:
    began_s = round(system_clock().timestamp()) - 10_000
    for number in range(first, last + 1):
        fix = {"t": began_s + number, "lat": 1.0, "lon": 2.0, "accuracy_m": 5}
        yield fixes_message(device_uid, {"session": "s", "seq": number, "fixes": [fix]})


def stored(world: World) -> Counter[int]:
    return Counter(row.seq for row in world.rows("SELECT seq FROM position"))


def test_a_database_stopped_under_the_work_costs_nothing(
    postgres_of_its_own: PrivatePostgres, broker_of_its_own: PrivateMosquitto
) -> None:
    world = World(postgres_of_its_own.urls("own"), FakeClock(system_clock()))
    him = world.person()
    with (
        feeding(address_of(broker_of_its_own)) as feed,
        Publisher(broker_of_its_own) as trackers,
        working(feed, world.monitor.on_messages, most=50) as worker,
    ):
        for round_ in range(3):
            first = 2000 * round_ + 1
            trackers.send_all(messages(him.device_uid, first, first + 999))
            postgres_of_its_own.stop()
            trackers.send_all(messages(him.device_uid, first + 1000, first + 1999))
            postgres_of_its_own.start()
        until(lambda: worker.stored_messages >= 6000, 60)
    assert stored(world) == Counter(range(1, 6001))
    assert world.rows("SELECT reason FROM rejected_message") == []
    world.close()


# More often than a message that fails by itself is tried.
CUT_OFF_FOUR_TIMES = """
CREATE SEQUENCE cuts;
GRANT USAGE ON cuts TO supervision_engine;
CREATE FUNCTION cut_off() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF nextval('cuts') <= 4 THEN
        PERFORM pg_terminate_backend(pg_backend_pid());
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER cut_off BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION cut_off();
"""


@pytest.fixture
def world(database_of_its_own: DatabaseUrls) -> Iterator[World]:
    made = World(database_of_its_own)
    yield made
    made.close()


@pytest.mark.parametrize("most", [1, 50])
@pytest.mark.parametrize("table", ["position", "device_session"])
def test_a_session_cut_off_in_the_middle_is_waited_for_and_nothing_is_set_aside(
    world: World, broker_of_its_own: PrivateMosquitto, table: str, most: int
) -> None:
    him = world.person()
    owner = make_engine(world.database.owner_url)
    with transaction(owner) as session:
        session.execute(text(CUT_OFF_FOUR_TIMES.format(table=table)))
    owner.dispose()
    with (
        feeding(address_of(broker_of_its_own)) as feed,
        Publisher(broker_of_its_own) as trackers,
        working(feed, world.monitor.on_messages, most=most) as worker,
    ):
        trackers.send_all(messages(him.device_uid, 1, 20))
        until(lambda: worker.stored_messages == 20, 60)
    assert stored(world) == Counter(range(1, 21))
    assert world.rows("SELECT reason FROM rejected_message") == []
