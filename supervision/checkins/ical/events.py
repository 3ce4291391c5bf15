"""Takes an iCalendar file apart into its events and their lines, and makes nothing of them yet.

The file's own definitions of time zones are passed over: a zone is known by its name, and what a
file says of New York must not decide what New York is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from icalendar.parser import Contentlines

from supervision.checkins.ical.calendars import in_one_line
from supervision.core.errors import Invalid

LONGEST_FILE_CHARS = 300_000
LONGEST_TITLE_CHARS = 200
UNREAD = ""
_EVENT = ["VCALENDAR", "VEVENT"]


class Line(NamedTuple):
    """A property of an event, its value without escapes."""

    params: dict[str, str]
    value: str


class Refusal(NamedTuple):
    """An event of which nothing can be made: its number in the file, from 1, its title, and why."""

    number: int
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class FileEvent:
    """An event as a file has it.

    Attributes:
        number: Its place among the file's events, from 1.
        lines: Its properties, by their names in capitals; what cannot be read is `UNREAD`.
    """

    number: int
    lines: dict[str, list[Line]] = field(default_factory=dict)

    def one(self, name: str) -> Line | None:
        """The property, if the event has it.

        Raises:
            Invalid: It has it more than once.
        """
        found = self.lines.get(name, [])
        if len(found) > 1:
            raise Invalid(f"It has more than one {name}.")
        return found[0] if found else None

    def text(self, name: str) -> str:
        """A property's words in one line, or none."""
        return in_one_line(" ".join(line.value for line in self.lines.get(name, [])))

    @property
    def title(self) -> str:
        """What the file calls it."""
        return self.text("SUMMARY")[:LONGEST_TITLE_CHARS]

    def refused(self, why: Invalid) -> Refusal:
        """That nothing can be made of it."""
        return Refusal(self.number, self.title, why.message)


def read_events(text: str, most: int) -> list[FileEvent]:
    """The events of a file, in order.

    Args:
        text: The file.
        most: Events that it may hold.

    Raises:
        Invalid: It is no iCalendar file, holds no event, or is too large.
    """
    if len(text) > LONGEST_FILE_CHARS:
        raise Invalid(f"The file must have at most {LONGEST_FILE_CHARS:,} characters.")
    events: list[FileEvent] = []
    inside: list[str] = []
    for name, line in _named_lines(text):
        if name in {"BEGIN", "END"}:
            _pass_door(inside, name, line.value.upper())
            if name == "BEGIN" and inside == _EVENT:
                events.append(FileEvent(len(events) + 1))
        elif inside == _EVENT:
            events[-1].lines.setdefault(name, []).append(line)
    if inside or not events:
        raise Invalid("The file is no whole iCalendar file, or holds no event.")
    if len(events) > most:
        raise Invalid(f"The file must have at most {most} events.")
    return events


def _named_lines(text: str) -> Iterator[tuple[str, Line]]:
    """Every line with its name in capitals, or with none where it cannot be read."""
    for line in Contentlines.from_ical(text.removeprefix("\ufeff")):  # type: ignore[no-untyped-call]
        if not line:
            continue
        try:
            name, params, value = line.parts()
        except ValueError:
            yield UNREAD, Line({}, line)
            continue
        yield name.upper(), Line({key.upper(): str(word) for key, word in params.items()}, value)


def _pass_door(inside: list[str], name: str, part: str) -> None:
    if name == "BEGIN":
        inside.append(part)
    elif not inside or inside.pop() != part:
        raise Invalid("The file is no iCalendar file: its parts are not closed in order.")
