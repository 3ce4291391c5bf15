"""One message on its way in: what came, what is believable, and the rows that it leaves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from msgspec import Raw

from ingest.payload.values import UNREADABLE, instant_us, nonsense
from ingest.quality import FLAWS, flaw
from supervision.core.errors import Rejected
from supervision.core.fixes import Decoded, DeviceEvent, EventKind, Fix, RejectedPing

KEPT_BYTES = 4096
"""How much of a rejected message is kept for a person to look at."""

_TOPIC_CHARS = 512


class RawMessage(NamedTuple):
    """A message as the broker handed it over, not looked into.

    `is_retained` is true only for a copy that the broker kept and replays to a new
    subscription; a live delivery of a message marked "retain" comes without it.
    """

    topic: str
    payload: bytes
    received_at_us: int
    is_retained: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """What an installation accepts at all (`core.settings` has the values).

    Attributes:
        max_payload_bytes: A larger message is rejected unread.
        max_fix_age_us: A fix this long before its receipt is still believed.
        max_fix_ahead_us: A fix this far ahead of its receipt is still believed.
    """

    max_payload_bytes: int
    max_fix_age_us: int
    max_fix_ahead_us: int


@dataclass(slots=True)
class Reading:
    """A message being read; the readers of each format append to `out` through it.

    `device_uid` is None until the topic or the body has named a device.
    """

    message: RawMessage
    limits: Limits
    out: Decoded
    device_uid: str | None = None

    @property
    def device(self) -> str:
        """The device's name.

        Raises:
            Rejected: Nothing has named it.
        """
        if self.device_uid is None:
            raise Rejected("device_uid_invalid", "The message names no device.")
        return self.device_uid

    def believed(self, fix: Fix) -> Fix:
        """Hand the fix back if it can be true.

        Raises:
            Rejected: With the slug that `ingest.quality.flaw` gives.
        """
        received_at_us = self.message.received_at_us
        found = flaw(
            fix.lon,
            fix.lat,
            fix.accuracy_m,
            fix.fixed_at_us,
            received_at_us - self.limits.max_fix_age_us,
            received_at_us + self.limits.max_fix_ahead_us,
        )
        if found is not None:
            raise Rejected(found, FLAWS[found])
        return fix

    def believed_us(self, stated: object) -> int | None:
        """Read an instant that matters less than a fix's: None if unreadable or unbelievable."""
        instant = None if stated is None else instant_us(stated)
        if instant is None:
            return None
        since_us = self.message.received_at_us - instant
        is_near = -self.limits.max_fix_ahead_us <= since_us <= self.limits.max_fix_age_us
        return instant if is_near else None

    def add_event(
        self,
        kind: EventKind,
        stated_at: object,
        detail: dict[str, Any],
        claim: tuple[str | None, int | None] = (None, None),
    ) -> None:
        """Add a device's event; one with an impossible time is kept, at the time of receipt.

        A tracker that was opened or ran empty wakes in 1970, and "strap cut" must not be lost
        over its clock: `detail` then says `is_time_replaced`.
        """
        occurred_at_us = self.believed_us(stated_at)
        if occurred_at_us is None:
            occurred_at_us = self.message.received_at_us
            if stated_at is not None:
                detail = {**detail, "is_time_replaced": True}
        event = DeviceEvent(
            self.device, *claim, kind, occurred_at_us, self.message.received_at_us, detail
        )
        self.out.events.append(event)

    def read_each(
        self, parts: Sequence[Raw], read_one: Callable[["Reading", int, bytes], None]
    ) -> None:
        """Read every part of a message; a part that makes no sense is rejected by itself."""
        for index, part in enumerate(parts):
            raw = bytes(part)
            try:
                read_one(self, index, raw)
            except Rejected as rejected:
                self.reject(rejected.reason, f"Part {index}: {rejected.message}", raw)
            except UNREADABLE as unreadable:
                self.reject(nonsense(unreadable).reason, f"Part {index}: {unreadable}.", raw)

    def reject(self, reason: str, detail: str, part: bytes | None = None) -> None:
        """Leave a row for the message, or for the one part of it, that was not believed."""
        self._leave(reason, detail, part, is_ignored=False)

    def ignore(self, reason: str, detail: str, part: bytes | None = None) -> None:
        """Leave a row for something well formed and of no interest to supervision."""
        self._leave(reason, detail, part, is_ignored=True)

    def _leave(self, reason: str, detail: str, part: bytes | None, *, is_ignored: bool) -> None:
        payload = (self.message.payload if part is None else part)[:KEPT_BYTES]
        topic = self.message.topic[:_TOPIC_CHARS].replace("\x00", "")
        topic = topic.encode("utf-8", "replace").decode()
        self.out.rejected.append(
            RejectedPing(
                topic,
                self.device_uid,
                reason,
                detail,
                payload,
                self.message.received_at_us,
                is_ignored,
            )
        )
