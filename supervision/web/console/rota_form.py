"""The form of a rota: who takes turns in order, from which hand-over on, for how long each."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from alerts.rota import Turns, next_shift
from alerts.service import NewTurns, RotaRecord
from alerts.service.rotas import MOST_TURNS
from supervision.core.errors import Invalid
from supervision.web.console.fields import Fields
from supervision.web.deps import MOST_BIGINT

EMPTY_ROWS = 2
_ROWS = 4
_DIGITS = len(str(MOST_BIGINT))


def empty_fields(today: date) -> Fields:
    """The form for a new rota, with what is usual."""
    usual = {"rows": str(_ROWS), "starts_on": today.isoformat(), "handover": "08:00"}
    return _fields(usual | {"shift_days": "7"})


def fields_of(rota: RotaRecord, now: datetime) -> Fields:
    """The form in which a rota goes on as it is from its next hand-over on."""
    turns = (rota.starts_on, rota.handover, rota.shift_days, ZoneInfo(rota.time_zone))
    day, officer_ids = next_shift(Turns(tuple(rota.officer_ids), *turns, rota.written_at), now)
    values = {
        "rows": str(min(MOST_TURNS, len(officer_ids) + EMPTY_ROWS)),
        "starts_on": day.isoformat(),
        "handover": f"{rota.handover:%H:%M}",
        "shift_days": str(rota.shift_days),
    }
    return _fields(values | {f"officer_{place}": str(one) for place, one in enumerate(officer_ids)})


def with_more_rows(fields: Fields) -> Fields:
    """The same form with one more row, up to as many as a rota can have."""
    return Fields({**fields.values, "rows": [str(min(MOST_TURNS, row_count(fields) + 1))]})


def row_count(fields: Fields) -> int:
    """For how many officers the form has a row."""
    rows = fields.one("rows")
    is_number = rows.isascii() and rows.isdecimal() and len(rows) <= len(str(MOST_TURNS))
    return min(MOST_TURNS, int(rows)) if is_number else MOST_TURNS


def turns_of(fields: Fields) -> NewTurns:
    """What a form describes; whether it makes sense is asked by whoever writes it.

    Raises:
        Invalid: A date, a time or a number is none, or somebody is chosen who is not offered.
    """
    chosen = [fields.one(f"officer_{place}") for place in range(row_count(fields))]
    return NewTurns(
        tuple(read_id(one) for one in chosen if one),
        _date(fields.one("starts_on")),
        _time(fields.one("handover")),
        fields.number("shift_days", "for how many days each is on call"),
    )


def read_id(chosen: str) -> int:
    """The officer who is chosen; raises Invalid where that is nobody's id."""
    is_number = chosen.isascii() and chosen.isdecimal() and len(chosen) <= _DIGITS
    if not is_number or not 0 < int(chosen) <= MOST_BIGINT:
        raise Invalid("Choose an officer from the list.")
    return int(chosen)


def _fields(values: dict[str, str]) -> Fields:
    return Fields({name: [value] for name, value in values.items()})


def _date(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise Invalid("Write the date of the first hand-over, such as 2026-09-21.") from None


def _time(typed: str) -> time:
    try:
        return time.fromisoformat(typed)
    except ValueError:
        raise Invalid("Write the time of the hand-over, such as 08:00.") from None
