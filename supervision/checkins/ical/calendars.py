"""Writes somebody's check-ins as a calendar that a program of his reads again and again.

The same entries give the same bytes. An entry keeps its UID when its time changes, and one that
is asked no more is CANCELLED: a program that takes the whole text anew and one that puts it into
what it had before end up the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

from icalendar import Calendar, Event
from icalendar.prop import vText

from supervision.checkins.ical.words import ENGLISH, LANGUAGES, METHODS
from supervision.checkins.rules import Method, Purpose, State

PRODUCT = "-//Supervision//Check-ins//EN"
READ_AGAIN_AFTER = "PT15M"
END = b"END:VCALENDAR\r\n"
KEPT_EVENTS = 20_000
NOT_ASKED = {State.CANCELLED, State.REPLACED}
_UIDS = UUID("8c7c0e0e-6a0b-4c51-9d0c-0d1b7a2f6f3e")


@dataclass(frozen=True, slots=True)
class Entry:
    """The newest check-in of a slot, which is a plan's date or one of its draws.

    Attributes:
        checkin_id: Which.
        replaced: How many of the same slot came before it.
        first_room: The room of the first of them: a secret that lasts as long as the slot.
        method: How he is heard or seen.
        purpose: What it is for.
        state: How far it has come.
        is_unannounced: Whether the person may know of it only once it has opened.
        was_opened: Whether it ever has.
        opens_at: Aware UTC; until before `closes_at`.
        closes_at: Aware UTC.
        place: Where, if he must come.
        changed_at: When it was made, or asked no more.
    """

    checkin_id: int
    replaced: int
    first_room: str
    method: Method
    purpose: Purpose
    state: State
    is_unannounced: bool
    was_opened: bool
    opens_at: datetime
    closes_at: datetime
    place: str | None
    changed_at: datetime


def person_calendar(entries: Sequence[Entry], language: str, now: datetime) -> bytes:
    """What a supervised person may know, in his language: when, where, and nothing else.

    An unannounced check-in is there only once it has opened; until then nothing depends on it.
    """
    words = LANGUAGES[language]
    shown = [one for one in entries if not one.is_unannounced or _has_opened(one, now)]
    events = [_event(one, words.titles[one.purpose], place=one.place) for one in shown]
    return _written(words.calendar, events)


def officer_calendar(entries: Sequence[Entry], public_url: str) -> bytes:
    """What an officer has to do; whom it concerns is behind the link, where he signs in.

    The link stands in the description too, for programs that do not show an event's URL.
    """
    events = []
    for one in entries:
        title = f"{ENGLISH.titles[one.purpose]} ({METHODS[one.method]})"
        events.append(_event(one, title, link=f"{public_url}/check-ins/{one.checkin_id}"))
    return _written(ENGLISH.calendar, events)


def _has_opened(entry: Entry, now: datetime) -> bool:
    return entry.was_opened and entry.opens_at <= now


# The library takes most of a millisecond for each, and most are as they were at the last reading.
@lru_cache(maxsize=KEPT_EVENTS)
def _event(entry: Entry, title: str, place: str | None = None, link: str | None = None) -> bytes:
    is_asked = entry.state not in NOT_ASKED
    said: dict[str, Any] = {
        "uid": str(uuid5(_UIDS, entry.first_room)),
        "summary": title,
        "location": place,
        "url": link,
        "description": link,
        "dtstart": entry.opens_at,
        "dtend": entry.closes_at,
        "status": "CONFIRMED" if is_asked else "CANCELLED",
        "sequence": 2 * entry.replaced + (not is_asked),
        # Not the time of reading: a calendar in which nothing changed is the same text.
        "dtstamp": entry.changed_at.replace(microsecond=0),
        "last-modified": entry.changed_at.replace(microsecond=0),
        "class": "PRIVATE",
        # A window is when it may be done; only who must be somewhere has no time for others.
        "transp": "TRANSPARENT" if entry.purpose is Purpose.CHECKIN else "OPAQUE",
    }
    event = Event()
    for name, value in said.items():
        if value is not None:
            event.add(name, in_one_line(value) if isinstance(value, str) else value)
    written: bytes = event.to_ical()
    return written


def _written(name: str, events: Sequence[bytes]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", vText(READ_AGAIN_AFTER), {"VALUE": "DURATION"})
    calendar.add("x-published-ttl", READ_AGAIN_AFTER)
    empty: bytes = calendar.to_ical()
    return empty.removesuffix(END) + b"".join(events) + END


def in_one_line(text: str) -> str:
    """The text without line breaks of any kind: some programs break lines at all of them."""
    return "".join(char for char in " ".join(text.split()) if char.isprintable())
