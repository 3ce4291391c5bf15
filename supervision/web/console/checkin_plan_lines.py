"""Says a person's plans in plain words: what is asked, how often, when, and by whose clocks."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from supervision.checkins.rules import Method, Purpose
from supervision.web.console import checkin_words, wording
from supervision.web.console.rule_words import rule_words


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One plan as listed.

    Attributes:
        asks: The whole of it in a sentence.
        time_zone: By whose clocks.
        ends_on: The last local date, if one is set.
    """

    id: int
    asks: str
    time_zone: str
    starts_on: date
    ends_on: date | None


_PLANS = text(
    "SELECT p.id, v.method, v.purpose, v.rrule, v.starts_on, v.ends_on, v.at_local, v.per_week,"
    " v.least_gap_s, v.time_zone, v.window_s, v.grace_s FROM checkin_plan p"
    " JOIN checkin_plan_version v ON v.checkin_plan_id = p.id AND v.is_current"
    " WHERE p.supervisee_id = :person AND p.ended_at IS NULL ORDER BY p.id"
)


def read_plans(session: Session, supervisee_id: int) -> list[PlanLine]:
    """A person's plans that have not ended, oldest first; who may see them is asked before."""
    rows = session.execute(_PLANS, {"person": supervisee_id}).mappings()
    return [
        PlanLine(row["id"], _asks(row), row["time_zone"], row["starts_on"], row["ends_on"])
        for row in rows
    ]


def _asks(row: RowMapping) -> str:
    purpose = Purpose(row["purpose"])
    method = checkin_words.METHODS[Method(row["method"])].lower()
    how = method if purpose is Purpose.CHECKIN else f"{checkin_words.PURPOSES[purpose]}, {method}"
    window, grace = wording.span(row["window_s"]), wording.span(row["grace_s"])
    return f"{_when(row)}, {how}, window {window}, grace {grace}"


def _when(row: RowMapping) -> str:
    if row["rrule"] is None:
        per_week, gap = row["per_week"], wording.span(row["least_gap_s"])
        often = "Once a week" if per_week == 1 else f"{per_week} times a week"
        return f"{often}, unannounced, at least {gap} apart"
    return rule_words(row["rrule"], row["starts_on"], row["at_local"])
