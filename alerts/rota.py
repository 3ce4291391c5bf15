"""Says who is on call: officers in turn, handed over at a local time, but for overrides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from supervision.core.clock import from_us
from supervision.core.recurrence import instants_us


@dataclass(frozen=True, slots=True)
class Rota:
    """Who takes turns.

    Attributes:
        officer_ids: In turn; the first has the first shift.
        starts_on: Local date of the first hand-over.
        handover: Local time of day at which one hands over to the next.
        shift_days: For how many days each is on call.
        zone: By whose clocks.
    """

    officer_ids: tuple[int, ...]
    starts_on: date
    handover: time
    shift_days: int
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody else is on call from `begins_at` until before `ends_at`, aware UTC."""

    officer_id: int
    begins_at: datetime
    ends_at: datetime


def on_call(rota: Rota, overrides: Sequence[Override], at: datetime) -> int | None:
    """Who is on call at an instant; None before the rota begins.

    Overrides go before turns, the one that began last before the others. Shifts touch each other
    on every day of the year: where clocks jump over the hand-over, it is at the first minute after.
    """
    covering = [one for one in overrides if one.begins_at <= at < one.ends_at]
    if covering:
        return max(covering, key=lambda one: one.begins_at).officer_id
    shift = _shift(rota, at)
    return None if shift < 0 else rota.officer_ids[shift % len(rota.officer_ids)]


def _shift(rota: Rota, at: datetime) -> int:
    """The number of the shift that an instant is in, from 0; negative before the first."""
    days = (at.astimezone(rota.zone).date() - rota.starts_on).days
    shift = days // rota.shift_days
    return shift - 1 if at < _begins_at(rota, shift) else shift


def _begins_at(rota: Rota, shift: int) -> datetime:
    day = rota.starts_on + timedelta(days=shift * rota.shift_days)
    first_us, _ = instants_us(datetime.combine(day, rota.handover), rota.zone)
    return from_us(first_us)
