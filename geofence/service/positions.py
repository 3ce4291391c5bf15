"""What the geofence needs to know of stored fixes; another room keeps them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, Protocol

from sqlalchemy.orm import Session

from supervision.core.clock import to_us
from supervision.core.fixes import LocatedFixes

# Beyond any fix, and still a date that the database can hold.
LATEST_US = to_us(datetime(9999, 1, 1, tzinfo=UTC))


class Window(NamedTuple):
    """A stretch of a person's time, both ends included; microseconds."""

    supervisee_id: int
    since_us: int
    until_us: int = LATEST_US

    def lasting(self, longer_us: int) -> "Window":
        """The same window with so much more time at its end."""
        return self._replace(until_us=min(self.until_us + longer_us, LATEST_US))


def earliest_us(moments: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The first of each person's moments, of any number by person; microseconds."""
    earliest: dict[int, int] = {}
    for person, at_us in moments:
        earliest[person] = min(at_us, earliest.get(person, at_us))
    return earliest


class Positions(Protocol):
    """Reads stored fixes, by person, then time; ties in an order that arrival plays no part in."""

    def since(self, session: Session, windows: Sequence[Window], most: int) -> LocatedFixes:
        """For each window the last fix in the day before it, and at most so many from it on."""
        ...

    def around(self, session: Session, windows: Sequence[Window], reach_us: int) -> LocatedFixes:
        """The fixes of each window, the last telling one before it, and the first after it."""
        ...

    def first_us(self, session: Session, supervisee_ids: Sequence[int]) -> dict[int, int]:
        """When the first fix of each of these people was true, if they have one."""
        ...

    def before(self, session: Session, windows: Sequence[Window], reach_us: int) -> LocatedFixes:
        """The last telling fix before each window, in any order."""
        ...

    def with_more_since(
        self, session: Session, windows: Sequence[Window], counts: Sequence[int]
    ) -> set[int]:
        """Who has more stored fixes from his window's begin on than so many."""
        ...
