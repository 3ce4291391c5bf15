"""Writes the message that a claim is about, as things stand when it is sent."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session

from alerts.channels import Message
from alerts.outbox import Claim
from alerts.rules import Means, Notice
from alerts.wording import Appointment, Words, to_officer, to_person
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
    values = {"id": claimed.notification_id}
    if claimed.notice is Notice.ALERT:
        row = session.execute(_ALERT, values).one()
        link = f"{links.public_url}/alerts/{row.alert_id}"
        words, address = to_officer(row.alert_id, row.severity, row.kind, link), row.email
    else:
        row = session.execute(_CHECKIN, values).one()
        words = _to_person(row, claimed.means, links, now)
        address = row.phone if claimed.means is Means.SMS else row.email
    return Message(claimed.key, claimed.notification_id, address or "", *words)


def _to_person(row: Any, means: Means, links: CheckinLinks, now: datetime) -> Words:  # noqa: ANN401 -- a row
    about = Appointment(row.purpose, row.opens_at, row.closes_at, ZoneInfo(row.time_zone))
    return to_person(about, row.language, means, now, links.url(row.agency_id, row.checkin_id))


_ALERT = text(
    "SELECT a.id AS alert_id, a.severity, a.kind, o.email FROM notification n"
    " JOIN alert a ON a.id = n.alert_id JOIN officer o ON o.id = n.officer_id WHERE n.id = :id"
)
# Other rooms' tables, by their names alone.
_CHECKIN = text(
    "SELECT c.agency_id, c.id AS checkin_id, c.purpose, c.opens_at, c.closes_at, v.time_zone,"
    " s.language, s.phone, s.email FROM notification n JOIN checkin c ON c.id = n.checkin_id"
    " JOIN checkin_plan_version v ON v.id = c.checkin_plan_version_id"
    " JOIN supervisee s ON s.id = n.supervisee_id WHERE n.id = :id"
)
