"""Says who is on call: officers in turn, handed over at a local time, but for overrides."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from supervision.core.clock import from_us
from supervision.core.recurrence import instants_us


@dataclass(frozen=True, slots=True)
class Turns:
    """Who takes turns, as it was written at a time.

    Attributes:
        officer_ids: In turn; the first has the first shift.
        starts_on: Local date of the first hand-over.
        handover: Local time of day at which one hands over to the next.
        shift_days: For how many days each is on call.
        zone: By whose clocks.
        written_at: Aware UTC; before it was written nobody was on call by it.
    """

    officer_ids: tuple[int, ...]
    starts_on: date
    handover: time
    shift_days: int
    zone: ZoneInfo
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody else is on call from `begins_at` until before `ends_at`, aware UTC."""

    officer_id: int
    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Rota:
    """Turns as they were written one after the other, and overrides in the order in which made."""

    versions: tuple[Turns, ...]
    overrides: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True)
class Stint:
    """One officer is on call from `begins_at` until before `ends_at`; None: nobody is."""

    officer_id: int | None
    begins_at: datetime
    ends_at: datetime


def on_call(rota: Rota, at: datetime) -> int | None:
    """Who is on call at an instant; None before the rota begins.

    Overrides go before turns, the one that began last before the others, and of two that begin
    together the one that was made last. Turns that are changed go on as they were until the first
    hand-over of the new ones. Shifts touch each other on every day of the year: where clocks jump
    over the hand-over, it is at the first minute after.
    """
    covering = [one for one in rota.overrides if one.begins_at <= at < one.ends_at]
    if covering:
        return max(reversed(covering), key=lambda one: one.begins_at).officer_id
    begun = [turns for turns in rota.versions if _counts_from(turns) <= at]
    if not begun:
        return None
    turns = begun[-1]
    return turns.officer_ids[_shift(turns, at) % len(turns.officer_ids)]


def stints(rota: Rota, since: datetime, until: datetime) -> list[Stint]:
    """Who is on call from an instant until before another, in order and without a gap."""
    changes = sorted({since, until, *_changes(rota, since, until)})
    told: list[Stint] = []
    for begins_at, ends_at in pairwise(changes):
        officer_id = on_call(rota, begins_at)
        if told and told[-1].officer_id == officer_id:
            told[-1] = replace(told[-1], ends_at=ends_at)
        else:
            told.append(Stint(officer_id, begins_at, ends_at))
    return told


def next_shift(turns: Turns, at: datetime) -> tuple[date, tuple[int, ...]]:
    """The date of the first hand-over after an instant, and the officers in turn from then on."""
    shift = max(_shift(turns, at) + 1, 0)
    first = shift % len(turns.officer_ids)
    day = turns.starts_on + timedelta(days=shift * turns.shift_days)
    return day, turns.officer_ids[first:] + turns.officer_ids[:first]


def _changes(rota: Rota, since: datetime, until: datetime) -> Iterator[datetime]:
    """When, between the two, another may come to be on call."""
    edges = [edge for one in rota.overrides for edge in (one.begins_at, one.ends_at)]
    edges += [_counts_from(turns) for turns in rota.versions]
    yield from (edge for edge in edges if since < edge < until)
    for turns in rota.versions:
        shift = _shift(turns, since) + 1
        while (handed_over_at := _begins_at(turns, shift)) < until:
            yield handed_over_at
            shift += 1


def _counts_from(turns: Turns) -> datetime:
    return max(turns.written_at, _begins_at(turns, 0))


def _shift(turns: Turns, at: datetime) -> int:
    """The number of the shift that an instant is in, from 0; negative before the first."""
    days = (at.astimezone(turns.zone).date() - turns.starts_on).days
    shift = days // turns.shift_days
    return shift - 1 if at < _begins_at(turns, shift) else shift


def _begins_at(turns: Turns, shift: int) -> datetime:
    day = turns.starts_on + timedelta(days=shift * turns.shift_days)
    first_us, _ = instants_us(datetime.combine(day, turns.handover), turns.zone)
    return from_us(first_us)
