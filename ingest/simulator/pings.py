"""The messages a simulated tracker sends, as the broker will carry them."""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from supervision.core.errors import Invalid

TOPIC = "supervision/v1/{device_uid}/{kind}"
NOT_IN_TOPICS = frozenset("/+#\0")

Wire = Mapping[str, float | int | str | None]
"""One fix as the contract spells it; None is left out."""
NOWHERE: Wire = MappingProxyType({})


class Ping(NamedTuple):
    """One message of one device, ready to be sent.

    Attributes:
        device_uid: Whose it is.
        topic: Where it goes.
        payload: The bytes, final.
        due_at_s: When it leaves the device, in seconds since the run's start.
        written_at_s: When the device wrote it; never after `due_at_s`.
        session: The device's session, None for a message that no ack can cover.
        seq: Its number within the session, from 1; None as `session`.
        is_lost: Whether the first sending is lost on the way; the device still keeps it.
    """

    device_uid: str
    topic: str
    payload: bytes
    due_at_s: float
    written_at_s: float
    session: str | None
    seq: int | None
    is_lost: bool = False

    def later(self, by_s: float) -> "Ping":
        """The same message, leaving later."""
        return self._replace(due_at_s=self.due_at_s + by_s)


class Writer:
    """Numbers and writes one device's messages within one session."""

    def __init__(self, device_uid: str, session: str) -> None:
        """Start at sequence number 1.

        Raises:
            Invalid: The id cannot be part of an MQTT topic.
        """
        if not device_uid or NOT_IN_TOPICS & set(device_uid):
            raise Invalid("A device id is not empty and has no slash, plus or hash sign.")
        self.device_uid = device_uid
        self.session = session
        self.last_seq = 0

    def fixes(self, at_s: float, fixes: Sequence[Wire]) -> Ping:
        """A message of one or more fixes, written and due at `at_s`."""
        body = [{key: value for key, value in fix.items() if value is not None} for fix in fixes]
        return self._write("fixes", at_s, {"fixes": body})

    def event(self, at_s: float, kind: str, t: float, place: Wire = NOWHERE) -> Ping:
        """A message of something other than a fix that happened at epoch second `t`.

        Args:
            at_s: When it is written and due.
            kind: As the contract names it.
            t: When it happened.
            place: `lon`, `lat` and `accuracy_m`, as far as the device says them.
        """
        said = {key: value for key, value in place.items() if value is not None}
        return self._write("events", at_s, {"events": [{"t": t, "kind": kind} | said]})

    def _write(self, kind: str, at_s: float, body: Mapping[str, object]) -> Ping:
        self.last_seq += 1
        head = {"session": self.session, "seq": self.last_seq, "ack": True}
        return Ping(
            device_uid=self.device_uid,
            topic=TOPIC.format(device_uid=self.device_uid, kind=kind),
            payload=msgspec.json.encode({**head, **body}),
            due_at_s=at_s,
            written_at_s=at_s,
            session=self.session,
            seq=self.last_seq,
        )


def in_due_order(pings: Iterable[Ping]) -> Iterator[Ping]:
    """Put pings that come in the order they were written into the order they leave.

    Only those written but not yet due are held, so a stream of any length can pass.
    """
    waiting: list[tuple[float, int, Ping]] = []
    for place, ping in enumerate(pings):
        while waiting and waiting[0][0] <= ping.written_at_s:
            yield heapq.heappop(waiting)[2]
        heapq.heappush(waiting, (ping.due_at_s, place, ping))
    while waiting:
        yield heapq.heappop(waiting)[2]
