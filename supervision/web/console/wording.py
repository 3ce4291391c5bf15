"""The words of the console: what each finding, grade, state and judgement is called on screen."""

from alerts.rules import AlertKind, AlertState, Change, Disposition, Severity
from supervision.core.access import Role
from supervision.core.fixes import Source

SEVERITIES = {
    Severity.CRITICAL: "Critical",
    Severity.HIGH: "High",
    Severity.MEDIUM: "Medium",
    Severity.LOW: "Low",
}
STATES = {
    AlertState.OPEN: "Open",
    AlertState.ACKNOWLEDGED: "Acknowledged",
    AlertState.CLOSED: "Closed",
}
KINDS = {
    AlertKind.ZONE_ENTRY: "Exclusion zone entered",
    AlertKind.STRAP_TAMPER: "Strap reported cut or opened",
    AlertKind.CASE_TAMPER: "Tracker case reported open",
    AlertKind.JAMMING: "Jamming of the tracker reported",
    AlertKind.SHIELDING: "Shielding of the tracker reported",
    AlertKind.BATTERY_CRITICAL: "Tracker battery almost empty",
    AlertKind.BATTERY_LOW: "Tracker battery low",
    AlertKind.BUTTON: "Button on the tracker pressed",
}
DISPOSITIONS = {
    Disposition.CONFIRMED_VIOLATION: (
        "Confirmed violation",
        "In your judgement the order was violated.",
    ),
    Disposition.AUTHORISED: ("Authorised", "The court or the agency had allowed it."),
    Disposition.GPS_DRIFT: ("GPS drift", "The fixes were wrong; the person was not there."),
    Disposition.DEVICE_FAULT: ("Device fault", "The tracker does not work as it should."),
    Disposition.DUPLICATE: ("Duplicate", "Another alert covers the same occurrence."),
    Disposition.OTHER: ("Other", "None of these; the note says what."),
}
GRADES = {
    "confirmed": (
        "Confirmed",
        (
            "At least one fix lay inside the zone with its whole accuracy circle, so the place is"
            " certain within the accuracy that the tracker states."
        ),
    ),
    "possible": (
        "Possible",
        (
            "Fixes lay inside the zone, but no accuracy circle lay wholly inside it, or the fix"
            " came from a cell tower alone. The person may have been just outside."
        ),
    ),
}
CHANGES = {
    Change.RAISED: "Alert raised",
    Change.SUPPRESSED: "Same occurrence found again",
    Change.CONFIRMED: "Raised to confirmed",
    Change.EVIDENCE_ADDED: "Evidence added",
    Change.CLEARED: "Condition cleared",
    Change.ACTIVE_AGAIN: "Condition active again",
    Change.ACKNOWLEDGED: "Acknowledged",
    Change.CLOSED: "Closed",
}
SOURCES = {
    Source.UNKNOWN: "not stated",
    Source.GPS: "GPS",
    Source.WIFI: "Wi-Fi",
    Source.CELL: "cell tower",
    Source.RF: "home unit",
    Source.BLE: "Bluetooth",
}
SHAPES = {
    "circle": "Circle",
    "polygon": "Polygon",
    "corridor": "Corridor",
    "retired": "Retired",
}
ROLES = {
    Role.OFFICER: "Officer",
    Role.SUPERVISOR: "Supervisor",
    Role.PRETRIAL: "Pretrial officer",
    Role.ADMINISTRATOR: "Administrator",
}


LONG_M = 10_000


def metres(value: float) -> str:
    """A distance as one says it: whole metres, kilometres from 10,000 m on."""
    return f"{value / 1000:,.1f} km" if value >= LONG_M else f"{value:,.0f} m"


def signed_metres(value: float) -> str:
    """Where a point lies against a zone's edge."""
    side = "inside" if value < 0 else "outside"
    return f"{metres(abs(value))} {side}"
