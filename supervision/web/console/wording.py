"""The words of the console: what each finding, grade, state and judgement is called on screen."""

from alerts.catalogue import AlertKind, Severity
from alerts.escalation import Post
from alerts.load import Level
from alerts.protocols import Medium, Outcome, Whom
from alerts.rules import Change, Disposition, Handling, Means
from supervision.core.access import Role
from supervision.core.fixes import Source

SEVERITIES = {
    Severity.CRITICAL: "Critical",
    Severity.HIGH: "High",
    Severity.MEDIUM: "Medium",
    Severity.LOW: "Low",
}
HANDLINGS = {
    Handling.NEW: "New",
    Handling.ACKNOWLEDGED: "Acknowledged",
    Handling.IN_HAND: "In hand",
    Handling.CLOSED: "Closed",
}
KINDS = {
    AlertKind.ZONE_ENTRY: "Exclusion zone entered",
    AlertKind.ZONE_APPROACH: "Coming nearer to an exclusion zone",
    AlertKind.ZONE_ABSENCE: "Away from the place to be in",
    AlertKind.STRAP_TAMPER: "Strap reported cut or opened",
    AlertKind.CASE_TAMPER: "Tracker case reported open",
    AlertKind.JAMMING: "Jamming of the tracker reported",
    AlertKind.SHIELDING: "Shielding of the tracker reported",
    AlertKind.BATTERY_CRITICAL: "Tracker battery almost empty",
    AlertKind.BATTERY_LOW: "Tracker battery low",
    AlertKind.BUTTON: "Button on the tracker pressed",
    AlertKind.PROTECTED_BUTTON: "Protected person\u2019s button pressed",
    AlertKind.PROTECTED_BATTERY: "Battery of the protected person\u2019s device almost empty",
    AlertKind.CLAUSE_UNCOVERED: "No zone for a clause of the order",
    AlertKind.CHECKIN_MISSED: "Missed check-in",
    AlertKind.CHECKINS_MISSED: "Missed check-ins, third in 30 days or more",
    AlertKind.CHECKIN_FAR: "Phone at a check-in far from the tracker",
}
MEANS = {
    Means.SMS: "by text message",
    Means.EMAIL: "by e-mail",
    Means.VOICE: "by telephone call",
    Means.WEBHOOK: "by webhook",
    Means.APP: "by an app",
    Means.LOG: "to the log only",
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
LEVELS = {
    Level.ACCEPTABLE: "Acceptable",
    Level.MANAGEABLE: "Manageable",
    Level.OVERLOADED: "Overloaded",
}
OUTCOMES = {
    Outcome.DONE: "Done",
    Outcome.IN_VAIN: "In vain",
    Outcome.NOT_NEEDED: "Not needed",
}
WHOM = {
    Whom.PARTICIPANT: "Supervised person",
    Whom.PROTECTED_PERSON: "Protected person",
    Whom.POLICE: "Police",
    Whom.COURT: "Court",
    Whom.OTHER: "Somebody else",
}
MEDIA = {
    Medium.PHONE: "By telephone",
    Medium.MESSAGE: "By message",
    Medium.IN_PERSON: "In person",
    Medium.RADIO: "By radio",
    Medium.OTHER: "Otherwise",
}
GRADES = {
    "confirmed": (
        "Confirmed",
        (
            "All evidence together, fixes and the way between them, put the person inside with a"
            " probability of 85 in 100 or more."
        ),
    ),
    "possible": (
        "Possible",
        (
            "Fixes, or the straight way between two, lay inside the zone, but not so far or so"
            " surely that the person cannot have been just outside; a cell tower's fix or an"
            " impossible jump never says more."
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
    Change.TAKEN_IN_HAND: "Taken in hand",
    Change.STEP_TICKED: "Step of the response",
    Change.CONTACT_LOGGED: "Contact",
    Change.PACKET_SHARED: "Packet for a patrol shared",
    Change.PACKET_WITHDRAWN: "Packet for a patrol withdrawn",
    Change.SHELVED: "Held, its source is shelved",
    Change.RELEASED: "Held no more",
    Change.ESCALATED: "Climbed",
    Change.UNREACHED: "A message did not arrive",
    Change.HANDED_OVER: "Given to another officer",
    Change.REOPENED: "Untouched for too long, new again",
    Change.CLOSED: "Closed",
    Change.DRILL_ANSWERED: "Drill answered",
    Change.DRILL_ENDED: "Drill over",
}
POSTS = {
    Post.RESPONSIBLE: "the officer responsible is told",
    Post.BACKUP: "the backup is told",
    Post.SUPERVISORS: "the supervisors are told",
    Post.OFFICER: "another officer is told",
    Post.ROTA: "whoever is on call is told",
    Post.OUTSIDE: "a contact outside the agency is told",
}
SOURCES = {
    Source.UNKNOWN: "not stated",
    Source.GPS: "GPS",
    Source.WIFI: "Wi-Fi",
    Source.CELL: "cell tower",
    Source.RF: "home unit",
    Source.BLE: "Bluetooth",
    Source.PHONE: "phone at a check-in",
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


RINGS = {"zone": "in the zone", "warning": "in the warning ring around the zone"}
EVIDENCE_KINDS = {
    "fix": "a fix",
    "way": "the way between two fixes, both outside: times are read off the straight line",
    "carried": "the last fix before the zone counted",
}

LONG_M = 10_000
MINUTE_S = 60
SPANS_S = ((86_400, "d"), (3_600, "h"), (MINUTE_S, "min"), (1, "s"))


def metres(value: float) -> str:
    """A distance as one says it: whole metres, kilometres from 10,000 m on."""
    return f"{value / 1000:,.1f} km" if value >= LONG_M else f"{value:,.0f} m"


def percent(share: float) -> str:
    """A probability as one says it; never a round hundred, for no fix is that sure."""
    return f"{min(share, 0.999):.1%}"


def portion(share: float) -> str:
    """A part of a whole as one says it."""
    return f"{share:.1%}"


def eta(seconds: float) -> str:
    """In how long somebody is there, at the speed he had."""
    return f"{seconds / MINUTE_S:.0f} min" if seconds >= MINUTE_S else f"{seconds:.0f} s"


def signed_metres(value: float) -> str:
    """Where a point lies against a zone's edge."""
    side = "inside" if value < 0 else "outside"
    return f"{metres(abs(value))} {side}"


def span(seconds: int) -> str:
    """How long something lasts: `1 h`, `1 h 30 min`, `3 d`."""
    said, rest = [], seconds
    for unit_s, name in SPANS_S:
        count, rest = divmod(rest, unit_s)
        said += [f"{count} {name}"] if count else []
    return " ".join(said) or "none"


def slug(word: str) -> str:
    """A slug as a reader takes it: `no_position` is "no position"."""
    return word.replace("_", " ")
