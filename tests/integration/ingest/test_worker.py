"""The loop between broker and database: nothing acknowledged is lost, nothing stalls unseen."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from ingest.store import DeviceAck
from ingest.worker import BatchSize, Worker, watch
from supervision.core.errors import Unavailable
from supervision.core.fixes import Decoded
from supervision.stack.mosquitto import PrivateMosquitto
from tests.ingest_rig import (
    ACCEPT_ALL,
    PROTOCOLS,
    WAIT_S,
    Publisher,
    address_of,
    feeding,
    fixes_message,
    until,
    working,
)

PROTOCOL = pytest.mark.parametrize("protocol", PROTOCOLS)


@dataclass
class Keeper:
    """A store in memory, which can be away or choke on some numbers."""

    away_for: int = 0
    chokes_on: frozenset[int] = frozenset()
    hiccups: Counter[int] = field(default_factory=Counter)
    kept: Counter[int] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    payloads: list[bytes] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)

    def __call__(self, decoded: Decoded) -> list[DeviceAck]:
        if self.away_for:
            self.away_for -= 1
            raise Unavailable
        numbers = [fix.seq or 0 for fix in decoded.fixes]
        for number in self.chokes_on.intersection(numbers):
            raise ZeroDivisionError(number)
        for number in numbers:
            if self.hiccups[number]:
                self.hiccups[number] -= 1
                raise ConnectionResetError
        self.batches.append(len(numbers))
        self.kept.update(numbers)
        self.rejected.update(one.reason for one in decoded.rejected)
        self.payloads += [one.payload for one in decoded.rejected]
        return []


def numbered(first: int, last: int, device_uid: str = "dev-1") -> list[tuple[str, bytes]]:
    return [
        fixes_message(
            device_uid,
            {"session": "s", "seq": number, "fixes": [{"t": 1.79e9, "lat": 1.0, "lon": 2.0}]},
        )
        for number in range(first, last + 1)
    ]


def once_each(first: int, last: int) -> Counter[int]:
    return Counter(range(first, last + 1))


@contextmanager
def publishing(broker: PrivateMosquitto, first: int, last: int) -> Iterator[None]:
    with Publisher(broker) as trackers:
        trackers.send_all(numbered(first, last))
    yield


def publish(broker: PrivateMosquitto, first: int, last: int) -> None:
    with publishing(broker, first, last):
        pass


@PROTOCOL
def test_everything_is_stored_once_in_batches(
    broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    keeper = Keeper()
    with feeding(address_of(broker_of_its_own, protocol=protocol)) as feed:
        publish(broker_of_its_own, 1, 1200)
        with working(feed, keeper) as worker:
            until(lambda: worker.stored_messages == 1200)
    assert keeper.kept == once_each(1, 1200)
    assert max(keeper.batches) == 500
    assert len(keeper.batches) < 30


@PROTOCOL
def test_a_database_that_is_away_delays_and_loses_nothing(
    broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    keeper = Keeper(away_for=3)
    with feeding(address_of(broker_of_its_own, protocol=protocol)) as feed:
        publish(broker_of_its_own, 1, 100)
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
        publish(broker_of_its_own, 1, 100)
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
        publish(broker_of_its_own, 1, 200)
        with working(feed, keeper) as worker:
            until(lambda: worker.stored_messages == 200)
    assert keeper.kept == once_each(1, 200) - Counter([17])
    assert keeper.rejected == {"not_storable": 1}
    assert json.loads(keeper.payloads[0])["seq"] == 17
    again = Keeper()
    with feeding(address) as feed, working(feed, again) as worker:
        publish(broker_of_its_own, 300, 300)
        until(lambda: again.kept[300] == 1)
    assert 17 not in again.kept, "it does not come round again"


def test_the_poisonous_one_is_found_by_halves_not_one_by_one(
    broker_of_its_own: PrivateMosquitto,
) -> None:
    keeper = Keeper(chokes_on=frozenset({400}))
    with feeding(address_of(broker_of_its_own)) as feed:
        publish(broker_of_its_own, 1, 500)
        until(lambda: feed._queue.qsize() == 500)
        with working(feed, keeper) as worker:
            until(lambda: worker.stored_messages == 500)
    assert len(keeper.batches) < 20


def test_a_message_that_fails_once_for_another_reason_is_not_rejected(
    broker_of_its_own: PrivateMosquitto,
) -> None:
    keeper = Keeper(hiccups=Counter({1: 2}))
    with feeding(address_of(broker_of_its_own)) as feed:
        publish(broker_of_its_own, 1, 1)
        with working(feed, keeper) as worker:
            until(lambda: worker.stored_messages == 1)
    assert keeper.kept == once_each(1, 1)
    assert not keeper.rejected


def test_a_database_that_goes_while_a_message_is_set_aside_loses_nothing(
    broker_of_its_own: PrivateMosquitto,
) -> None:
    keeper = Keeper(chokes_on=frozenset({1}))

    def handle(decoded: Decoded) -> list[DeviceAck]:
        if decoded.rejected and not keeper.rejected:
            keeper.away_for = max(0, keeper.away_for) or (3 if not keeper.batches else 0)
            keeper.batches.append(0)
        return keeper(decoded)

    with feeding(address_of(broker_of_its_own)) as feed:
        publish(broker_of_its_own, 1, 1)
        with working(feed, handle) as worker:
            until(lambda: worker.stored_messages == 1)
    assert keeper.rejected == {"not_storable": 1}


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


@PROTOCOL
def test_two_workers_share_the_work_and_every_message_is_stored_once(
    broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    one, other = Keeper(), Keeper()
    with (
        feeding(address_of(broker_of_its_own, "w1", protocol)) as first,
        feeding(address_of(broker_of_its_own, "w2", protocol)) as second,
        working(first, one),
        working(second, other),
    ):
        publish(broker_of_its_own, 1, 1000)
        until(lambda: one.kept.total() + other.kept.total() == 1000)
    assert one.kept + other.kept == once_each(1, 1000)
    assert one.kept.total() > 300
    assert other.kept.total() > 300


@PROTOCOL
def test_a_batch_larger_than_the_window_does_not_stall(
    broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    keeper = Keeper()
    address = address_of(broker_of_its_own, protocol=protocol, window=10)
    with feeding(address) as feed, working(feed, keeper, most=500) as worker:
        publish(broker_of_its_own, 1, 1000)
        until(lambda: worker.stored_messages == 1000)
    assert keeper.kept == once_each(1, 1000)
    assert max(keeper.batches) == 10


@PROTOCOL
@pytest.mark.parametrize("keeps_queue", [True, False], ids=["stopped", "killed"])
def test_a_broker_restarted_with_messages_in_hand_costs_none_of_them(
    broker_of_its_own: PrivateMosquitto, protocol: str, *, keeps_queue: bool
) -> None:
    keeper, may_go_on = Keeper(), threading.Event()

    def slow(decoded: Decoded) -> list[DeviceAck]:
        assert may_go_on.wait(WAIT_S)
        return keeper(decoded)

    with feeding(address_of(broker_of_its_own, protocol=protocol)) as feed:
        publish(broker_of_its_own, 1, 600)
        until(lambda: feed._queue.qsize() == 600)
        with working(feed, slow):
            broker_of_its_own.stop() if keeps_queue else broker_of_its_own.kill()
            until(lambda: not feed.is_connected)
            broker_of_its_own.start()
            until(lambda: feed.is_connected)
            may_go_on.set()
            publish(broker_of_its_own, 601, 1000)
            until(lambda: set(keeper.kept) == set(range(1, 1001)))


def test_a_stalled_worker_is_noticed_once_and_a_live_one_never(
    broker_of_its_own: PrivateMosquitto,
) -> None:
    stuck, stop, noticed = threading.Event(), threading.Event(), list[float]()

    def blocked(_decoded: Decoded) -> list[DeviceAck]:
        stuck.wait(WAIT_S)
        return []

    with feeding(address_of(broker_of_its_own)) as feed:
        worker = Worker(feed, blocked, ACCEPT_ALL, BatchSize(500, 0.02))
        loop = threading.Thread(target=worker.run, args=(stop, lambda: None))
        loop.start()
        watchdog = watch(worker, stop, 2.0, noticed.append)
        watchdog.join(3.0)
        assert not noticed, "an idle worker lives"
        publish(broker_of_its_own, 1, 1)
        watchdog.join(10.0)
        stuck.set()
        stop.set()
        loop.join(WAIT_S)
    assert len(noticed) == 1
    assert noticed[0] > 2.0


def test_waiting_for_the_database_is_not_a_stall(broker_of_its_own: PrivateMosquitto) -> None:
    stop, noticed = threading.Event(), list[float]()
    keeper = Keeper(away_for=4)
    with feeding(address_of(broker_of_its_own)) as feed, working(feed, keeper) as worker:
        watchdog = watch(worker, stop, 2.0, noticed.append)
        publish(broker_of_its_own, 1, 1)
        until(lambda: worker.stored_messages == 1)
        stop.set()
        watchdog.join(WAIT_S)
    assert not noticed
