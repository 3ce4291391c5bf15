"""Reminds people of their check-ins: what is due is settled and put in the outbox together."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from alerts import service as alerting
from alerts.rules import Means, Notice, means_to_reach
from supervision.checkins.reminding import Outcome, ReminderKind
from supervision.checkins.service import DueReminder, claim_reminders, settle_reminders
from supervision.register.contacts import NO_CONTACT, Contact
from supervision.register.roster import contacts_of

_NOTICES = {
    ReminderKind.AHEAD: Notice.CHECKIN_AHEAD,
    ReminderKind.OPEN: Notice.CHECKIN_OPEN,
}


def key_of(checkin_id: int, reminder_id: int) -> str:
    """The key under which a reminder is one message; `reminded` finds it by this."""
    return f"checkin:{checkin_id}:reminder:{reminder_id}"


def remind(session: Session, installed: Collection[Means], now: datetime, most: int) -> int:
    """Queue reminders whose time has come and that still help; the caller commits.

    Args:
        session: Open transaction of the engine role.
        installed: How messages can go out here.
        now: Aware UTC.
        most: At most so many.

    Returns:
        How many were settled, also as pointless or unreachable; none is left when it is 0.
    """
    due = claim_reminders(session, now, most)
    helpful = [one for one in due if one.helps]
    contacts = contacts_of(session, {one.supervisee_id for one in helpful})
    means = {
        one.id: _means(contacts.get(one.supervisee_id, NO_CONTACT), installed) for one in helpful
    }
    notices = [_notice(one, chosen) for one in helpful if (chosen := means[one.id])]
    alerting.enqueue_notices(session, notices, now)
    settle_reminders(session, {one.id: _outcome(one, means.get(one.id)) for one in due}, now)
    return len(due)


def _means(contact: Contact, installed: Collection[Means]) -> Means | None:
    return means_to_reach(
        has_phone=contact.phone is not None,
        has_email=contact.email is not None,
        installed=installed,
    )


def _outcome(one: DueReminder, means: Means | None) -> Outcome:
    if not one.helps:
        return Outcome.POINTLESS
    return Outcome.UNREACHABLE if means is None else Outcome.QUEUED


def _notice(one: DueReminder, means: Means) -> alerting.NewNotice:
    return alerting.NewNotice(
        one.agency_id,
        one.supervisee_id,
        one.checkin_id,
        _NOTICES[one.kind],
        means,
        key_of(one.checkin_id, one.id),
        expires_at=one.closes_at,
    )
