"""Reads the catalogue: for each kind of finding its class, severities, response and handlers.

The catalogue is a file, so that an advocate or a court can read what the software thinks of each
kind; it is read once, and what does not fit together stops the process at its start.
"""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from typing import Any

from supervision.core.fixes import EventKind


class AlertKind(StrEnum):
    """What the software can find that an officer must handle.

    `CHECKINS_MISSED` is a miss that makes a pattern with others, and matters more. `CHECKIN_FAR` is
    a check-in by telephone far from where the tracker is. `PROTECTED_BUTTON` and
    `PROTECTED_BATTERY` come from the device that a protected person carries.
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
    PROTECTED_BUTTON = "protected_button"
    PROTECTED_BATTERY = "protected_battery"
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


class Urgency(StrEnum):
    """The class of a finding at its source: an alarm wants somebody now, a task on a list."""

    ALARM = "alarm"
    TASK = "task"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the catalogue says of one kind.

    Attributes:
        urgency: Alarm or task.
        severity: While it is only possible, or where grades do not apply.
        confirmed: Once it is confirmed.
        protocol: Keys of the steps of the response, in order.
        floor: Those that no agency may leave out.
        is_for_pretrial: Whether pretrial services handle it too.
    """

    urgency: Urgency
    severity: Severity
    confirmed: Severity
    protocol: tuple[str, ...]
    floor: frozenset[str]
    is_for_pretrial: bool

    @property
    def is_ever_critical(self) -> bool:
        """Whether it is, or may become, of the highest severity."""
        return Severity.CRITICAL in {self.severity, self.confirmed}


def _read() -> dict[str, Any]:
    return tomllib.loads(resources.files("alerts").joinpath("catalogue.toml").read_text("utf-8"))


def _entry(said: dict[str, Any]) -> Entry:
    return Entry(
        Urgency(said["class"]),
        Severity(said["severity"]),
        Severity(said.get("confirmed", said["severity"])),
        tuple(said["protocol"]),
        frozenset(said.get("floor", ())),
        is_for_pretrial=said.get("for", "supervision") == "pretrial",
    )


_SAID = _read()
CATALOGUE: dict[AlertKind, Entry] = {kind: _entry(_SAID["kind"][kind]) for kind in AlertKind}
STEPS: dict[str, str] = _SAID["step"]


def _raised(table: str) -> dict[EventKind, AlertKind]:
    return {EventKind(event): AlertKind(kind) for event, kind in _SAID[table].items()}


RAISED_BY = _raised("reported")
RAISED_FOR_PROTECTED_BY = _raised("reported_for_protected")
