"""Links to dispatch packets as they are found and opened.

A link's token is told once and kept as its hash; each opening is a row and on the audit trail.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from alerts.models import DispatchOpening
from alerts.rules import PacketForm
from supervision.core import audit
from supervision.core.errors import NotFound
from supervision.core.tokens import hash_token


@dataclass(frozen=True, slots=True)
class OpenDispatchLink:
    """A link that opens its packet now."""

    id: int
    agency_id: int
    alert_id: int
    shows_safe_contact: bool
    made_by_id: int
    made_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class DispatchLinkRecord:
    """A link, ended ones too, and how often its packet was read."""

    id: int
    alert_id: int
    shows_safe_contact: bool
    made_by_id: int
    made_by: str
    made_at: datetime
    expires_at: datetime
    withdrawn_at: datetime | None
    opened_count: int
    last_opened_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Whether it opens its packet then."""
        return self.withdrawn_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class Opening:
    """A reading of a packet, by the number that no other reading has."""

    id: int
    at: datetime


_OPEN = text(
    "SELECT id, agency_id, alert_id, shows_safe_contact, made_by_id, made_at, expires_at"
    " FROM dispatch_link WHERE token_hash = :hash AND withdrawn_at IS NULL AND expires_at > :now"
)
_LISTED = text(
    "SELECT l.id, l.alert_id, l.shows_safe_contact, l.made_by_id, m.display_name AS made_by,"
    " l.made_at, l.expires_at, l.withdrawn_at, count(p.id) AS opened_count,"
    " max(p.at) AS last_opened_at FROM dispatch_link l JOIN officer m ON m.id = l.made_by_id"
    " LEFT JOIN dispatch_opening p ON p.dispatch_link_id = l.id"
    " WHERE l.alert_id = :alert GROUP BY l.id, m.display_name ORDER BY l.id"
)
_LAST_OPENING = text(
    "SELECT id, at FROM dispatch_opening WHERE dispatch_link_id = :link AND form = :form"
    " ORDER BY id DESC LIMIT 1"
)


def list_dispatch_links(session: Session, alert_id: int) -> list[DispatchLinkRecord]:
    """The links to the packet about an alert, oldest first; whether it may be seen is asked."""
    rows = session.execute(_LISTED, {"alert": alert_id}).mappings()
    return [DispatchLinkRecord(**row) for row in rows]


def find_dispatch_link(session: Session, token: str, now: datetime) -> OpenDispatchLink:
    """The link that a token opens, in the agency that the transaction is bound to.

    Raises:
        NotFound: None: it never did, or does no more.
    """
    values = {"hash": hash_token(token), "now": now}
    row = session.execute(_OPEN, values).mappings().one_or_none()
    if row is None:
        raise NotFound
    return OpenDispatchLink(**row)


def find_last_opening(session: Session, link_id: int, form: PacketForm) -> Opening | None:
    """When a packet was last read in this form by this link, if it was."""
    row = session.execute(_LAST_OPENING, {"link": link_id, "form": form}).mappings().one_or_none()
    return None if row is None else Opening(**row)


def note_opening(
    session: Session, link: OpenDispatchLink, form: PacketForm, now: datetime
) -> Opening:
    """Put on record that a packet is read now; call it last, it holds the trail until the commit.

    The caller commits before it shows anything: what is not on record is not shown.
    """
    row = DispatchOpening(agency_id=link.agency_id, dispatch_link_id=link.id, form=form, at=now)
    session.add(row)
    session.flush()
    who, subject = audit.patrol(link.id), f"dispatch_link:{link.id}"
    tag, told = audit.Tag.DISPATCH_OPENED, {"alert_id": link.alert_id, "form": form}
    audit.record(session, link.agency_id, now, who, tag, subject, **told)
    return Opening(row.id, now)
