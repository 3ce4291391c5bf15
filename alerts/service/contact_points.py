"""Sets up by which ways officers, and others outside the agency, are told of alerts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.addresses import require_address
from alerts.catalogue import Severity
from alerts.climbs import require_unnamed
from alerts.escalation import Post
from alerts.models import ContactPoint
from alerts.rules import Means
from alerts.signing import new_secret
from alerts.store import hold_ledgers
from supervision.core import audit
from supervision.core.access import Actor, Permission
from supervision.core.errors import Conflict, Invalid, NotFound
from supervision.core.officer_apps import app_account

LONGEST_DELAY_S = 3600
MOST_POINTS = 10
MOST_SECRETS = 2


@dataclass(frozen=True, slots=True)
class NewPoint:
    """A way to reach somebody.

    Attributes:
        severities: Which alerts go by it. Outside the agency: at once, beside what ladders say.
        after_s: So long after the first message, if nobody has seen to the alert by then.
        quiet: From when until before when, by the agency's clocks, only what is critical.
    """

    name: str
    means: Means
    address: str
    severities: frozenset[Severity]
    after_s: int = 0
    quiet: tuple[time, time] | None = None


def add_own_point(session: Session, actor: Actor, new: NewPoint, now: datetime) -> ContactPoint:
    """Add a way by which the actor is told; the caller commits.

    His app has no address but its account at the broker.

    Raises:
        NotAllowed: The actor handles no alerts.
        Invalid: The address fits no such means, or it makes no sense.
        Conflict: He has too many already. Nothing was written.
    """
    actor.require(Permission.HANDLE_ALERTS)
    if new.means is Means.WEBHOOK:
        raise Invalid("A webhook is outside the agency: it is nobody's own.")
    if new.means is Means.APP:
        new = replace(new, address=app_account(actor.officer_id))
    if not new.severities:
        raise Invalid("Say which alerts go by it.")
    return _add(session, actor, new, actor.officer_id, now)


def add_outside_point(session: Session, actor: Actor, new: NewPoint, now: datetime) -> ContactPoint:
    """Add a way to reach somebody outside the agency, such as a monitoring centre.

    He may be put on ladders by its id, and is told at once of the severities that are named.

    Raises:
        NotAllowed: The actor does not set responses.
        Invalid, Conflict: As for `add_own_point`. Nothing was written.
    """
    actor.require(Permission.SET_RESPONSES)
    if new.after_s or new.quiet is not None:
        raise Invalid("Outside the agency there is no delay and there are no quiet hours.")
    if new.means is Means.APP:
        raise Invalid("An app is an officer's own; outside the agency there is none.")
    return _add(session, actor, new, None, now)


def end_point(session: Session, actor: Actor, point_id: int, now: datetime) -> None:
    """End a way of the actor's own, or one outside the agency; it stays on record.

    Raises:
        NotFound: There is none such that he may end.
        Conflict: A ladder leads there. Nothing was changed.
    """
    hold_ledgers(session, [actor.agency_id])
    point = _find(session, actor, point_id)
    if point.officer_id is None:
        require_unnamed(session, actor.agency_id, Post.OUTSIDE, point_id)
    point.ended_at, point.ended_by_id = now, actor.officer_id
    session.flush()
    _record(session, actor, audit.Tag.CONTACT_POINT_ENDED, point, now)


def add_secret(session: Session, actor: Actor, point_id: int, now: datetime) -> str:
    """A fresh secret for a webhook, valid beside the one before, which the next ends.

    Returns:
        The secret, which is not shown again.

    Raises:
        NotFound: There is no such webhook.
    """
    point = _find(session, actor, point_id)
    if point.means != Means.WEBHOOK:
        raise NotFound
    secret = new_secret()
    point.secrets = [*point.secrets, secret][-MOST_SECRETS:]
    session.flush()
    _record(session, actor, audit.Tag.CONTACT_POINT_SECRET_ADDED, point, now)
    return secret


def list_points(session: Session, officer_id: int | None) -> Sequence[ContactPoint]:
    """The ways that are not ended: an officer's, or with None those outside the agency."""
    return session.scalars(
        select(ContactPoint)
        .where(
            ContactPoint.officer_id.is_(None)
            if officer_id is None
            else ContactPoint.officer_id == officer_id,
            ContactPoint.ended_at.is_(None),
        )
        .order_by(ContactPoint.id)
    ).all()


def require_outside(session: Session, point_id: int) -> None:
    """Stop here unless this is a contact point outside the agency that is not ended.

    Raises:
        NotFound: It is not.
    """
    point = session.get(ContactPoint, point_id)
    if point is None or point.officer_id is not None or point.ended_at is not None:
        raise NotFound("No such contact point outside the agency.")


def _add(
    session: Session, actor: Actor, new: NewPoint, officer_id: int | None, now: datetime
) -> ContactPoint:
    require_address(new.means, new.address)
    if not 0 <= new.after_s <= LONGEST_DELAY_S:
        raise Invalid("The delay is from 0 to 3600 s.")
    if new.quiet is not None and new.quiet[0] == new.quiet[1]:
        raise Invalid("Quiet hours must end at another time than they begin.")
    if len(list_points(session, officer_id)) >= MOST_POINTS:
        message = f"There are {MOST_POINTS} already; end one first."
        raise Conflict(message)
    since, until = new.quiet or (None, None)
    point = ContactPoint(
        agency_id=actor.agency_id,
        officer_id=officer_id,
        name=new.name,
        means=str(new.means),
        address=new.address,
        severities=sorted(new.severities),
        after_s=new.after_s,
        quiet_from=since,
        quiet_until=until,
        secrets=[new_secret()] if new.means is Means.WEBHOOK else [],
        made_by_id=actor.officer_id,
        made_at=now,
    )
    session.add(point)
    session.flush()
    _record(session, actor, audit.Tag.CONTACT_POINT_ADDED, point, now)
    return point


def _find(session: Session, actor: Actor, point_id: int) -> ContactPoint:
    point = session.get(ContactPoint, point_id, with_for_update=True)
    if point is None or point.ended_at is not None:
        raise NotFound
    is_own = point.officer_id == actor.officer_id
    may_set = point.officer_id is None and actor.may(Permission.SET_RESPONSES)
    if not (is_own or may_set):
        raise NotFound
    return point


def _record(
    session: Session, actor: Actor, tag: audit.Tag, point: ContactPoint, now: datetime
) -> None:
    audit.record_by(session, actor, now, tag, f"contact_point:{point.id}", means=point.means)
