"""Links by which a patrol reads the packet about an alert: made, and withdrawn."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from alerts.ledger import Line, add_events
from alerts.models import DispatchLink
from alerts.rules import Change
from alerts.service.handling import take_up, to_handle
from supervision.core import audit
from supervision.core.access import Actor
from supervision.core.errors import Conflict, Invalid, NotFound
from supervision.core.tokens import hash_token, new_token

LONGEST = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Sharing:
    """How a packet is shared: for how long, and whether with the protected person's safe contact.

    The contact is free text: an officer has read it and found that it leads nobody to her.
    """

    lasts: timedelta
    shows_safe_contact: bool = False


@dataclass(frozen=True, slots=True)
class NewDispatchLink:
    """A link just made; the only time its token is known."""

    id: int
    token: str
    expires_at: datetime


def share_packet(
    session: Session, actor: Actor, alert_id: int, sharing: Sharing, now: datetime
) -> NewDispatchLink:
    """Make a link to the packet about an alert; whoever does has it in hand. The caller commits.

    Raises:
        NotAllowed: The actor's role handles no alerts, or none of this kind.
        NotFound: Not there, or not in the caseload.
        Conflict: The alert is closed.
        Invalid: It would last for no time, or for more than a day. Nothing was changed.
    """
    if not timedelta(0) < sharing.lasts <= LONGEST:
        raise Invalid("A link to a packet lasts for a day at most.")
    alert = take_up(session, actor, alert_id, now)
    token = new_token()
    row = DispatchLink(
        agency_id=alert.agency_id,
        alert_id=alert.id,
        token_hash=hash_token(token),
        shows_safe_contact=sharing.shows_safe_contact,
        made_by_id=actor.officer_id,
        made_at=now,
        expires_at=now + sharing.lasts,
    )
    session.add(row)
    session.flush()
    told = {"link_id": row.id, "shows_safe_contact": row.shows_safe_contact}
    add_events(session, [Line(alert, Change.PACKET_SHARED, actor.officer_id, told)], now)
    _record(session, actor, audit.Tag.DISPATCH_SHARED, row, now)
    return NewDispatchLink(row.id, token, row.expires_at)


def withdraw_packet(session: Session, actor: Actor, link_id: int, now: datetime) -> None:
    """Have a link open nothing from now on, also of a closed alert; the caller commits.

    Raises:
        NotAllowed: The actor's role handles no alerts, or none of this kind.
        NotFound: No such link, or its alert is not in the caseload.
        Conflict: It is withdrawn already, or has ended. Nothing was changed.
    """
    found = session.get(DispatchLink, link_id)
    if found is None:
        raise NotFound
    alert = to_handle(session, actor, found.alert_id, None)
    session.refresh(found)
    if found.withdrawn_at is not None or found.expires_at <= now:
        raise Conflict("This link opens nothing any more.")
    found.withdrawn_at, found.withdrawn_by_id = now, actor.officer_id
    session.flush()
    told = {"link_id": found.id}
    add_events(session, [Line(alert, Change.PACKET_WITHDRAWN, actor.officer_id, told)], now)
    _record(session, actor, audit.Tag.DISPATCH_WITHDRAWN, found, now)


def _record(
    session: Session, actor: Actor, tag: audit.Tag, link: DispatchLink, now: datetime
) -> None:
    detail = {"alert_id": link.alert_id, "shows_safe_contact": link.shows_safe_contact}
    audit.record_by(session, actor, now, tag, f"dispatch_link:{link.id}", **detail)
