"""What messages say: to officers about alerts, to people about their check-ins.

No message names a person, a place, a case or an officer: a phone's lock screen is read by others.
A text message is one part of 160 signs of the alphabet that phones share (GSM 03.38), the link
included; that alphabet has no á, í, ó, ú, so the sentences of text messages do without.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from alerts.rules import Means

NOON_HOUR = 12


class Words(NamedTuple):
    """A message: its one line for a list or lock screen, and the whole of it."""

    subject: str
    text: str


class Appointment(NamedTuple):
    """What a person is written to about.

    Attributes:
        purpose: `checkin`, `court` or `appointment`.
        opens_at: Aware.
        closes_at: Aware.
        zone: By whose clocks it is told.
    """

    purpose: str
    opens_at: datetime
    closes_at: datetime
    zone: ZoneInfo


class _Speech(NamedTuple):
    purposes: dict[str, str]
    weekdays: str
    months: str
    day: str
    ahead: str
    now: str
    mail: str


_SPEECHES = {
    "en": _Speech(
        purposes={"checkin": "check-in", "court": "court hearing", "appointment": "appointment"},
        weekdays="Mon Tue Wed Thu Fri Sat Sun",
        months="Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        day="{weekday}, {month} {day}",
        ahead="Reminder: your {purpose} is on {opens}.",
        now="It is time for your {purpose}, until {closes}.",
        mail=(
            "{sentence}\n\nWhat to do: {link}\n\nThe link is for you alone. Do not pass it on, and"
            " do not answer this message.\n"
        ),
    ),
    "es": _Speech(
        purposes={"checkin": "control", "court": "cita en la corte", "appointment": "cita"},
        weekdays="lun mar mié jue vie sab dom",
        months="ene feb mar abr may jun jul ago sep oct nov dic",
        day="{weekday} {day} {month}",
        ahead="Recordatorio: su {purpose} es el {opens}.",
        now="Es hora de su {purpose}, hasta el {closes}.",
        mail=(
            "{sentence}\n\nQué hacer: {link}\n\nEl enlace es solo para usted. No lo comparta ni"
            " responda a este mensaje.\n"
        ),
    ),
}


def to_officer(alert_id: int, severity: str, kind: str, link: str) -> Words:
    """That an alert waits, how severe it is, and where to open it."""
    return Words(
        f"{severity.capitalize()} alert {alert_id}",
        f"A {severity} alert ({kind.replace('_', ' ')}) waits for you.\n\nOpen it: {link}\n",
    )


def to_outside(alert_id: int, severity: str, kind: str, agency: str) -> Words:
    """The same to somebody outside the agency, who cannot open it and must be told whom to ask."""
    return Words(
        f"{severity.capitalize()} alert {alert_id} of {agency}",
        f"A {severity} alert ({kind.replace('_', ' ')}), number {alert_id}, of {agency} waits.\n\n"
        "Call the agency and name the number.\n",
    )


def of_drill(drill_id: int, severity: str, kind: str, agency: str, *, link: str | None) -> Words:
    """That this is a drill and nobody is in danger; whoever can open the link is asked to answer.

    Args:
        drill_id: Which.
        severity: That of the alert that is drilled.
        kind: Its kind.
        agency: Whose drill it is.
        link: None for somebody outside the agency, who need do nothing.
    """
    alert = f"{severity} alert ({kind.replace('_', ' ')})"
    reach = f"DRILL {drill_id} of {agency}. Nobody is in danger. So a {alert} would reach you."
    ask = "You need do nothing." if link is None else f"Say that it reached you: {link}"
    return Words(f"DRILL {drill_id}: this is only a test", f"{reach}\n\n{ask}\n")


def of_many(count: int, incidents: Sequence[str], link: str) -> Words:
    """That several alerts wait, what they have in common, and where to see them.

    Args:
        count: How many.
        incidents: A line for each severity and kind.
        link: The list of all.
    """
    subject = f"{count} alerts wait for you"
    return Words(subject, "\n".join([f"{subject}:", *incidents, "", f"Open them: {link}/", ""]))


def to_person(about: Appointment, language: str, means: Means, now: datetime, link: str) -> Words:
    """That a check-in is coming, or may be done now, and where to see to it."""
    speech = _SPEECHES[language]
    sentence = (speech.ahead if now < about.opens_at else speech.now).format(
        purpose=speech.purposes[about.purpose],
        opens=_shown(about.opens_at, about.zone, speech),
        closes=_shown(about.closes_at, about.zone, speech),
    )
    if means is Means.SMS:
        return Words(sentence, f"{sentence} {link}")
    return Words(sentence.removesuffix("."), speech.mail.format(sentence=sentence, link=link))


def _shown(at: datetime, zone: ZoneInfo, speech: _Speech) -> str:
    """Day and time as people in the United States read them, such as Mon, Sep 21, 6:00 PM CDT."""
    local = at.astimezone(zone)
    day = speech.day.format(
        weekday=speech.weekdays.split()[local.weekday()],
        month=speech.months.split()[local.month - 1],
        day=local.day,
    )
    hour, half = local.hour % NOON_HOUR or NOON_HOUR, "AM" if local.hour < NOON_HOUR else "PM"
    return f"{day}, {hour}:{local.minute:02} {half} {local.tzname()}"
