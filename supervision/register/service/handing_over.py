"""Who supervises whom changes hands: of one person, or of all when an officer leaves."""

from datetime import datetime

from sqlalchemy import case, delete, null, select, update
from sqlalchemy.orm import Session

from supervision.core import audit
from supervision.core.access import Actor, Permission, Role
from supervision.core.errors import Conflict, Invalid
from supervision.register.models import Officer, Supervisee, WebSession
from supervision.register.service.checks import held_officer, owned
from supervision.register.service.officers import OfficerRecord, get_officer

SUPERVISING = {Role.OFFICER, Role.SUPERVISOR}


def hand_over(
    session: Session, actor: Actor, supervisee_id: int, officer_id: int, at: datetime
) -> None:
    """Let another officer supervise a person from now on; the caller commits.

    Raises:
        NotAllowed: The actor enrols no people.
        NotFound: Person or officer are not of the agency.
        Invalid: The officer may not sign in, or supervises nobody by his role. In each case
            nothing was changed.
    """
    actor.require(Permission.WRITE_PEOPLE)
    require_supervising(session, actor.agency_id, officer_id)
    person = owned(session, Supervisee, supervisee_id, actor.agency_id, "supervisee")
    was = person.supervising_officer_id
    person.supervising_officer_id = officer_id
    session.flush()
    tag, subject = audit.Tag.SUPERVISEE_HANDED_OVER, f"supervisee:{supervisee_id}"
    audit.record_by(session, actor, at, tag, subject, from_id=was, to_id=officer_id)


def deactivate_officer(
    session: Session, actor: Actor, officer_id: int, successor_id: int | None, at: datetime
) -> list[int]:
    """Let an officer sign in no more, and another take over all that is his; the caller commits.

    Whoever he stood in for has the successor as backup. Ladders and rotas that name him stay as
    they are, and say so (`alerts.untold`).

    Args:
        session: Open transaction, bound to the agency.
        actor: Who does it; never the officer himself.
        officer_id: Who leaves.
        successor_id: Who takes over; None: he supervises nobody.
        at: Now, aware UTC.

    Returns:
        The people whom the successor supervises from now on.

    Raises:
        NotAllowed: The actor keeps no officers.
        NotFound: One of the two is not of the agency.
        Conflict: He is the actor, has left already, or people would be left with nobody.
        Invalid: The successor supervises nobody. In each case nothing was changed.
    """
    actor.require(Permission.WRITE_OFFICERS)
    if officer_id == actor.officer_id:
        raise Conflict("Nobody takes himself off; another administrator does it.")
    _hold(session, {officer_id, successor_id})
    leaver = owned(session, Officer, officer_id, actor.agency_id, "officer")
    if not leaver.is_active:
        raise Conflict("This officer may not sign in any more already.")
    his = Supervisee.supervising_officer_id == officer_id
    people = list(session.scalars(select(Supervisee.id).where(his).with_for_update(key_share=True)))
    if successor_id is not None:
        require_supervising(session, actor.agency_id, successor_id, but_not=officer_id)
    elif people:
        message = f"This officer supervises {len(people)}: name who takes over."
        raise Conflict(message)
    leaver.is_active = False
    _move(session, officer_id, successor_id)
    tag, subject = audit.Tag.OFFICER_DEACTIVATED, audit.officer(officer_id)
    told = {"successor_id": successor_id, "supervisee_ids": people}
    audit.record_by(session, actor, at, tag, subject, **told)
    return people


def reactivate_officer(
    session: Session, actor: Actor, officer_id: int, at: datetime
) -> OfficerRecord:
    """Let an officer sign in again; whom he supervised stays with whoever took over.

    Raises:
        NotAllowed: The actor keeps no officers.
        NotFound: There is no such officer in the agency.
        Conflict: He may sign in. In each case nothing was changed.
    """
    actor.require(Permission.WRITE_OFFICERS)
    officer = owned(session, Officer, officer_id, actor.agency_id, "officer")
    if officer.is_active:
        raise Conflict("This officer may sign in.")
    officer.is_active = True
    session.flush()
    tag, subject = audit.Tag.OFFICER_REACTIVATED, audit.officer(officer_id)
    audit.record_by(session, actor, at, tag, subject)
    return get_officer(session, actor.agency_id, officer_id)


def _move(session: Session, officer_id: int, successor_id: int | None) -> None:
    """His people, and his place behind others but behind the successor; his sign-ins end."""
    if successor_id is not None:
        his = Supervisee.supervising_officer_id == officer_id
        session.execute(update(Supervisee).where(his).values(supervising_officer_id=successor_id))
    stood_in = Officer.backup_id == officer_id
    successor = null() if successor_id is None else case((Officer.id != successor_id, successor_id))
    session.execute(update(Officer).where(stood_in).values(backup_id=successor))
    session.execute(delete(WebSession).where(WebSession.officer_id == officer_id))
    session.flush()


def _hold(session: Session, officer_ids: set[int | None]) -> None:
    """Lock these officers in one order: nobody is given people, or leaves, meanwhile.

    An alert that is raised for one need not wait: else it and we could wait in a ring.
    """
    wanted = sorted(one for one in officer_ids if one is not None)
    query = select(Officer).where(Officer.id.in_(wanted)).order_by(Officer.id)
    query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    session.scalars(query).all()


def require_supervising(
    session: Session, agency_id: int, officer_id: int, but_not: int | None = None
) -> None:
    """Stop here unless this officer may be given people; he stays so until the caller commits.

    Raises:
        NotFound: He is not of the agency.
        Invalid: He may not sign in, supervises nobody by his role, or is the one excepted.
    """
    officer = held_officer(session, officer_id, agency_id)
    if not officer.is_active or Role(officer.role) not in SUPERVISING or officer_id == but_not:
        raise Invalid("Name an officer or supervisor who may sign in, and another than who leaves.")
