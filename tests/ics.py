"""Reads a calendar as its standard says (RFC 5545, 3.1), by nothing that wrote it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST_LINE_BYTES = 75
ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True)
class Read:
    """A calendar's own properties, and its events' in order; names with their parameters."""

    calendar: dict[str, str]
    events: list[dict[str, str]]

    def by_uid(self) -> dict[str, dict[str, str]]:
        found = {event["UID"]: event for event in self.events}
        assert len(found) == len(self.events), "each UID once"
        return found

    def asked(self) -> dict[str, tuple[datetime, datetime]]:
        """What a program shows that drops what is cancelled."""
        return {
            uid: (instant(event["DTSTART"]), instant(event["DTEND"]))
            for uid, event in self.by_uid().items()
            if event["STATUS"] != "CANCELLED"
        }


def read(written: bytes) -> Read:
    """The calendar; fails where the text is not one as the standard has it."""
    assert written.endswith(b"\r\n")
    for physical in written.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(physical) <= LONGEST_LINE_BYTES
        assert not set(physical) & {*range(32), 127} - {9}, "no control character, no CR or LF"
        assert physical.decode(), "no character is cut in two"
    lines = written.removesuffix(b"\r\n").replace(b"\r\n ", b"").decode().split("\r\n")
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    calendar: dict[str, str] = {}
    events: list[dict[str, str]] = []
    where = calendar
    for line in lines[1:-1]:
        name, value = line.split(":", 1)
        if line == "BEGIN:VEVENT":
            assert where is calendar
            where = {}
            events.append(where)
        elif line == "END:VEVENT":
            assert where is not calendar
            where = calendar
        else:
            assert name not in {"BEGIN", "END"}, "nothing but events, and no alarms"
            assert name not in where
            where[name] = ESCAPED.sub(lambda found: found[1].replace("n", "\n"), value)
    assert where is calendar
    return Read(calendar, events)


def instant(value: str) -> datetime:
    return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
