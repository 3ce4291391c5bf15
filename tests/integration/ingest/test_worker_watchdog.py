"""A loop that no longer comes round is noticed; one that only waits is left alone."""

import threading

import pytest

from ingest.store import DeviceAck
from ingest.worker import BatchSize, Worker, watch
from supervision.core.fixes import Decoded
from supervision.stack.mosquitto import PrivateMosquitto
from tests.ingest_rig import (
    ACCEPT_ALL,
    PROTOCOLS,
    WAIT_S,
    Keeper,
    address_of,
    feeding,
    publish_numbered,
    until,
    working,
)

PROTOCOL = pytest.mark.parametrize("protocol", PROTOCOLS)


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
        publish_numbered(broker_of_its_own, 1, 1)
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
        publish_numbered(broker_of_its_own, 1, 1)
        until(lambda: worker.stored_messages == 1)
        stop.set()
        watchdog.join(WAIT_S)
    assert not noticed
