"""What calendars call things: nothing of a case, for they lie open on screens and servers."""

from dataclasses import dataclass

from supervision.checkins.rules import Method, Purpose


@dataclass(frozen=True, slots=True)
class Words:
    """A calendar's name and titles in one language."""

    calendar: str
    titles: dict[Purpose, str]


ENGLISH = Words(
    "Check-ins",
    {
        Purpose.CHECKIN: "Check-in",
        Purpose.COURT: "Court date",
        Purpose.APPOINTMENT: "Appointment",
    },
)
SPANISH = Words(
    "Controles",
    {
        Purpose.CHECKIN: "Control",
        Purpose.COURT: "Fecha en la corte",
        Purpose.APPOINTMENT: "Cita",
    },
)
LANGUAGES = {"en": ENGLISH, "es": SPANISH}
METHODS = {
    Method.VIDEO: "video",
    Method.PHONE: "telephone",
    Method.PHONE_IN_SIGHT: "telephone within sight",
    Method.IN_PERSON: "in person",
    Method.SELF: "by himself",
}
