"""What may be done with an alert, and by whom.

An alert has two axes: its condition lasts or is over, as the evidence says; and people handle it.
The condition's end changes nothing about the handling: only a person closes an alert.
"""

from collections.abc import Collection
from enum import StrEnum

from alerts.catalogue import CATALOGUE, AlertKind, Severity
from supervision.core.access import Role
from supervision.core.errors import Conflict


class Handling(StrEnum):
    """How far people have come with it, whether its condition lasts or is over."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    IN_HAND = "in_hand"
    CLOSED = "closed"


class Disposition(StrEnum):
    """A person's judgement on closing; the software never speaks of a violation."""

    CONFIRMED_VIOLATION = "confirmed_violation"
    AUTHORISED = "authorised"
    GPS_DRIFT = "gps_drift"
    DEVICE_FAULT = "device_fault"
    DUPLICATE = "duplicate"
    OTHER = "other"


class Change(StrEnum):
    """What can happen to an alert; each leaves a row in its history."""

    RAISED = "raised"
    SUPPRESSED = "suppressed"
    CONFIRMED = "confirmed"
    EVIDENCE_ADDED = "evidence_added"
    CLEARED = "cleared"
    ACTIVE_AGAIN = "active_again"
    ACKNOWLEDGED = "acknowledged"
    TAKEN_IN_HAND = "taken_in_hand"
    STEP_TICKED = "step_ticked"
    CONTACT_LOGGED = "contact_logged"
    PACKET_SHARED = "packet_shared"
    PACKET_WITHDRAWN = "packet_withdrawn"
    SHELVED = "shelved"
    RELEASED = "released"
    ESCALATED = "escalated"
    UNREACHED = "unreached"
    REOPENED = "reopened"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"
    DRILL_ANSWERED = "drill_answered"
    DRILL_ENDED = "drill_ended"


class PacketForm(StrEnum):
    """How a dispatch packet is read: by a person, or by a dispatch centre's program."""

    PAGE = "page"
    CAP = "cap"


class Means(StrEnum):
    """How a message goes out; `LOG` stands in for e-mail where no mail server is set.

    `APP` is an officer's own program, which listens at the broker.
    """

    EMAIL = "email"
    SMS = "sms"
    VOICE = "voice"
    WEBHOOK = "webhook"
    APP = "app"
    LOG = "log"


class Notice(StrEnum):
    """What a message is about: an alert, or somebody's check-in before and after it opens."""

    ALERT = "alert"
    CHECKIN_AHEAD = "checkin_ahead"
    CHECKIN_OPEN = "checkin_open"


TRANSITIONS: dict[tuple[Handling, Change], Handling] = {
    (Handling.NEW, Change.ACKNOWLEDGED): Handling.ACKNOWLEDGED,
    (Handling.NEW, Change.TAKEN_IN_HAND): Handling.IN_HAND,
    (Handling.NEW, Change.CLOSED): Handling.CLOSED,
    (Handling.ACKNOWLEDGED, Change.TAKEN_IN_HAND): Handling.IN_HAND,
    (Handling.ACKNOWLEDGED, Change.CLOSED): Handling.CLOSED,
    # Somebody else takes it over.
    (Handling.IN_HAND, Change.TAKEN_IN_HAND): Handling.IN_HAND,
    (Handling.IN_HAND, Change.CLOSED): Handling.CLOSED,
    # It lay untouched for too long.
    (Handling.ACKNOWLEDGED, Change.REOPENED): Handling.NEW,
    (Handling.IN_HAND, Change.REOPENED): Handling.NEW,
    # Nobody judges what was a drill.
    (Handling.NEW, Change.DRILL_ENDED): Handling.CLOSED,
}


def severity_of(kind: AlertKind, grade: str | None) -> Severity:
    """How severe a finding is; a confirmed zone entry is critical, a confirmed absence high.

    Args:
        kind: What was found.
        grade: `confirmed`, `possible`, or None where grades do not apply.
    """
    entry = CATALOGUE[kind]
    return entry.confirmed if grade == "confirmed" else entry.severity


def dedup_key(kind: AlertKind, *parts: object) -> str:
    """The key under which one occurrence is one alert: `kind:version:parts`."""
    return ":".join([kind, "1", *map(str, parts)])


def next_state(state: Handling, change: Change) -> Handling:
    """Where an officer's action takes an alert.

    Raises:
        Conflict: The state does not allow it; nothing was changed.
    """
    try:
        return TRANSITIONS[state, change]
    except KeyError:
        message = f"An alert that is {_said(state)} cannot be {_said(change)}."
        raise Conflict(message) from None


def _said(name: str) -> str:
    return name.replace("_", " ")


def may_handle(role: Role, kind: AlertKind) -> bool:
    """Whether alerts of this kind are among those that a role which handles alerts may handle."""
    return role is not Role.PRETRIAL or CATALOGUE[kind].is_for_pretrial


def means_to_reach(
    *, has_phone: bool, has_email: bool, installed: Collection[Means]
) -> Means | None:
    """How a person is written to: to his phone where that is possible; None: not at all."""
    if has_phone and Means.SMS in installed:
        return Means.SMS
    if not has_email:
        return None
    return Means.EMAIL if Means.EMAIL in installed else Means.LOG


def require_note(kind: AlertKind, grade: str | None, disposition: Disposition, note: str) -> None:
    """A critical alert, or a disposition `other`, is not closed without a written note.

    Raises:
        Conflict: The note is missing; nothing was changed.
    """
    is_critical = severity_of(kind, grade) is Severity.CRITICAL
    if (is_critical or disposition is Disposition.OTHER) and not note.strip():
        message = "Write a note: this alert is not closed without one."
        raise Conflict(message)
