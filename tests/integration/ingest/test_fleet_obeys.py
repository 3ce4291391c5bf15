"""A fleet hears commands from a real broker, and those of its devices that can obey do."""

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import msgspec
import pytest

from ingest.payload.contract import Locate, SetInterval
from ingest.simulator.devices import SimDevice
from ingest.simulator.fleet import Fleet, Options
from ingest.simulator.pings import Ping
from ingest.simulator.truth import SimZone
from supervision.stack.mosquitto import PrivateMosquitto
from tests.ingest_rig import until
from tests.integration.ingest.fleet_backend import (
    DEADLINE_S,
    Backend,
    a_backend,
    some_pings,
    way_to,
)

ZONE = SimZone(-122.08, 37.4, 200.0)
SLOW = Options(speedup=30.0, resend_after_s=60.0, drain_s=0.5)


class Run:
    """A fleet at work in a thread, and who sent what beside his plan."""

    def __init__(
        self, broker: PrivateMosquitto, backend: Backend, *devices: SimDevice, protocol: str = "5"
    ) -> None:
        self.asked: Counter[str] = Counter()
        self._backend = backend
        streams: dict[str, Iterable[Ping]] = {one.device_uid: one.pings() for one in devices}
        deaf = some_pings(1, devices=1)
        self.deaf_uid = next(iter(deaf))
        self.fleet = Fleet(
            {**streams, **deaf},
            way_to(broker, protocol),
            SLOW,
            on_sent=lambda ping, _: self._note(ping),
        )

    def tell(self, device_uid: str, command: Locate | SetInterval) -> None:
        self.say(device_uid, msgspec.json.encode(command))

    def say(self, device_uid: str, payload: bytes) -> None:
        self._backend.publish(f"supervision/v1/{device_uid}/commands", payload)

    def _note(self, ping: Ping) -> None:
        self.asked[ping.device_uid] += bool(ping.session and ping.session.endswith("-asked"))


@contextmanager
def running(broker: PrivateMosquitto, *devices: SimDevice, protocol: str = "5") -> Iterator[Run]:
    with a_backend(broker) as backend, ThreadPoolExecutor(1) as thread:
        run = Run(broker, backend, *devices, protocol=protocol)
        result = thread.submit(run.fleet.run, DEADLINE_S)
        begun = {device.device_uid for device in devices}
        backend.wait_for(lambda: begun <= {uid for uid, _ in backend.stored()})
        yield run
        run.fleet.stop()
        report = result.result(DEADLINE_S)
        assert report.asked == run.asked.total()
        assert report.unacked == 0


def a_tracker(index: int) -> SimDevice:
    """All tests share the broker: give each its own."""
    return SimDevice(index, "silence", ZONE, 1, 60.0, 1_790_000_000.0)


@pytest.mark.parametrize(("protocol", "first"), [("5", 7000), ("3.1.1", 7010)])
def test_a_device_sends_more_while_it_is_told_to_and_its_neighbour_does_not(
    broker: PrivateMosquitto, protocol: str, first: int
) -> None:
    he, other = a_tracker(first), a_tracker(first + 1)
    with running(broker, he, other, protocol=protocol) as run:
        run.tell(he.device_uid, SetInterval(1, 10))
        until(lambda: run.asked[he.device_uid] >= 3)
        run.tell(he.device_uid, SetInterval(2, 60))
        run.tell(other.device_uid, Locate(3))
        until(lambda: run.asked[other.device_uid] == 1)
        so_far = run.asked[he.device_uid]
    assert run.asked == {he.device_uid: so_far, other.device_uid: 1, run.deaf_uid: 0}


def test_a_command_repeated_is_obeyed_once(broker: PrivateMosquitto) -> None:
    he = a_tracker(7020)
    with running(broker, he) as run:
        for command_id, count in ((4, 1), (9, 2)):
            for _ in range(3):
                run.tell(he.device_uid, Locate(command_id))
            until(lambda count=count: run.asked[he.device_uid] == count)  # type: ignore[misc]
    assert run.asked[he.device_uid] == 2


def test_a_command_that_makes_no_sense_or_is_for_nobody_here_harms_nothing(
    broker: PrivateMosquitto,
) -> None:
    he = a_tracker(7030)
    with running(broker, he) as run:
        for payload in (b"\xff", b"[]", b'{"id":1,"command":"explode"}', b'{"id":0}'):
            run.say(he.device_uid, payload)
        run.tell(run.deaf_uid, Locate(1))
        run.tell("somebody-else", Locate(1))
        run.tell(he.device_uid, Locate(2))
        until(lambda: run.asked[he.device_uid] == 1)
        assert run.fleet.report().misread == 4
    assert run.asked[run.deaf_uid] == 0
