"""Several workers at one broker, and a broker that goes away under them."""

import threading

import pytest

from ingest.store import DeviceAck
from supervision.core.fixes import Decoded
from supervision.stack.mosquitto import PrivateMosquitto
from tests.ingest_rig import (
    PROTOCOLS,
    WAIT_S,
    Keeper,
    address_of,
    feeding,
    joining,
    once_each,
    publish_numbered,
    until,
    working,
)

PROTOCOL = pytest.mark.parametrize("protocol", PROTOCOLS)


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
        publish_numbered(broker_of_its_own, 1, 1000)
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
        publish_numbered(broker_of_its_own, 1, 1000)
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
        publish_numbered(broker_of_its_own, 1, 600)
        until(lambda: feed._queue.qsize() == 600)
        with working(feed, slow):
            with joining(feed):
                broker_of_its_own.stop() if keeps_queue else broker_of_its_own.kill()
                until(lambda: not feed.is_connected)
                broker_of_its_own.start()
            may_go_on.set()
            publish_numbered(broker_of_its_own, 601, 1000)
            until(lambda: set(keeper.kept) == set(range(1, 1001)))
