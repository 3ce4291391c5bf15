"""Writes the message that a claim is about, as things stand when it is sent."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session

from alerts.channels import Message
from alerts.claims import Claim
from alerts.incidents import Told, incidents
from alerts.rules import Means, Notice
from alerts.wording import Appointment, Words, of_drill, of_many, to_officer, to_outside, to_person
from supervision.core.links import CheckinLinks


def write_letter(session: Session, claimed: Claim, links: CheckinLinks, now: datetime) -> Message:
    """The message to an officer about an alert, or to a person about his check-in.

    A link is signed here and kept nowhere; it is the same over every attempt (ADR-0013). The
    address is the one known now, and empty where it has been taken off the record meanwhile.

    Args:
        session: Open transaction of the engine role, only read.
        claimed: What it is about.
        links: Where the web is reached, and how people's own links are signed.
        now: Aware UTC.
    """
    if claimed.notice is Notice.ALERT:
        return _of_alerts(session, claimed, links)
    row = session.execute(_CHECKIN, {"id": claimed.notification_id}).one()
    words = _to_person(row, claimed.means, links, now)
    address = row.phone if claimed.means is Means.SMS else row.email
    return Message(claimed.key, claimed.notification_id, address or "", *words)


def _of_alerts(session: Session, claimed: Claim, links: CheckinLinks) -> Message:
    rows = session.execute(_ALERTS, {"ids": list(claimed.members)}).all()
    first = rows[0]
    if claimed.is_bundle:
        words = of_many(len(rows), _incidents(session, claimed), links.public_url)
    elif first.drill_id is not None:
        link = f"{links.public_url}/drills/{first.drill_id}" if first.officer_id else None
        words = of_drill(first.drill_id, first.severity, first.kind, first.agency, link=link)
    elif first.officer_id is None:
        words = to_outside(first.alert_id, first.severity, first.kind, first.agency)
    else:
        link = f"{links.public_url}/alerts/{first.alert_id}"
        words = to_officer(first.alert_id, first.severity, first.kind, link)
    who = (claimed.key, claimed.notification_id, first.address or "", *words)
    about = tuple(row.alert_id for row in rows)
    is_drill = first.drill_id is not None
    return Message(*who, about, tuple(first.secrets or ()), is_drill=is_drill)


def _incidents(session: Session, claimed: Claim) -> list[str]:
    rows = session.execute(_TOLD, {"ids": list(claimed.members), "agency": claimed.agency_id})
    return incidents([Told(*row) for row in rows])


def _to_person(row: Any, means: Means, links: CheckinLinks, now: datetime) -> Words:  # noqa: ANN401 -- a row
    about = Appointment(row.purpose, row.opens_at, row.closes_at, ZoneInfo(row.time_zone))
    return to_person(about, row.language, means, now, links.url(row.agency_id, row.checkin_id))


# Other rooms' tables, by their names alone. A contact point that was ended, or whose
# officer may not sign in, has no address any more.
_ALERTS = text(
    "SELECT a.id AS alert_id, a.severity, a.kind, a.drill_id, g.name AS agency, n.officer_id,"
    " p.secrets,"
    " CASE WHEN n.officer_id IS NOT NULL AND o.id IS NULL THEN NULL"
    "  WHEN n.contact_point_id IS NULL THEN o.email"
    "  WHEN p.ended_at IS NULL THEN p.address END AS address"
    " FROM notification n JOIN alert a ON a.id = n.alert_id JOIN agency g ON g.id = n.agency_id"
    " LEFT JOIN officer o ON o.id = n.officer_id AND o.is_active"
    " LEFT JOIN contact_point p ON p.id = n.contact_point_id"
    " WHERE n.id = ANY(:ids) ORDER BY array_position(CAST(:ids AS bigint[]), n.id)"
)
# Where an agency has one model of tracker, that all have it says nothing.
_TOLD = text(
    "SELECT a.severity, a.kind, a.supervisee_id, CASE WHEN m.models > 1 THEN d.model END,"
    " a.occurred_at FROM notification n JOIN alert a ON a.id = n.alert_id"
    " LEFT JOIN device d ON d.id = CAST(a.evidence ->> 'device_id' AS bigint)"
    " CROSS JOIN (SELECT count(DISTINCT model) AS models FROM device"
    "  WHERE agency_id = :agency) m WHERE n.id = ANY(:ids)"
)
_CHECKIN = text(
    "SELECT c.agency_id, c.id AS checkin_id, c.purpose, c.opens_at, c.closes_at, v.time_zone,"
    " s.language, s.phone, s.email FROM notification n JOIN checkin c ON c.id = n.checkin_id"
    " JOIN checkin_plan_version v ON v.id = c.checkin_plan_version_id"
    " JOIN supervisee s ON s.id = n.supervisee_id WHERE n.id = :id"
)
