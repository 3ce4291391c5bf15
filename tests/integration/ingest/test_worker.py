"""The loop between broker and database: nothing acknowledged is lost, nothing stalls unseen."""

import json
import threading
from collections import Counter

import pytest

from ingest.store import DeviceAck
from ingest.worker import BatchSize, Worker
from supervision.core.errors import Broken
from supervision.core.fixes import Decoded
from supervision.stack.mosquitto import PrivateMosquitto
from tests.ingest_rig import (
    ACCEPT_ALL,
    PROTOCOLS,
    Keeper,
    Publisher,
    address_of,
    feeding,
    fixes_message,
    once_each,
    publish_numbered,
    until,
    working,
)

PROTOCOL = pytest.mark.parametrize("protocol", PROTOCOLS)


@PROTOCOL
def test_everything_is_stored_once_in_batches(
    broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    keeper = Keeper()
    with feeding(address_of(broker_of_its_own, protocol=protocol)) as feed:
        publish_numbered(broker_of_its_own, 1, 1000)
        until(lambda: feed._queue.qsize() == 1000)
        with working(feed, keeper) as worker:
            until(lambda: worker.stored_messages == 1000)
    assert keeper.kept == once_each(1, 1000)
    assert keeper.batches == [500, 500]


@PROTOCOL
def test_a_database_that_is_away_delays_and_loses_nothing(
    broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    keeper = Keeper(away_for=3)
    with feeding(address_of(broker_of_its_own, protocol=protocol)) as feed:
        publish_numbered(broker_of_its_own, 1, 100)
        with working(feed, keeper) as worker:
            until(lambda: keeper.away_for == 0)
            assert worker.stored_messages == 0
            until(lambda: worker.stored_messages == 100)
    assert keeper.kept == once_each(1, 100)


@PROTOCOL
def test_what_was_not_stored_when_a_worker_stops_comes_to_its_next_life(
    broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    address = address_of(broker_of_its_own, protocol=protocol)
    absent, present = Keeper(away_for=1_000_000), Keeper()
    with feeding(address) as feed:
        publish_numbered(broker_of_its_own, 1, 100)
        with working(feed, absent) as worker:
            until(lambda: absent.away_for < 1_000_000)
        assert worker.stored_messages == 0
    with feeding(address) as feed, working(feed, present):
        until(lambda: set(present.kept) == set(range(1, 101)))


@PROTOCOL
def test_one_poisonous_message_is_set_aside_whole_and_the_rest_is_stored(
    broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    address = address_of(broker_of_its_own, protocol=protocol)
    keeper = Keeper(chokes_on=frozenset({17}))
    with feeding(address) as feed:
        publish_numbered(broker_of_its_own, 1, 200)
        with working(feed, keeper) as worker:
            until(lambda: worker.stored_messages == 200)
    assert keeper.kept == once_each(1, 200) - Counter([17])
    assert keeper.rejected == {"not_storable": 1}
    assert json.loads(keeper.payloads[0])["seq"] == 17
    again = Keeper()
    with feeding(address) as feed, working(feed, again) as worker:
        publish_numbered(broker_of_its_own, 300, 300)
        until(lambda: again.kept[300] == 1)
    assert 17 not in again.kept, "it does not come round again"


def test_the_poisonous_one_is_found_by_halves_not_one_by_one(
    broker_of_its_own: PrivateMosquitto,
) -> None:
    keeper = Keeper(chokes_on=frozenset({400}))
    with feeding(address_of(broker_of_its_own)) as feed:
        publish_numbered(broker_of_its_own, 1, 500)
        until(lambda: feed._queue.qsize() == 500)
        with working(feed, keeper) as worker:
            until(lambda: worker.stored_messages == 500)
    assert len(keeper.batches) < 20


def test_a_message_that_fails_once_for_another_reason_is_not_rejected(
    broker_of_its_own: PrivateMosquitto,
) -> None:
    keeper = Keeper(hiccups=Counter({1: 2}))
    with feeding(address_of(broker_of_its_own)) as feed:
        publish_numbered(broker_of_its_own, 1, 1)
        with working(feed, keeper) as worker:
            until(lambda: worker.stored_messages == 1)
    assert keeper.kept == once_each(1, 1)
    assert not keeper.rejected


def test_a_database_that_goes_while_a_message_is_set_aside_loses_nothing(
    broker_of_its_own: PrivateMosquitto,
) -> None:
    keeper = Keeper(chokes_on=frozenset({1}), is_away_to_rejections=True)
    with feeding(address_of(broker_of_its_own)) as feed:
        publish_numbered(broker_of_its_own, 1, 1)
        with working(feed, keeper) as worker:
            until(lambda: worker.stored_messages == 1)
    assert keeper.rejected == {"not_storable": 1}


def test_a_message_that_cannot_even_be_set_aside_ends_the_worker_and_is_kept(
    broker_of_its_own: PrivateMosquitto,
) -> None:
    def broken(_decoded: Decoded) -> list[DeviceAck]:
        raise ZeroDivisionError

    keeper, address = Keeper(), address_of(broker_of_its_own)
    with feeding(address) as feed:
        publish_numbered(broker_of_its_own, 1, 1)
        worker = Worker(feed, broken, ACCEPT_ALL, BatchSize(500, 0.02))
        with pytest.raises(Broken):
            worker.run(threading.Event(), lambda: None)
    with feeding(address) as feed, working(feed, keeper):
        until(lambda: keeper.kept[1] == 1)


def test_an_error_in_the_log_says_where_in_the_code_and_nothing_of_the_data(
    broker_of_its_own: PrivateMosquitto, capsys: pytest.CaptureFixture[str]
) -> None:
    def handle(decoded: Decoded) -> list[DeviceAck]:
        if decoded.fixes:
            raise ValueError(str(decoded.fixes[0].lon))
        return []

    lon_deg = 12.3456789
    fix = {"t": 1.79e9, "lat": 1.0, "lon": lon_deg}
    with feeding(address_of(broker_of_its_own)) as feed:
        with Publisher(broker_of_its_own) as trackers:
            trackers.send_all([fixes_message("dev-1", {"fixes": [fix]})])
        with working(feed, handle) as worker:
            until(lambda: worker.stored_messages == 1)
    said = capsys.readouterr().out
    assert "batch_failed" in said
    assert "ValueError" in said
    assert str(lon_deg) not in said
