"""What an alert is: its kinds and severities, its states, and who may change what."""

from collections.abc import Collection
from enum import StrEnum

from supervision.core.access import Role
from supervision.core.errors import Conflict
from supervision.core.fixes import EventKind


class AlertKind(StrEnum):
    """What the software can find that an officer must handle.

    `CHECKINS_MISSED` is a miss that makes a pattern with others, and matters more. `CHECKIN_FAR` is
    a check-in by telephone far from where the tracker is.
    """

    ZONE_ENTRY = "zone_entry"
    ZONE_APPROACH = "zone_approach"
    ZONE_ABSENCE = "zone_absence"
    STRAP_TAMPER = "strap_tamper"
    CASE_TAMPER = "case_tamper"
    JAMMING = "jamming"
    SHIELDING = "shielding"
    BATTERY_CRITICAL = "battery_critical"
    BATTERY_LOW = "battery_low"
    BUTTON = "button"
    CLAUSE_UNCOVERED = "clause_uncovered"
    CHECKIN_MISSED = "checkin_missed"
    CHECKINS_MISSED = "checkins_missed"
    CHECKIN_FAR = "checkin_far"


class Severity(StrEnum):
    """How much it matters, worst first in `SEVERITY_ORDER`."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


SEVERITY_ORDER = tuple(Severity)


class AlertState(StrEnum):
    """How far an officer has come with it."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
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
    CLOSED = "closed"


class Means(StrEnum):
    """How a message goes out; `LOG` stands in for e-mail where no mail server is set."""

    EMAIL = "email"
    SMS = "sms"
    LOG = "log"


class Notice(StrEnum):
    """What a message is about: an alert, or somebody's check-in before and after it opens."""

    ALERT = "alert"
    CHECKIN_AHEAD = "checkin_ahead"
    CHECKIN_OPEN = "checkin_open"


TRANSITIONS: dict[tuple[AlertState, Change], AlertState] = {
    (AlertState.OPEN, Change.ACKNOWLEDGED): AlertState.ACKNOWLEDGED,
    (AlertState.OPEN, Change.CLOSED): AlertState.CLOSED,
    (AlertState.ACKNOWLEDGED, Change.CLOSED): AlertState.CLOSED,
}

# A zone entry that is only possible is still looked at the same hour, hence high, not medium.
_SEVERITIES: dict[AlertKind, Severity] = {
    AlertKind.ZONE_ENTRY: Severity.HIGH,
    AlertKind.ZONE_APPROACH: Severity.HIGH,
    AlertKind.ZONE_ABSENCE: Severity.MEDIUM,
    AlertKind.STRAP_TAMPER: Severity.CRITICAL,
    AlertKind.CASE_TAMPER: Severity.HIGH,
    AlertKind.JAMMING: Severity.HIGH,
    AlertKind.SHIELDING: Severity.HIGH,
    AlertKind.BATTERY_CRITICAL: Severity.HIGH,
    AlertKind.BATTERY_LOW: Severity.MEDIUM,
    AlertKind.BUTTON: Severity.MEDIUM,
    AlertKind.CLAUSE_UNCOVERED: Severity.HIGH,
    AlertKind.CHECKIN_MISSED: Severity.MEDIUM,
    AlertKind.CHECKINS_MISSED: Severity.HIGH,
    AlertKind.CHECKIN_FAR: Severity.HIGH,
}

_CONFIRMED: dict[AlertKind, Severity] = {
    AlertKind.ZONE_ENTRY: Severity.CRITICAL,
    AlertKind.ZONE_ABSENCE: Severity.HIGH,
}

# Pretrial services enter orders and draw zones; who supervises handles the rest.
_OF_PRETRIAL = frozenset({AlertKind.CLAUSE_UNCOVERED})

RAISED_BY: dict[EventKind, AlertKind] = {
    EventKind.STRAP_CUT: AlertKind.STRAP_TAMPER,
    EventKind.CASE_OPEN: AlertKind.CASE_TAMPER,
    EventKind.JAMMING: AlertKind.JAMMING,
    EventKind.SHIELDING: AlertKind.SHIELDING,
    EventKind.BATTERY_CRITICAL: AlertKind.BATTERY_CRITICAL,
    EventKind.BATTERY_LOW: AlertKind.BATTERY_LOW,
    EventKind.BUTTON: AlertKind.BUTTON,
}


def severity_of(kind: AlertKind, grade: str | None) -> Severity:
    """How severe a finding is; a confirmed zone entry is critical, a confirmed absence high.

    Args:
        kind: What was found.
        grade: `confirmed`, `possible`, or None where grades do not apply.
    """
    if grade == "confirmed":
        return _CONFIRMED.get(kind, _SEVERITIES[kind])
    return _SEVERITIES[kind]


def dedup_key(kind: AlertKind, *parts: object) -> str:
    """The key under which one occurrence is one alert: `kind:version:parts`."""
    return ":".join([kind, "1", *map(str, parts)])


def next_state(state: AlertState, change: Change) -> AlertState:
    """Where an officer's action takes an alert.

    Raises:
        Conflict: The state does not allow it; nothing was changed.
    """
    try:
        return TRANSITIONS[state, change]
    except KeyError:
        message = f"An alert that is {state} cannot be {change}."
        raise Conflict(message) from None


def may_handle(role: Role, kind: AlertKind) -> bool:
    """Whether alerts of this kind are among those that a role which handles alerts may handle."""
    return role is not Role.PRETRIAL or kind in _OF_PRETRIAL


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
