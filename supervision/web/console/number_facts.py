"""What the page of numbers shows beside the numbers: names, and the days as bars."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from alerts.figures import Figures, Numbers

BAR_STEP, BAR_MOST = 10, 100


@dataclass(frozen=True, slots=True)
class Bar:
    """A day's alerts as a bar; `height` is of the drawing, `BAR_MOST` for the day of the most."""

    on: date
    alerts: int
    height: int


@dataclass(frozen=True, slots=True)
class PersonName:
    """Whom a number is about."""

    full_name: str
    case_number: str


_OFFICERS = text("SELECT id, display_name FROM officer WHERE id = ANY(:ids)")
_PEOPLE = text("SELECT id, full_name, case_number FROM supervisee WHERE id = ANY(:ids)")


def name_officers(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """Officers by id."""
    rows = session.execute(_OFFICERS, {"ids": list(ids)})
    return {row.id: row.display_name for row in rows}


def name_people(session: Session, numbers: Numbers) -> dict[int, PersonName]:
    """The people whom the numbers name as sources, by id."""
    ids = {
        source.supervisee_id
        for figures in (numbers.agency, *numbers.officers.values())
        for source in figures.sources or ()
    }
    rows = session.execute(_PEOPLE, {"ids": list(ids)})
    return {row.id: PersonName(row.full_name, row.case_number) for row in rows}


def draw_days(counts: Mapping[date, int]) -> list[Bar]:
    """A bar for each day, in order."""
    most = max(counts.values(), default=0) or 1
    return [Bar(on, alerts, BAR_MOST * alerts // most) for on, alerts in counts.items()]


def busiest_first(officers: Mapping[int, Figures]) -> dict[int, Figures]:
    """Officers in the order in which a supervisor looks for who needs help."""
    order = sorted(officers.items(), key=lambda one: (-one[1].alerts, one[0]))
    return dict(order)
