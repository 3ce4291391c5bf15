"""Single check-ins with questions, for the tests of the person's own side."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from supervision.checkins.models import Checkin, CheckinPlan, CheckinPlanVersion
from supervision.checkins.rules import Method, Purpose, State
from supervision.checkins.service import NoPosition, Place, Told
from tests.factories.rows import numbers, saved

MOVED = {
    "key": "moved",
    "kind": "yes_no",
    "en": "Have you moved?",
    "es": "¿Se ha mudado?",
    "concern_if": "yes",
}
NEWS = {"key": "news", "kind": "text", "en": "Anything new?", "es": "¿Alguna novedad?"}
ANSWERS = {"moved": "no", "news": "Nothing."}
HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)


def a_duty(session: Session, supervisee_id: int, opens_at: datetime, **values: Any) -> Checkin:
    """One check-in, the only one of its plan; by oneself and announced unless said."""
    asked = {
        "method": values.get("method", Method.SELF),
        "purpose": values.get("purpose", Purpose.CHECKIN),
        "questions": values.pop("questions", [MOVED, NEWS]),
        "place": values.pop("place", None),
    }
    person = session.execute(
        text("SELECT agency_id, supervising_officer_id FROM supervisee WHERE id = :id"),
        {"id": supervisee_id},
    ).one()
    plan = saved(session, _plan(person, supervisee_id, opens_at))
    version = saved(session, _version(plan, opens_at, asked))
    return a_date(session, version, supervisee_id, opens_at, **values)


def a_date(
    session: Session,
    version: CheckinPlanVersion,
    supervisee_id: int,
    opens_at: datetime,
    **values: Any,
) -> Checkin:
    """One more check-in of a plan, for an hour, with a quarter's grace."""
    row = {
        "method": Method.SELF,
        "purpose": Purpose.CHECKIN,
        "state": State.SCHEDULED,
        "is_unannounced": False,
        "slot": str(opens_at.date()),
        "room": f"room/{next(numbers)}",
        "local_date": opens_at.date(),
        "opens_at": opens_at,
        "closes_at": opens_at + HOUR,
        "missed_at": opens_at + HOUR + QUARTER,
        "made_at": opens_at - timedelta(days=1),
    } | values
    whose = {
        "agency_id": version.agency_id,
        "supervisee_id": supervisee_id,
        "checkin_plan_id": version.checkin_plan_id,
        "checkin_plan_version_id": version.id,
    }
    return saved(session, Checkin(**whose, **row))


def _plan(person: Any, supervisee_id: int, at: datetime) -> CheckinPlan:
    return CheckinPlan(
        agency_id=person.agency_id,
        supervisee_id=supervisee_id,
        made_by_id=person.supervising_officer_id,
        made_at=at - timedelta(days=1),
    )


def _version(plan: CheckinPlan, opens_at: datetime, asked: Mapping[str, Any]) -> CheckinPlanVersion:
    return CheckinPlanVersion(
        agency_id=plan.agency_id,
        checkin_plan_id=plan.id,
        version=1,
        is_current=True,
        rrule="FREQ=DAILY;COUNT=1",
        starts_on=opens_at.date(),
        at_local=opens_at.time().replace(second=0),
        time_zone="UTC",
        window_s=3_600,
        grace_s=900,
        made_until=opens_at.date(),
        written_by_id=plan.made_by_id,
        written_at=plan.made_at,
        **asked,
    )


def told(where: Place | NoPosition = NoPosition.DENIED, **values: Any) -> Told:
    """Answers that concern nobody, and no position unless one is given."""
    chosen: dict[str, Any] = {"answers": ANSWERS, "wants_call": False, "language": "en"} | values
    return Told(where=where, **chosen)
