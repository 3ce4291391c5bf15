"""Tells pretrial services of a clause that has neither a zone nor a signed waiver.

An audit of one agency found two of 37 court orders entered as zones: an order nobody drew is as
silent as one that is kept. So a clause left bare for longer than a grace period is an alert.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from alerts import service as alerting
from alerts.catalogue import AlertKind
from alerts.rules import Change
from supervision.corridor.coverage_steps import Step, steps
from supervision.corridor.covers import (
    Duty,
    read_duties,
    read_duties_of_people,
    read_unsteady_duties,
)
from supervision.register.roster import pretrial_officers, responsible_officers


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a clause may be without cover, and how much longer makes its alert a late one."""

    grace: timedelta
    late_after: timedelta


def tell_of_coverage(
    session: Session, supervisee_ids: Collection[int], now: datetime, patience: Patience
) -> int:
    """Tell of these people's clauses as they stand now; call it after what may cover one changed.

    Args:
        session: Open transaction in which the change was made; the caller commits.
        supervisee_ids: Whose.
        now: Aware UTC.
        patience: Before whom a clause counts as uncovered.

    Returns:
        How many alerts were raised, cleared or became active again.
    """
    duties = read_duties_of_people(session, supervisee_ids)
    return _tell(session, duties, now, now, patience)


def sweep_coverage(session: Session, since: datetime, now: datetime, patience: Patience) -> int:
    """Tell of every clause left bare, also of one that was so only between two sweeps.

    Args:
        session: Open transaction; the caller commits.
        since: The last sweep.
        now: Aware UTC.
        patience: As for `tell_of_coverage`.

    Returns:
        How many alerts were raised, cleared or became active again.
    """
    return _tell(session, read_unsteady_duties(session, since, now), since, now, patience)


def _tell(
    session: Session, duties: Sequence[Duty], since: datetime, now: datetime, patience: Patience
) -> int:
    concerned = {step.duty for step in _all_steps(session, duties, since, now, patience)}
    if not concerned:
        return 0
    # Read again behind the lock: whoever covered a clause meanwhile held it until the commit.
    alerting.hold_ledgers(session, {duty.agency_id for duty in concerned})
    duties = read_duties(session, sorted(duty.clause_id for duty in concerned))
    taken = _all_steps(session, duties, since, now, patience)
    raised = [step for step in taken if step.change is Change.RAISED]
    officers = _addressees(session, [step.duty for step in raised])
    for step in taken:
        _take(session, step, officers, now, patience)
    return len(taken)


def _all_steps(
    session: Session, duties: Sequence[Duty], since: datetime, now: datetime, patience: Patience
) -> list[Step]:
    told = _read_told(session, [duty.clause_id for duty in duties])
    return [
        step
        for duty in duties
        for step in steps(duty, told[duty.clause_id], since, now, patience.grace)
    ]


def _take(
    session: Session, step: Step, officers: Mapping[int, int], now: datetime, patience: Patience
) -> None:
    agency_id = step.duty.agency_id
    match step.change:
        case Change.RAISED:
            officer_id = officers[step.duty.supervisee_id]
            alerting.raise_alert(session, _alert(step, officer_id, now, patience), now)
        case Change.CLEARED:
            alerting.clear(session, agency_id, step.key, step.at, now)
        case _:
            alerting.reactivate(session, agency_id, step.key, now)


def _addressees(session: Session, duties: Iterable[Duty]) -> dict[int, int]:
    """For each person a pretrial officer of the agency; where it has none, his own officer."""
    people = sorted({duty.supervisee_id for duty in duties})
    responsible = responsible_officers(session, people)
    desk = pretrial_officers(session, {one.agency_id for one in responsible.values()})
    return {person: desk.get(one.agency_id, one.officer_id) for person, one in responsible.items()}


def _alert(step: Step, officer_id: int, now: datetime, patience: Patience) -> alerting.NewAlert:
    duty = step.duty
    return alerting.NewAlert(
        agency_id=duty.agency_id,
        supervisee_id=duty.supervisee_id,
        officer_id=officer_id,
        kind=AlertKind.CLAUSE_UNCOVERED,
        grade=None,
        dedup_key=step.key,
        zone_id=None,
        zone_version_id=None,
        order_clause_id=duty.clause_id,
        occurred_at=step.at,
        is_late=now - step.at > patience.grace + patience.late_after,
        evidence={
            "order_id": duty.order_id,
            "condition_code": duty.condition_code,
            "grace_s": patience.grace.total_seconds(),
        },
    )


def _read_told(
    session: Session, clause_ids: list[int]
) -> defaultdict[int, dict[str, datetime | None]]:
    told: defaultdict[int, dict[str, datetime | None]] = defaultdict(dict)
    rows = session.execute(
        text(
            "SELECT order_clause_id, dedup_key, cleared_at FROM alert"
            " WHERE order_clause_id = ANY(:clauses) AND kind = :kind ORDER BY id"
        ),
        {"clauses": clause_ids, "kind": str(AlertKind.CLAUSE_UNCOVERED)},
    )
    for row in rows:
        told[row.order_clause_id][row.dedup_key] = row.cleared_at
    return told
