"""Commands on their way: from the outbox through a real broker to a device, and back to the row."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event

import pytest

from ingest.delivery import CommandDelivery, write
from ingest.mqtt import HANDED_OVER_MOST
from ingest.store import CommandKind, DueCommand, Outcome
from ingest.worker import BatchSize, Worker
from supervision.stack.mosquitto import PrivateMosquitto
from tests.harness import Person, World
from tests.ingest_rig import (
    ACCEPT_ALL,
    WAIT_S,
    Publisher,
    address_of,
    feeding,
    fixes_message,
    until,
)
from tests.integration.ingest.delivering import (
    PROTOCOL,
    ask,
    delivering,
    locate,
    settle,
    state,
    tracker_of,
)

pytestmark = pytest.mark.usefixtures("looked_for_at_once")


@PROTOCOL
def test_a_device_hears_what_it_is_to_do_and_nothing_else(
    world: World, him: Person, broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    ends_at = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
    tracker = tracker_of(him, broker_of_its_own, protocol)
    with tracker.awake(), delivering(world, broker_of_its_own, protocol) as (deliver, _):
        asked = [ask(world, him, 15, ends_at=ends_at)]
        deliver()
        asked += [ask(world, him, 60)]
        deliver()
        asked += [locate(world, him)]
        settle(deliver, lambda: {state(world, one) for one in asked} == {("sent", 1, None)})
        fast, slow, place = asked
        assert [tracker.hear() for _ in range(3)] == [
            b'{"command":"set_interval","id":%d,"interval_s":15,"until":"2030-01-02T03:04:05Z"}'
            % fast,
            b'{"command":"set_interval","id":%d,"interval_s":60}' % slow,
            b'{"command":"locate","id":%d}' % place,
        ]
        assert tracker.heard.empty()


@PROTOCOL
def test_a_device_that_is_away_hears_it_when_it_is_back(
    world: World, him: Person, broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    tracker = tracker_of(him, broker_of_its_own, protocol)
    with tracker.awake():
        assert not tracker.is_known
    with delivering(world, broker_of_its_own, protocol) as (deliver, _):
        command_id = locate(world, him)
        settle(deliver, lambda: state(world, command_id)[0] == "sent")
    broker_of_its_own.restart()
    with tracker.awake():
        assert tracker.is_known
        assert b"locate" in tracker.hear()


def test_by_mqtt_5_a_device_that_is_away_too_long_does_not_hear_it(
    world: World, him: Person, broker_of_its_own: PrivateMosquitto
) -> None:
    tracker = tracker_of(him, broker_of_its_own, "5")
    with tracker.awake():
        pass
    with delivering(world, broker_of_its_own, "5") as (deliver, _):
        brief = locate(world, him, "brief", lasts_s=2)
        settle(deliver, lambda: state(world, brief)[0] == "sent")
        lasting = locate(world, him, "lasting")
        settle(deliver, lambda: state(world, lasting)[0] == "sent")
        Event().wait(3.0)
    with tracker.awake():
        assert tracker.hear() == b'{"command":"locate","id":%d}' % lasting
        assert tracker.heard.empty()


def test_by_mqtt_5_one_that_nobody_listens_for_is_tried_again_until_somebody_does(
    world: World, him: Person, broker_of_its_own: PrivateMosquitto
) -> None:
    tracker = tracker_of(him, broker_of_its_own, "5")
    with delivering(world, broker_of_its_own, "5") as (deliver, _):
        command_id = locate(world, him)
        nobody = "No matching subscribers"
        settle(deliver, lambda: state(world, command_id) == ("pending", 1, nobody))
        with tracker.awake():
            world.clock.forward(6)
            settle(deliver, lambda: state(world, command_id) == ("sent", 2, nobody))
            assert b"locate" in tracker.hear()


def test_a_thousand_commands_are_handed_over_a_window_at_a_time(
    him: Person, broker_of_its_own: PrivateMosquitto
) -> None:
    asked: list[int] = []

    def exchange(_outcomes: Sequence[Outcome], most: int) -> list[DueCommand]:
        asked.append(most)
        first = sum(asked[:-1])
        return [
            DueCommand(number + 1, him.device_uid, CommandKind.LOCATE, None, None, 600)
            for number in range(first, min(first + most, 1000))
        ]

    tracker = tracker_of(him, broker_of_its_own, "5")
    with tracker.awake(), feeding(address_of(broker_of_its_own)) as feed:
        deliver = CommandDelivery(feed, exchange)
        settle(deliver, lambda: tracker.heard.qsize() == 1000)
    assert max(asked) == HANDED_OVER_MOST
    assert [tracker.hear() for _ in range(1000)] == [
        b'{"command":"locate","id":%d}' % number for number in range(1, 1001)
    ]


def test_pings_and_their_acks_go_on_beside_commands(
    world: World, him: Person, broker_of_its_own: PrivateMosquitto
) -> None:
    tracker, stop = tracker_of(him, broker_of_its_own, "5"), Event()
    began_s = round(world.clock().timestamp()) - 1000
    with (
        tracker.awake(),
        delivering(world, broker_of_its_own, "5") as (deliver, feed),
        Publisher(broker_of_its_own) as trackers,
        ThreadPoolExecutor(1) as thread,
    ):
        worker = Worker(feed, world.monitor.on_messages, ACCEPT_ALL, BatchSize(50, 0.02))
        working = thread.submit(worker.run, stop, deliver)
        trackers.listen(f"supervision/v1/{him.device_uid}/ack")
        asked = []
        for seq in range(1, 301):
            fix = {"t": began_s + seq, "lat": 1.0, "lon": 2.0, "accuracy_m": 5}
            body = {"session": "s", "seq": seq, "ack": True, "fixes": [fix]}
            trackers.send(*fixes_message(him.device_uid, body))
            if seq % 15 == 0:
                asked.append(locate(world, him, f"k{seq}"))
        while trackers.hear()["stored_up_to"] < 300:
            pass
        until(lambda: {state(world, one) for one in asked} == {("sent", 1, None)})
        stop.set()
        working.result(WAIT_S)
    assert [tracker.hear() for _ in asked] == [
        b'{"command":"locate","id":%d}' % one for one in asked
    ]
    assert worker.stored_messages == 300


def due(uid: str, interval_s: int | None) -> DueCommand:
    kind = CommandKind.LOCATE if interval_s is None else CommandKind.SET_INTERVAL
    return DueCommand(7, uid, kind, interval_s, None, 600)


def test_a_phone_with_owntracks_can_be_located_and_told_no_interval() -> None:
    topic, payload = write(due("ann/phone", None)) or ("", b"")
    assert (topic, payload) == (
        "owntracks/ann/phone/cmd",
        b'{"_type":"cmd","action":"reportLocation"}',
    )
    assert write(due("ann/phone", 15)) is None


def test_an_interval_for_a_phone_is_put_back_with_the_reason(
    world: World, broker_of_its_own: PrivateMosquitto
) -> None:
    ann = world.person("ann/phone")
    with delivering(world, broker_of_its_own, "5") as (deliver, _):
        command_id = ask(world, ann, 15)
        settle(deliver, lambda: state(world, command_id) == ("pending", 1, "not_understood"))
