"""A link to brokers that fall silent, played by a few bytes on a loopback socket."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Event

import pytest

from ingest.simulator import link as link_module
from ingest.simulator.link import Broker, Link
from supervision.core.errors import Unavailable

CONNACK, SUBACK_REFUSED, PUBACK_1 = (
    b"\x20\x02\x00\x00",
    b"\x90\x03\x00\x01\x80",
    b"\x40\x02\x00\x01",
)
NOTHING = b""


class Scripted:
    """A broker that answers the first packets of each connection by a script, then is silent."""

    def __init__(self, *connections: tuple[bytes, ...]) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._connections = connections
        self.accepted = 0

    @property
    def way(self) -> Broker:
        return Broker("127.0.0.1", self._server.getsockname()[1], protocol="3.1.1")

    def serve(self) -> None:
        with self._server, suppress(OSError):
            for answers in self._connections:
                client, _ = self._server.accept()
                self.accepted += 1
                self._converse(client, answers)

    @staticmethod
    def _converse(client: socket.socket, answers: tuple[bytes, ...]) -> None:
        with client:
            for answer in answers:
                if not client.recv(4096):
                    return
                client.sendall(answer)
            while client.recv(4096):
                pass


@contextmanager
def a_broker(*connections: tuple[bytes, ...]) -> Iterator[Scripted]:
    broker = Scripted(*connections)
    with ThreadPoolExecutor(1) as thread:
        serving = thread.submit(broker.serve)
        yield broker
        serving.result(10.0)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_module, "ANSWER_WITHIN_S", 0.3)


def turn_until_sent(link: Link) -> None:
    for _ in range(200):
        link.turn(0.05)
        if not link.in_flight:
            return


def test_a_broker_that_accepts_and_says_nothing_is_unavailable() -> None:
    with a_broker((NOTHING,)) as broker:
        link = Link(broker.way, "t", Event())
        with pytest.raises(Unavailable, match="no answer"):
            link.open()


def test_a_broker_that_lets_us_hear_no_acks_is_unavailable() -> None:
    with a_broker((CONNACK, SUBACK_REFUSED)) as broker:
        link = Link(broker.way, "t", Event(), "a/+/ack", print)
        with pytest.raises(Unavailable, match="acknowledgements"):
            link.open()


def test_a_broker_that_stops_answering_is_connected_to_anew_and_gets_the_message_again() -> None:
    with a_broker((CONNACK, NOTHING), (CONNACK, PUBACK_1)) as broker:
        link = Link(broker.way, "t", Event())
        link.open()
        link.publish("a/b", b"{}")
        turn_until_sent(link)
        link.close()
    assert broker.accepted == 2
    assert link.times_up == 2
    assert link.in_flight == 0


def test_a_link_takes_no_more_than_its_window() -> None:
    with a_broker((CONNACK,)) as broker:
        link = Link(broker.way, "t", Event())
        assert not link.has_room
        link.open()
        for _ in range(link_module.WINDOW):
            assert link.has_room
            link.publish("a/b", b"{}")
        assert not link.has_room
        link.close()


def test_waiting_for_a_lost_broker_ends_when_the_run_is_over() -> None:
    over = Event()
    with a_broker((CONNACK,)) as broker:
        link = Link(broker.way, "t", over)
        link.open()
        link.close()
    over.set()
    for _ in range(5):
        link.turn(60.0)
    assert not link.is_up
