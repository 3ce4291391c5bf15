"""Says what may be shelved and for how long, so that what is silenced is never forgotten.

A source of alerts is one kind for one supervised person. Shelves that follow one another without a
gap are one stretch, and a stretch is no longer than a shift.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.catalogue import CATALOGUE, AlertKind
from supervision.core.errors import Conflict, Invalid

# The longest turn of duty: whoever comes next decides anew, with the reason before him.
SHIFT = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A time in which a source is shelved: from its beginning until before its end.

    Attributes:
        begins_at: Aware UTC.
        ends_at: Sooner than was meant, where it was taken back or prolonged.
        stretch_began_at: When the first shelf of its stretch began.
    """

    begins_at: datetime
    ends_at: datetime
    stretch_began_at: datetime

    def is_in_force(self, at: datetime) -> bool:
        """Whether the source is shelved by it at an instant."""
        return self.begins_at <= at < self.ends_at


def is_shelvable(kind: AlertKind) -> bool:
    """Whether alerts of a kind may be held back at all: none that may ever be critical."""
    return not CATALOGUE[kind].is_ever_critical


def require_shelvable(kind: AlertKind) -> None:
    """Stop here if alerts of a kind may ever be critical.

    Raises:
        Invalid: They may.
    """
    if not is_shelvable(kind):
        raise Invalid("This kind of alert may become critical; it is never shelved.")


def begin_shelf(last: Shelf | None, now: datetime, ends_at: datetime) -> Shelf:
    """The shelf that begins now, after the source's last one.

    Args:
        last: The source's latest shelf, whether it is over or not.
        now: Aware UTC.
        ends_at: From when on the source is to be heard again.

    Raises:
        Invalid: It would end before it begins, or its stretch would be longer than a shift.
        Conflict: The source is shelved for as long already.
    """
    if ends_at <= now:
        raise Invalid("A shelf must end in the future.")
    if last is not None and last.is_in_force(now) and ends_at <= last.ends_at:
        raise Conflict("It is shelved for as long already; take that back to end it sooner.")
    if ends_at > latest_end(last, now):
        hours = SHIFT // timedelta(hours=1)
        message = f"Nothing is shelved for longer than a shift, {hours} hours in all."
        raise Invalid(message)
    return Shelf(now, ends_at, _stretch_began_at(last, now))


def latest_end(last: Shelf | None, now: datetime) -> datetime:
    """The latest end of a shelf that begins now."""
    return _stretch_began_at(last, now) + SHIFT


def reaches(last: Shelf | None, now: datetime) -> bool:
    """Whether there is no gap between the last shelf and one that begins now."""
    return last is not None and last.ends_at >= now


def _stretch_began_at(last: Shelf | None, now: datetime) -> datetime:
    return last.stretch_began_at if last is not None and reaches(last, now) else now
