"""What our own devices say about where they are.

Topic `supervision/v1/<device>/fixes`:

    {"session": str, "seq": int, "ack"?: bool, "sent_at"?: t, "device"?: str, "fixes": [
        {"t", "lat", "lon", "accuracy_m"?, "source"?, "speed_mps"?, "course_deg"?,
         "altitude_m"?, "satellites"?, "hdop"?, "battery_pct"?}]}

`t` is seconds since 1970 UTC or an ISO 8601 string with its offset; the other units are in the
names; `source` is gps, wifi, cell, rf or ble. `session` and `seq` may both be left out.
"""

from typing import Any

import msgspec

from ingest import quality
from ingest.payload.claim import open_envelope, parts_of
from ingest.payload.reading import Reading
from ingest.payload.values import instant_us, source_named, trimmed
from supervision.core.errors import Rejected
from supervision.core.fixes import Fix, Source


class _FixSaid(msgspec.Struct, gc=False):
    """What decides where and how surely he was is typed; the rest is dropped if it is wrong."""

    t: float | str
    lat: float
    lon: float
    accuracy_m: float | None = None
    source: str | None = None
    speed_mps: Any = None
    course_deg: Any = None
    altitude_m: Any = None
    satellites: Any = None
    hdop: Any = None
    battery_pct: Any = None


_PART = msgspec.json.Decoder(_FixSaid)


def read_fixes(reading: Reading) -> None:
    """Read a message of fixes.

    Its good fixes are kept, each bad one is rejected by itself, and it has one receipt,
    because a bad fix will be no better next time. A speed, course, height, charge, dilution or
    satellite count that makes no sense is dropped and its fix kept; an unheard-of `source` is
    kept as UNKNOWN with the word in `extra`. An empty list leaves a receipt: it keeps the
    session's count.

    Raises:
        Rejected: The message as a whole makes no sense; its receipt is left where session and
            seq can be read.
    """
    envelope, claim = open_envelope(reading)
    sent_at_us = reading.believed_us(envelope.sent_at)
    parts = parts_of(envelope.fixes)
    if claim is None and not parts:
        reading.ignore("empty", "The message has no fixes and no number.")

    def read_one(reading: Reading, part: int, raw: bytes) -> None:
        reading.out.fixes.append(_fix(reading, claim, sent_at_us, part, raw))

    reading.read_each(parts, read_one)


def _fix(
    reading: Reading,
    claim: tuple[str, int] | None,
    sent_at_us: int | None,
    part: int,
    raw: bytes,
) -> Fix:
    said = _PART.decode(raw)
    fixed_at_us = instant_us(said.t)
    if fixed_at_us is None:
        raise Rejected("time_unreadable", "The time is not an instant with its offset.")
    session, seq = claim or (None, None)
    source = source_named(said.source)
    is_unheard_of = source is Source.UNKNOWN and said.source is not None
    return reading.believed(
        Fix(
            reading.device,
            session,
            seq,
            part,
            fixed_at_us,
            sent_at_us,
            reading.message.received_at_us,
            said.lon,
            said.lat,
            quality.accuracy_m(said.accuracy_m),
            source,
            quality.speed_mps(said.speed_mps),
            quality.course_deg(said.course_deg),
            quality.altitude_m(said.altitude_m),
            quality.battery_pct(said.battery_pct),
            quality.satellites(said.satellites),
            quality.hdop(said.hdop),
            trimmed({"source": said.source}) if is_unheard_of else None,
            raw,
        )
    )
