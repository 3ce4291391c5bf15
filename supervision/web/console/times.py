"""Tells instants as the agency's officers read them: their time zone, the date where it matters."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

MINUTE_S = 60
HOUR_S = 3_600
DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Times:
    """The agency's wall clock at one moment.

    Attributes:
        now: The request's present instant, aware UTC.
        zone: The agency's time zone.
    """

    now: datetime
    zone: ZoneInfo

    def short(self, at: datetime) -> Markup:
        """Hours and minutes, with the date if it is not today's."""
        return self._element(at, self._words(at, "%H:%M"))

    def exact(self, at: datetime) -> Markup:
        """To the second and with the time zone's name, with the date if it is not today's."""
        return self._element(at, self._words(at, "%H:%M:%S %Z"))

    def clock(self) -> str:
        """Now, to the second and with the time zone's name."""
        local = self.now.astimezone(self.zone)
        return f"{local:%H:%M:%S} {zone_words(local)}"

    def day(self, at: datetime) -> Markup:
        """The date."""
        local = at.astimezone(self.zone)
        return self._element(at, f"{local.day} {local:%b %Y}")

    def age(self, since: datetime) -> Markup:
        """How long ago, in at most two units; a script keeps it current."""
        words = age_words((self.now - since).total_seconds())
        return Markup('<time data-age datetime="{}" title="{}">{}</time>').format(
            since.isoformat(), self._full(since), words
        )

    def left(self, until: datetime) -> Markup:
        """How long until then, in at most two units; a script keeps it current."""
        words = age_words((until - self.now).total_seconds())
        return Markup('<time data-left datetime="{}" title="{}">{}</time>').format(
            until.isoformat(), self._full(until), words
        )

    def theirs(self, opens_at: datetime, closes_at: datetime, time_zone: str) -> Markup:
        """From when until when, by the clocks of a time zone."""
        return self._element(opens_at, _span_words(opens_at, closes_at, ZoneInfo(time_zone)))

    def span(self, opens_at: datetime, closes_at: datetime, time_zone: str) -> Markup:
        """From when until when, by the person's clocks, and by the agency's where they differ."""
        theirs = self.theirs(opens_at, closes_at, time_zone)
        if theirs == self.theirs(opens_at, closes_at, self.zone.key):
            return theirs
        is_same_day = _day(opens_at.astimezone(self.zone)) == _day(
            opens_at.astimezone(ZoneInfo(time_zone))
        )
        ours = _span_words(opens_at, closes_at, self.zone, with_day=not is_same_day)
        return Markup('{} <span class="quiet">here {}</span>').format(theirs, ours)

    def _words(self, at: datetime, clock: str) -> str:
        local, today = at.astimezone(self.zone), self.now.astimezone(self.zone)
        if local.date() == today.date():
            return f"{local:{clock}}"
        year = f" {local.year}" if local.year != today.year else ""
        return f"{local.day} {local:%b}{year} {local:{clock}}"

    def _full(self, at: datetime) -> str:
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M:%S %Z}"

    def _element(self, at: datetime, words: str) -> Markup:
        return Markup('<time datetime="{}" title="{}">{}</time>').format(
            at.isoformat(), self._full(at), words
        )


def _span_words(
    opens_at: datetime, closes_at: datetime, zone: ZoneInfo, *, with_day: bool = True
) -> str:
    begin, end = opens_at.astimezone(zone), closes_at.astimezone(zone)
    first = f"{_day(begin)} " if with_day else ""
    last = f"{_day(end)} " if begin.date() != end.date() else ""
    return f"{first}{begin:%H:%M} to {last}{end:%H:%M} {zone_words(end)}"


def _day(local: datetime) -> str:
    return f"{local:%a} {local.day} {local:%b}"


def zone_words(local: datetime) -> str:
    """What a time zone is called then: MDT, or UTC+03 where it has no letters."""
    name = f"{local:%Z}"
    return name if name.isalpha() else f"UTC{name}"


def age_words(seconds: float) -> str:
    """A span in words: `40 s`, `12 min`, `3 h 05 min`, `2 d 4 h`."""
    whole = max(0, int(seconds))
    if whole < MINUTE_S:
        return f"{whole} s"
    if whole < HOUR_S:
        return f"{whole // MINUTE_S} min"
    if whole < DAY_S:
        return f"{whole // HOUR_S} h {whole % HOUR_S // MINUTE_S:02d} min"
    return f"{whole // DAY_S} d {whole % DAY_S // HOUR_S} h"
