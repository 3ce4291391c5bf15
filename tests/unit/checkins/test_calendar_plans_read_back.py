"""What programs wrote, ours and others, is due again when it is read as it was meant."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from supervision.checkins.due import Recurring, due_times
from supervision.checkins.ical import person_calendar, read_plans
from supervision.core.errors import Invalid
from supervision.core.recurrence import read_recurrence
from tests.unit.checkins.calendar_files import LAST, NEW_YORK, TODAY, asked, drafted
from tests.unit.checkins.test_calendars import ENTRY, PLACES
from tests.unit.checkins.test_due import ZONES

DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
WEEKDAYS = st.lists(st.sampled_from(DAYS), min_size=1, max_size=3, unique=True).map(",".join)
EVERY = st.sampled_from(["", ";INTERVAL=2", ";INTERVAL=3"])


RULES = st.one_of(
    st.just("FREQ=DAILY"),
    st.builds("FREQ=WEEKLY;BYDAY={};WKST={}".format, WEEKDAYS, st.sampled_from(DAYS)),
    st.just("FREQ=WEEKLY"),
    st.builds("FREQ=MONTHLY;BYMONTHDAY={}".format, st.integers(-28, 31).filter(bool)),
    st.builds(
        "FREQ=MONTHLY;BYDAY={}{}".format,
        st.integers(-4, 4).filter(bool),
        WEEKDAYS.map("{:.2}".format),
    ),
    st.just("FREQ=MONTHLY"),
    st.builds("FREQ=YEARLY;BYMONTH={}".format, st.integers(1, 12)),
    st.just("FREQ=YEARLY"),
)


ENDS = st.sampled_from(["", "COUNT", "UNTIL"])


@settings(max_examples=60, deadline=None)
@given(
    rule=st.builds("{}{}".format, RULES, EVERY),
    end=ENDS,
    near=st.dates(date(2025, 6, 1), date(2027, 6, 1)).filter(lambda day: day.day <= 28),
    minute=st.integers(0, 1439),
    zone=st.sampled_from(ZONES),
    window_min=st.integers(5, 7 * 1440),
    data=st.data(),
)
def test_a_plan_that_another_program_wrote_down_comes_back_with_the_same_due_times(
    rule: str,
    end: str,
    near: date,
    minute: int,
    zone: ZoneInfo,
    window_min: int,
    data: st.DataObject,
) -> None:
    starts_on = next(iter(read_recurrence(rule, near).dates(near, LAST)), None)
    assume(starts_on)
    assert starts_on is not None
    regular = Recurring(rule, starts_on, time(*divmod(minute, 60)), zone)
    dues = due_times(regular, starts_on, LAST)[:60]
    assume(dues)
    length = data.draw(st.integers(1, len(dues)))
    excepted = data.draw(st.sets(st.sampled_from(dues[:length]), max_size=length - 1))
    said = {
        "": "",
        "COUNT": f";COUNT={length}",
        "UNTIL": f";UNTIL={dues[length - 1].due_at:%Y%m%dT%H%M%SZ}",
    }
    lines = [
        f"DTSTART;TZID={zone.key}:{datetime.combine(starts_on, regular.at):%Y%m%dT%H%M%S}",
        f"DURATION:PT{window_min}M",
        f"RRULE:{rule}{said[end]}",
        *(f"EXDATE:{one.due_at:%Y%m%dT%H%M%SZ}" for one in excepted),
    ]
    draft = drafted(*lines, zone=zone)
    assert draft.window == timedelta(minutes=window_min)
    found = asked(draft, zone, last=dues[-1].local_date)
    expected = dues[:length] if end else dues
    assert found == [one.due_at for one in expected if one not in excepted]


@settings(max_examples=60, deadline=None)
@given(
    day=st.dates(date(2025, 1, 1), date(2030, 12, 31)),
    minute=st.integers(0, 1439),
    zone=st.sampled_from(ZONES),
    window_min=st.integers(5, 7 * 1440),
    place=PLACES,
)
def test_what_our_own_calendar_shows_is_due_again_at_the_same_time_when_it_is_read_back(
    day: date, minute: int, zone: ZoneInfo, window_min: int, place: str | None
) -> None:
    [due] = due_times(Recurring("FREQ=DAILY", day, time(*divmod(minute, 60)), zone), day, day)
    closes_at = due.due_at + timedelta(minutes=window_min)
    entry = replace(ENTRY, opens_at=due.due_at, closes_at=closes_at, place=place)
    text = person_calendar([entry], "en", ENTRY.changed_at).decode()
    [draft], refused = read_plans(text, zone, TODAY)
    assert refused == []
    assert asked(draft, zone, date(2024, 12, 31), date(2031, 1, 2)) == [due.due_at]
    assert draft.window == timedelta(minutes=window_min)
    assert draft.title == "Check-in"


REAL = sorted(Path(icalendar.__file__).parent.joinpath("tests").rglob("*.ics"))


@pytest.mark.skipif(not REAL, reason="icalendar is installed without its collection of files")
def test_files_that_other_programs_wrote_are_drafted_or_refused_never_failed_at() -> None:
    drafts, reasons = 0, set()
    for path in REAL:
        try:
            found, refused = read_plans(
                path.read_bytes().decode("utf-8", "replace"), NEW_YORK, TODAY
            )
        except Invalid as why:
            reasons.add(why.message)
            continue
        drafts += len(found)
        reasons |= {one.reason for one in refused}
    assert drafts >= 20
    assert len(reasons) >= 5
