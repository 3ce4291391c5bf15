"""Check-ins in any state, as if all that led there had happened."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from supervision.checkins.models import (
    Checkin,
    CheckinPlan,
    CheckinPlanVersion,
    CheckinSubmission,
)
from supervision.checkins.rules import Method, Purpose, State
from supervision.register.models import Supervisee
from tests.factories.rows import NOW, numbers, saved


def a_checkin_at(
    session: Session, supervisee: Supervisee, opens_at: datetime, **values: object
) -> Checkin:
    """Of a plan of its own: by telephone, open for an hour, and a quarter's grace."""
    version = _a_version(session, supervisee)
    chosen: dict[str, Any] = {
        "method": Method.PHONE,
        "purpose": Purpose.CHECKIN,
        "slot": str(next(numbers)),
        "is_unannounced": False,
        "room": f"room-{next(numbers)}",
        "local_date": opens_at.date(),
        "closes_at": opens_at + timedelta(hours=1),
        "missed_at": opens_at + timedelta(minutes=75),
        "state": State.SCHEDULED,
        "made_at": NOW,
    } | values
    return saved(
        session,
        Checkin(
            agency_id=supervisee.agency_id,
            supervisee_id=supervisee.id,
            checkin_plan_id=version.checkin_plan_id,
            checkin_plan_version_id=version.id,
            opens_at=opens_at,
            **chosen,
        ),
    )


def a_submission(session: Session, checkin: Checkin, **values: object) -> CheckinSubmission:
    """What the person told: with a position, and no concerns."""
    chosen: dict[str, Any] = {
        "submitted_at": checkin.submitted_at or NOW,
        "language": "en",
        "answers": {"slept_at_home": "yes", "moved": "no"},
        "wants_call": False,
        "lon": -104.98,
        "lat": 39.74,
        "accuracy_m": 12.0,
        "located_at": checkin.submitted_at or NOW,
        "concerns": [],
    } | values
    return saved(
        session,
        CheckinSubmission(agency_id=checkin.agency_id, checkin_id=checkin.id, **chosen),
    )


def _a_version(session: Session, supervisee: Supervisee) -> CheckinPlanVersion:
    """The person's first plan's, made where there is none; it makes no check-ins."""
    found = session.scalars(
        select(CheckinPlanVersion)
        .join(CheckinPlan, CheckinPlan.id == CheckinPlanVersion.checkin_plan_id)
        .where(CheckinPlan.supervisee_id == supervisee.id)
        .limit(1)
    ).one_or_none()
    if found is not None:
        return found
    officer_id = supervisee.supervising_officer_id
    plan = saved(
        session,
        CheckinPlan(
            agency_id=supervisee.agency_id,
            supervisee_id=supervisee.id,
            made_by_id=officer_id,
            made_at=NOW,
        ),
    )
    return saved(
        session,
        CheckinPlanVersion(
            agency_id=supervisee.agency_id,
            checkin_plan_id=plan.id,
            version=1,
            is_current=True,
            method=Method.PHONE,
            purpose=Purpose.CHECKIN,
            rrule="FREQ=WEEKLY;BYDAY=TU,FR",
            starts_on=NOW.date(),
            at_local=NOW.time().replace(hour=18, minute=0, second=0),
            time_zone=supervisee.time_zone,
            window_s=3600,
            grace_s=900,
            made_until=NOW.date() + timedelta(days=4_000),
            written_by_id=officer_id,
            written_at=NOW,
        ),
    )
