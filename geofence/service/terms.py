"""On what terms a zone stands, beside its outline: its kind, warning ring and schedule."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from typing import Any, Final

from geofence.rules.schedule import read_schedule, to_json
from supervision.core.errors import Invalid

WIDEST_WARNING_M = 20_000.0

ScheduleJson = Mapping[str, Any]


class ZoneKind(StrEnum):
    """Whether the order keeps somebody away from a place, or in it."""

    EXCLUSION = "exclusion"
    INCLUSION = "inclusion"


class Keep(Enum):
    """Says of a term that it stays as it was."""

    KEEP = "keep"


KEEP: Final = Keep.KEEP


@dataclass(frozen=True, slots=True)
class ZoneTerms:
    """The terms of a new zone.

    Attributes:
        kind: For the zone's whole life; another kind is another zone.
        warning_m: How far its warning ring reaches, around an exclusion zone or within the edge of
            an inclusion zone; 0 for none.
        schedule: As `rules.schedule.read_schedule` takes it: the zone counts only in its windows.
            None: at all times.
    """

    kind: ZoneKind = ZoneKind.EXCLUSION
    warning_m: float = 0.0
    schedule: ScheduleJson | None = None


AT_ALL_TIMES = ZoneTerms()


@dataclass(frozen=True, slots=True)
class ChangedTerms:
    """What an amendment says of a zone's terms; what is not named stays as it was."""

    warning_m: float | Keep = KEEP
    schedule: ScheduleJson | Keep | None = KEEP

    def after(self, before: ZoneTerms) -> ZoneTerms:
        """The terms from now on."""
        warning_m = before.warning_m if isinstance(self.warning_m, Keep) else self.warning_m
        schedule = before.schedule if isinstance(self.schedule, Keep) else self.schedule
        return ZoneTerms(before.kind, warning_m, schedule)


UNCHANGED = ChangedTerms()


@dataclass(frozen=True, slots=True)
class InForce:
    """When a drawing counts, and by whose hand.

    Attributes:
        armed_at: From when, aware UTC.
        ends_at: Until before when, by the order; None: until further notice.
        time_zone: In which the windows of its schedule are meant: the person's on this day.
        drawn_by_id: The officer; None for the system.
        drawn_at: Now, aware UTC.
    """

    armed_at: datetime
    ends_at: datetime | None
    time_zone: str
    drawn_by_id: int | None
    drawn_at: datetime


def checked(terms: ZoneTerms, time_zone: str) -> ZoneTerms:
    """The same terms, the schedule as it is stored.

    Raises:
        Invalid: The warning ring is too wide, or the schedule cannot be understood.
    """
    if not 0 <= terms.warning_m <= WIDEST_WARNING_M:
        message = f"A warning ring is between 0 and {WIDEST_WARNING_M / 1000:.0f} km wide."
        raise Invalid(message)
    if terms.schedule is None:
        return terms
    schedule = read_schedule(terms.schedule, time_zone)
    return ZoneTerms(terms.kind, terms.warning_m, to_json(schedule))


def checked_for_set(terms: ZoneTerms, time_zone: str) -> ZoneTerms:
    """The terms, if a set's zone can have them.

    Raises:
        Invalid: It cannot.
    """
    if terms.kind is not ZoneKind.EXCLUSION:
        message = "A set holds exclusion zones only; an inclusion zone is one person's."
        raise Invalid(message)
    if terms.schedule is not None:
        message = (
            "A set's zones count at all times. Draw a zone of his own for who must keep away only"
            " at times."
        )
        raise Invalid(message)
    return checked(terms, time_zone)
