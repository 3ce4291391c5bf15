"""Which fixes nobody should believe: places off the globe, times that no clock can mean.

Only what one fix says by itself is judged here. Whether a movement is plausible is the
geofence's question, asked later, with the fixes before and after at hand.
"""

MAX_ACCURACY_M = 100_000.0
"""A wider circle than this holds whole counties and says nothing about any zone."""

MAX_LON_DEG, MAX_LAT_DEG = 180.0, 90.0

NULL_ISLAND_DEG = 1e-6
"""Closer than this (0.1 m) to longitude 0, latitude 0 is a receiver without a fix."""

FLAWS = {
    "position_out_of_range": "The longitude or latitude is not on the globe.",
    "null_island": "The position is zero, zero: a receiver without a fix.",
    "fixed_in_future": "The fix lies further in the future than clocks may be apart.",
    "fixed_too_long_ago": "The fix is older than fixes are accepted.",
    "accuracy_absurd": "The stated accuracy is worse than 100 km.",
}
"""Why a fix is not believed: stable slug to a sentence without coordinates."""


def flaw(
    lon: float,
    lat: float,
    accuracy_m: float | None,
    fixed_at_us: int,
    earliest_us: int,
    latest_us: int,
) -> str | None:
    """Say why this fix cannot be believed, if so.

    The first flaw in the order of `FLAWS` is named. NaN and infinity count as out of range.
    Six plain numbers rather than a fix, because every ping of every device comes through here.

    Args:
        lon: Degrees east; 180 and -180 are both on the globe.
        lat: Degrees north.
        accuracy_m: Stated radius; None where unknown (see `accuracy_m`).
        fixed_at_us: When the position was true.
        earliest_us: The oldest instant believed, itself included.
        latest_us: The newest instant believed, itself included.

    Returns:
        A key of `FLAWS`, or None for a fix that can be true.
    """
    if not (-MAX_LON_DEG <= lon <= MAX_LON_DEG and -MAX_LAT_DEG <= lat <= MAX_LAT_DEG):
        return "position_out_of_range"
    if abs(lon) <= NULL_ISLAND_DEG and abs(lat) <= NULL_ISLAND_DEG:
        return "null_island"
    if fixed_at_us > latest_us:
        return "fixed_in_future"
    if fixed_at_us < earliest_us:
        return "fixed_too_long_ago"
    if accuracy_m is not None and not accuracy_m <= MAX_ACCURACY_M:
        return "accuracy_absurd"
    return None


def within(value: object, low: float, high: float) -> float | None:
    """Keep a number that lies between two bounds, both included; anything else is unknown.

    A bool is not a number, nor is a string; NaN lies between no bounds.
    """
    if type(value) is float or type(value) is int:
        return float(value) if low <= value <= high else None
    return None


def accuracy_m(value: float | None) -> float | None:
    """Turn a stated accuracy of zero or less into "unknown".

    No receiver knows its place to zero metres, and senders write 0 and -1 for "I cannot tell".
    The fix is kept: a place of unknown accuracy still shows where to look.
    """
    return value if value is None or not value <= 0 else None


def speed_mps(value: object) -> float | None:
    """Keep a speed from 0 to 1000 m/s (faster than any aircraft he can board)."""
    return within(value, 0.0, 1000.0)


def course_deg(value: object) -> float | None:
    """Keep a course from 0 to 360 degrees clockwise from north; 360 becomes 0."""
    kept = within(value, 0.0, 360.0)
    return None if kept is None else kept % 360.0


def altitude_m(value: object) -> float | None:
    """Keep a height between the deepest mine and the edge of space."""
    return within(value, -5_000.0, 100_000.0)


def battery_pct(value: object) -> float | None:
    """Keep a charge from 0 to 100 %."""
    return within(value, 0.0, 100.0)


def satellites(value: object) -> int | None:
    """Keep a count from 0 to 200; a fraction is cut off."""
    kept = within(value, 0.0, 200.0)
    return None if kept is None else int(kept)


def hdop(value: object) -> float | None:
    """Keep a horizontal dilution from 0 to 100 (receivers write 99.99 for "no fix")."""
    return within(value, 0.0, 100.0)
