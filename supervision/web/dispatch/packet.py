"""Puts a dispatch packet together, as it stands at the moment in which it is read.

It says what a patrol needs to find him and to know what he may not do, and nothing by which
whoever comes by the link finds her: no name, no place and no distance of hers (ADR-0019).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from alerts.models import Alert
from alerts.service import OpenDispatchLink
from supervision.core import audit
from supervision.register.service import (
    OfficerRecord,
    PhotoRecord,
    SuperviseeRecord,
    find_photo,
    get_agency,
    get_officer,
    get_supervisee,
)
from supervision.web.console.alert_facts import Grounds, StayFacts, find_grounds, find_stay
from supervision.web.console.order_terms import Terms, read_terms
from supervision.web.console.times import Times
from supervision.web.dispatch.whereabouts import Whereabouts, read_whereabouts


@dataclass(frozen=True, slots=True)
class Packet:
    """All that a packet says.

    Attributes:
        link: By which it is read.
        agency: Whose it is, by name.
        times: The agency's wall clock now.
        person: Who he is.
        photo: How he looks, if the agency has a picture.
        alert: What it is about.
        stay: The time in a zone that the alert tells of, if it tells of one.
        grounds: The clause behind that zone, as its order names it.
        whereabouts: Where he was last; None where nothing is known.
        terms: Of the orders in force.
        officers: Whom to call: who supervises him, and who made the link if that is another.
    """

    link: OpenDispatchLink
    agency: str
    times: Times
    person: SuperviseeRecord
    photo: PhotoRecord | None
    alert: Alert
    stay: StayFacts | None
    grounds: Grounds | None
    whereabouts: Whereabouts | None
    terms: list[Terms]
    officers: list[OfficerRecord]


def read_packet(session: Session, link: OpenDispatchLink, now: datetime) -> Packet:
    """The packet that a link opens, in the transaction that is bound to its agency."""
    alert = session.get_one(Alert, link.alert_id)
    agency = get_agency(session, link.agency_id)
    person = get_supervisee(session, alert.person_id, None)
    # What was entered later, no officer had read when he said that it may be shown.
    contacts_until = link.made_at if link.shows_safe_contact else None
    return Packet(
        link=link,
        agency=agency.name,
        times=Times(now, ZoneInfo(agency.time_zone)),
        person=person,
        photo=find_photo(session, person.id, None),
        alert=alert,
        stay=find_stay(session, alert.id),
        grounds=find_grounds(session, alert.zone_version_id, person.id),
        whereabouts=read_whereabouts(session, person.id),
        terms=read_terms(session, person.id, now, contacts_until),
        officers=_officers(session, link, person),
    )


def record_look(session: Session, packet: Packet, now: datetime) -> None:
    """Put on the audit trail whose place, and whose safe contact, the reader is shown."""
    agency_id, tag = packet.link.agency_id, audit.Tag.PROTECTED_PERSON_VIEWED
    shown = [one.order for one in packet.terms if one.safe_contact is not None]
    looks = [(tag, f"protected_person:{order.protected_person_id}") for order in shown]
    if packet.whereabouts is not None:
        looks.append((audit.Tag.POSITIONS_VIEWED, f"supervisee:{packet.person.id}"))
    detail = {"alert_id": packet.alert.id}
    facts = [audit.Fact(agency_id, tag, subject, detail) for tag, subject in looks]
    audit.record_many(session, now, audit.patrol(packet.link.id), facts)


def _officers(
    session: Session, link: OpenDispatchLink, person: SuperviseeRecord
) -> list[OfficerRecord]:
    ids: Sequence[int] = (person.supervising_officer_id, link.made_by_id)
    return [get_officer(session, link.agency_id, one) for one in dict.fromkeys(ids)]
