"""Plans the messages that remind people of their check-ins."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from supervision.checkins.models import CheckinPlanVersion
from supervision.checkins.service.made import Made


def plan_reminders(session: Session, version: CheckinPlanVersion, made: Sequence[Made]) -> None:
    """Nothing yet."""
