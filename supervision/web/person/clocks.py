"""Tells instants as the person reads them: his language, his time zone, day and hour in words."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

NOON = 12
_DAYS = {
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "es": ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
}
_MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "es": [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
}
_HALVES = {"en": ("AM", "PM"), "es": ("a.\u00a0m.", "p.\u00a0m.")}
_TODAY = {"en": "today", "es": "hoy"}


@dataclass(frozen=True, slots=True)
class Clocks:
    """A person's wall clock at one moment.

    Attributes:
        language: `en` or `es`.
        zone: The person's time zone.
        now: The request's present instant, aware UTC.
    """

    language: str
    zone: ZoneInfo
    now: datetime

    def moment(self, at: datetime) -> Markup:
        """Day, hour and the time zone's name: `Monday, September 21, 6:00 PM EDT`."""
        local = at.astimezone(self.zone)
        words = f"{self._day(local)}, {self._hour(local)}\u00a0{local:%Z}"
        return Markup('<time datetime="{}">{}</time>').format(at.isoformat(), words)

    def _day(self, local: datetime) -> str:
        if local.date() == self.now.astimezone(self.zone).date():
            return _TODAY[self.language]
        day = _DAYS[self.language][local.weekday()]
        month = _MONTHS[self.language][local.month - 1]
        if self.language == "es":
            return f"{day} {local.day} de {month}"
        return f"{day}, {month} {local.day}"

    def _hour(self, local: datetime) -> str:
        half = _HALVES[self.language][local.hour >= NOON]
        return f"{local.hour % NOON or NOON}:{local:%M}\u00a0{half}"
