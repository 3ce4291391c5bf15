"""The sentences of a dispatch packet, the same on the page and in the message; no place of hers."""

from collections.abc import Sequence
from datetime import datetime

from alerts.catalogue import AlertKind
from supervision.core.fixes import Source
from supervision.register.contacts import Language
from supervision.register.service import OfficerRecord, SuperviseeRecord
from supervision.web.console import wording
from supervision.web.console.alert_facts import StayFacts
from supervision.web.console.order_terms import Terms
from supervision.web.console.times import Times, age_words
from supervision.web.dispatch.packet import Packet
from supervision.web.dispatch.whereabouts import LastFix, Way, Whereabouts

OLD_S = 300.0
FULL_TURN_DEG = 360.0
MPH_PER_MPS = 3600 / 1609.344
KMH_PER_MPS = 3.6
POINTS = (
    "north",
    "north-east",
    "east",
    "south-east",
    "south",
    "south-west",
    "west",
    "north-west",
)
# How a stay is told to have begun, to have ended, and to last; an absence is a stay outside.
STAYS = {
    AlertKind.ZONE_ENTRY: ("Entered", "Left", "Last seen inside"),
    AlertKind.ZONE_APPROACH: ("Came near", "Went away", "Last seen near"),
    AlertKind.ZONE_ABSENCE: ("Away since", "Came back", "Last seen away"),
}
LANGUAGES = {Language.ENGLISH: "English", Language.SPANISH: "Spanish"}
RESTRICTION = "For the responding patrol and its dispatcher. Not to be published or passed on."
NOT_PROVEN = (
    "The software reports findings. Whether an order was violated is for a person to judge."
)
THROUGH_OFFICER = "Only through the officers named below."
NO_FIX = "No position of him is known."
NO_DIRECTION = "His last fixes tell no direction."
NO_ORDER = "No order against him is in force."
UNKNOWN = "not known"
CLOSED = "The alert is closed: the agency has dealt with it."


def compass(course_deg: float) -> str:
    """The nearest of eight points of the compass."""
    eighth_deg = FULL_TURN_DEG / len(POINTS)
    return POINTS[round(course_deg / eighth_deg) % len(POINTS)]


def last_known(fix: LastFix, times: Times) -> str:
    """When, how long ago and how exactly somebody was seen there; nothing is made newer."""
    age = age_words((times.now - fix.fixed_at).total_seconds())
    return f"{plain(times, fix.fixed_at)}, {age} ago, {within(fix)}"


def within(fix: LastFix) -> str:
    """How exact a fix is, as its device stated it, and how it was found."""
    if fix.accuracy_m is None:
        how = "accuracy not stated"
    else:
        how = f"within {wording.metres(fix.accuracy_m)}"
    source = wording.SOURCES[fix.source]
    return how if fix.source is Source.UNKNOWN else f"{how} ({source})"


def is_old(fix: LastFix, times: Times) -> bool:
    """Whether somebody may be far from there by now."""
    return (times.now - fix.fixed_at).total_seconds() >= OLD_S


def place(fix: LastFix) -> str:
    """Where it is, each number by its name: maps and people order them differently."""
    return f"latitude {fix.lat:.5f}, longitude {fix.lon:.5f}"


def moved(way: Way, times: Times) -> str:
    """Which way somebody went and how fast, between which instants."""
    speed_mps = way.motion.speed_mps
    fast = f"{speed_mps * MPH_PER_MPS:.0f} mph ({speed_mps * KMH_PER_MPS:.0f} km/h)"
    from_at, until_at = (plain(times, at) for at in (way.from_at, way.until_at))
    return f"went {compass(way.motion.course_deg)} at about {fast}, {from_at} to {until_at}"


def whereabouts(seen: Whereabouts | None, times: Times) -> list[str]:
    """Where he was last, with what makes it doubtful; one sentence each."""
    if seen is None:
        return [NO_FIX]
    said = [f"Last known {last_known(seen.last, times)}: {place(seen.last)}."]
    if seen.better is not None:
        said.append(f"Last exact {last_known(seen.better, times)}: {place(seen.better)}.")
    said.append(f"He {moved(seen.way, times)}." if seen.way else NO_DIRECTION)
    return said + doubts(seen, times)


def doubts(seen: Whereabouts, times: Times) -> list[str]:
    """Why he may be elsewhere."""
    said = []
    if seen.strap_cut_at is not None:
        since = plain(times, seen.strap_cut_at)
        said.append(f"The strap was reported cut or opened {since}: the tracker may be off him.")
    if is_old(seen.better or seen.last, times):
        said.append("This is old: he may be far from there by now.")
    return said


def who(person: SuperviseeRecord) -> list[tuple[str, str]]:
    """Who he is, as far as the register knows."""
    notes = person.patrol_notes
    return [
        ("Name", person.full_name),
        ("Case number", person.case_number),
        ("Description", notes.description or UNKNOWN),
        ("Vehicle", notes.vehicle or UNKNOWN),
        ("Language", LANGUAGES[person.contact.language]),
    ]


def terms(orders: Sequence[Terms]) -> list[str]:
    """What he may not do: one sentence for each clause of an order in force."""
    said = [
        f"Order {one.order.court_case_number}, {one.order.court}: clause {code}: {meaning}."
        for one in orders
        for code, meaning in one.clauses
    ]
    return said or [NO_ORDER]


def safe_contact(orders: Sequence[Terms]) -> str:
    """How she is reached, where the link shows it; else through whom."""
    shown = [one.safe_contact for one in orders if one.safe_contact is not None]
    return " / ".join(dict.fromkeys(shown)) or THROUGH_OFFICER


def happened(packet: Packet) -> list[tuple[str, str]]:
    """What the alert rests on, as its page says it, but how near to a place of hers he was."""
    alert, times = packet.alert, packet.times
    facts = [("Happened", plain(times, alert.occurred_at))]
    if packet.stay is not None:
        facts = _stayed(AlertKind(alert.kind), packet.stay, times)
    elif alert.cleared_at is not None:
        facts.append(("Over since", plain(times, alert.cleared_at)))
    facts.append(("Found", plain(times, alert.found_at)))
    if alert.kind == AlertKind.CHECKIN_FAR:
        facts.append(("Phone and tracker apart", wording.metres(alert.evidence["distance_m"])))
    elif alert.evidence.get("source") == "phone":
        facts.append(("Shown by", "the phone at a check-in, not the tracker"))
    if alert.grade is not None:
        facts.append(("Grade", ". ".join(wording.GRADES[alert.grade])))
    if alert.is_late:
        facts.append(("Late", "It was found long after it happened."))
    if alert.evidence.get("is_withdrawn"):
        facts.append(("Withdrawn", "Later fixes show that it was not so."))
    return facts


def _stayed(kind: AlertKind, stay: StayFacts, times: Times) -> list[tuple[str, str]]:
    began, ended, lasts = STAYS[kind]
    last = (ended, stay.left_at) if stay.left_at else (lasts, stay.last_seen_at)
    return [
        (began, plain(times, stay.entered_at)),
        (last[0], plain(times, last[1])),
        ("Probability", wording.percent(stay.decided_share)),
        ("Found by", wording.EVIDENCE_KINDS[stay.evidence_kind]),
    ]


def plain(times: Times, at: datetime) -> str:
    """An instant by the agency's clock, without the page's marks."""
    return times.exact(at).striptags()


def reached(officer: OfficerRecord) -> str:
    """An officer by name, number and address."""
    number = officer.duty_phone or "no number on duty is known"
    return f"{officer.display_name}, {number}, {officer.email}"
