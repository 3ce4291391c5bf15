"""Entering clauses and answering for those without a zone: written and told of together."""

from datetime import datetime

from sqlalchemy.orm import Session

from supervision.core import audit
from supervision.core.access import Actor, Permission
from supervision.corridor.coverage import Patience, tell_of_coverage
from supervision.register import service as register


def add_clause(
    session: Session,
    actor: Actor,
    order_id: int,
    new: register.NewClause,
    now: datetime,
    patience: Patience,
) -> register.ClauseRecord:
    """Enter a clause of an order; from now on it needs cover, if its kind does.

    Raises:
        NotAllowed: The actor's role enters no orders.
        NotFound: No such order in the agency. In each case nothing was written.
    """
    actor.require(Permission.WRITE_PROTECTED)
    by = audit.officer(actor.officer_id)
    clause = register.add_clause(session, actor.agency_id, order_id, new, now, by)
    tell_of_coverage(session, [clause.supervisee_id], now, patience)
    return clause


def sign_waiver(
    session: Session,
    actor: Actor,
    clause_id: int,
    new: register.NewWaiver,
    now: datetime,
    patience: Patience,
) -> register.WaiverRecord:
    """Sign why a clause has no zone; its alert, if it has one, is cleared and stays open.

    Raises:
        NotAllowed: The actor's role signs no waivers.
        NotFound: No such clause in the agency.
        Invalid: See `register.sign_waiver`. In each case nothing was written.
    """
    actor.require(Permission.SIGN_WAIVERS)
    waiver = register.sign_waiver(session, actor.agency_id, clause_id, new, actor.officer_id, now)
    _tell(session, waiver, now, patience)
    return waiver


def withdraw_waiver(
    session: Session, actor: Actor, waiver_id: int, now: datetime, patience: Patience
) -> register.WaiverRecord:
    """Take a waiver back; the clause is uncovered at once, unless something else covers it.

    Raises:
        NotAllowed: The actor's role signs no waivers.
        NotFound: No such waiver in the agency.
        Conflict: It is over already. In each case nothing was changed.
    """
    actor.require(Permission.SIGN_WAIVERS)
    waiver = register.withdraw_waiver(session, actor.agency_id, waiver_id, actor.officer_id, now)
    _tell(session, waiver, now, patience)
    return waiver


def _tell(
    session: Session, waiver: register.WaiverRecord, now: datetime, patience: Patience
) -> None:
    clause = register.get_clause(session, waiver.order_clause_id, None)
    tell_of_coverage(session, [clause.supervisee_id], now, patience)
