"""Who supervises whom changes hands, and with the people all that is open about them."""

from datetime import datetime

from sqlalchemy.orm import Session

from alerts import service as alerting
from supervision.core.access import Actor
from supervision.register import service as register
from supervision.register.service import OfficerRecord


def hand_over(
    session: Session, actor: Actor, supervisee_id: int, officer_id: int, now: datetime
) -> None:
    """Let another officer supervise a person, and see to what is open about him.

    The caller commits.

    Raises:
        NotAllowed, NotFound, Invalid: As `register.service.hand_over`. Nothing was changed.
    """
    register.hand_over(session, actor, supervisee_id, officer_id, now)
    alerting.hand_over_alerts(session, actor, [supervisee_id], officer_id, now)


def deactivate_officer(
    session: Session, actor: Actor, officer_id: int, successor_id: int | None, now: datetime
) -> OfficerRecord:
    """Let an officer sign in no more; his people and their open alerts go to the successor.

    The caller commits.

    Raises:
        NotAllowed, NotFound, Conflict, Invalid: As `register.service.deactivate_officer`. Nothing
            was changed.
    """
    people = register.deactivate_officer(session, actor, officer_id, successor_id, now)
    if successor_id is not None:
        alerting.hand_over_alerts(session, actor, people, successor_id, now)
    return register.get_officer(session, actor.agency_id, officer_id)
