"""What a device said, as values that every room understands: fixes, events, rejections.

Angles are degrees on WGS 84, longitude first; instants are whole microseconds since 1970 UTC
(`_us`), because batches live in numpy arrays; unknown numbers are NaN in arrays.
"""

from dataclasses import dataclass, fields
from enum import IntEnum, StrEnum
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


# How long before a zone is armed a fix may lie and still count at that moment. The geofence
# carries it and ingest reads it back, so both must mean the same stretch.
CARRY_US = 24 * 3600 * 1_000_000
# A fix whose 68 % radius is larger does not say where somebody is. The geofence lets no way begin
# at it and no silence end; ingest looks for the last one that can tell.
TELLING_M = 300.0


class Source(IntEnum):
    """How a fix was found; the number is what the database keeps.

    `PHONE`: shared by the person's own phone at a check-in; no device may call its fixes so.
    """

    UNKNOWN = 0
    GPS = 1
    WIFI = 2
    CELL = 3
    RF = 4
    BLE = 5
    PHONE = 6


class Fix(NamedTuple):
    """A located ping as decoded; not yet known whose it is.

    `part` is its place in its message; `extra` is what the sender said beyond our fields; `raw` is
    the fix as sent, byte for byte.
    """

    device_uid: str
    session: str | None
    seq: int | None
    part: int
    fixed_at_us: int
    sent_at_us: int | None
    received_at_us: int
    lon: float
    lat: float
    accuracy_m: float | None
    source: Source
    speed_mps: float | None = None
    course_deg: float | None = None
    altitude_m: float | None = None
    battery_pct: float | None = None
    satellites: int | None = None
    hdop: float | None = None
    extra: dict[str, Any] | None = None
    raw: bytes = b""


class EventKind(StrEnum):
    """What a device can report beside fixes (the MQTT contract's event names)."""

    STRAP_CUT = "strap_cut"
    STRAP_RESTORED = "strap_restored"
    CASE_OPEN = "case_open"
    BATTERY_LOW = "battery_low"
    BATTERY_CRITICAL = "battery_critical"
    CHARGING = "charging"
    JAMMING = "jamming"
    SHIELDING = "shielding"
    NO_FIX = "no_fix"
    MOTION = "motion"
    BUTTON = "button"
    HOME_UNIT_IN_RANGE = "home_unit_in_range"
    HOME_UNIT_OUT_OF_RANGE = "home_unit_out_of_range"
    CONNECTION_LOST = "connection_lost"
    CONNECTED = "connected"
    REGION_TRANSITION = "region_transition"


class DeviceEvent(NamedTuple):
    """Something a device reported that is not a fix."""

    device_uid: str
    session: str | None
    seq: int | None
    kind: EventKind
    occurred_at_us: int
    received_at_us: int
    detail: dict[str, Any]


class Receipt(NamedTuple):
    """A message of a device session that is now ours: what the device ack counts.

    `wants_ack` is the message's own request to be answered at once.
    """

    device_uid: str
    session: str
    seq: int
    wants_ack: bool


class RejectedPing(NamedTuple):
    """A message, or one fix of it, that was not believed; `payload` is the raw bytes, cut short.

    `is_ignored` marks kinds that are well formed and of no interest (a contact card, say).
    """

    topic: str
    device_uid: str | None
    reason: str
    detail: str
    payload: bytes
    received_at_us: int
    is_ignored: bool = False


@dataclass(frozen=True, slots=True)
class Decoded:
    """All that a batch of messages came to. Every message left at least one row in here."""

    fixes: list[Fix]
    events: list[DeviceEvent]
    receipts: list[Receipt]
    rejected: list[RejectedPing]


@dataclass(frozen=True, slots=True)
class LocatedFixes:
    """Stored fixes of known people, as parallel arrays of one length, in any order.

    Attributes:
        position_id: The stored row.
        supervisee_id: Whose fix it is.
        fixed_at_us: When the position was true.
        received_at_us: When it reached us.
        lon: Degrees east.
        lat: Degrees north.
        accuracy_m: Stated 68 % radius; NaN where the device gave none.
        source: `Source` numbers.
    """

    position_id: Ints
    supervisee_id: Ints
    fixed_at_us: Ints
    received_at_us: Ints
    lon: Floats
    lat: Floats
    accuracy_m: Floats
    source: Ints

    @classmethod
    def none(cls) -> "LocatedFixes":
        """No fixes at all."""
        ids, degrees = np.empty(0, np.int64), np.empty(0, np.float64)
        return cls(ids, ids, ids, ids, degrees, degrees, degrees, ids)

    def __len__(self) -> int:
        """How many fixes."""
        return len(self.position_id)

    def followed_by(self, others: "LocatedFixes") -> "LocatedFixes":
        """These fixes and then those."""
        columns = [
            np.concatenate([getattr(self, one.name), getattr(others, one.name)])
            for one in fields(self)
        ]
        return LocatedFixes(*columns)

    def by_person(self) -> dict[int, "LocatedFixes"]:
        """Each person's fixes, in the order they have here."""
        in_line = np.argsort(self.supervisee_id, kind="stable")
        people, first = np.unique(self.supervisee_id[in_line], return_index=True)
        parts = np.split(in_line, first[1:])
        return {
            person: self.take(part) for person, part in zip(people.tolist(), parts, strict=False)
        }

    def take(self, which: Ints | Bools) -> "LocatedFixes":
        """The fixes at these places, in that order."""
        return LocatedFixes(
            self.position_id[which],
            self.supervisee_id[which],
            self.fixed_at_us[which],
            self.received_at_us[which],
            self.lon[which],
            self.lat[which],
            self.accuracy_m[which],
            self.source[which],
        )
