"""What makes no duty is refused, and says why."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from supervision.checkins.sense import require_sense
from supervision.checkins.timing import WEEKDAYS, Hours, Quiet, Regular, Unannounced, Weekday
from supervision.core.errors import Invalid
from tests.checkin_world import DAILY, SURPRISING

NIGHT = Quiet(time(22), time(7))
DAYTIME = Hours(WEEKDAYS, time(9), time(17))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def unannounced(per_week: int, *allowed: Hours, gap: timedelta = HOUR) -> dict[str, Any]:
    return {"timing": Unannounced(per_week, allowed, gap)}


def ahead(*reminders: timedelta) -> dict[str, Any]:
    return {"reminders": reminders}


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"timing": Regular("FREQ=HOURLY", time(9))}, "FREQ"),
        ({"timing": Regular("FREQ=DAILY", time(9, 0, 30))}, "whole minutes"),
        ({"timing": Regular("FREQ=DAILY", time(23)), "quiet": NIGHT}, "quiet hours"),
        ({"timing": Regular("FREQ=DAILY", time(6, 59)), "quiet": NIGHT}, "quiet hours"),
        ({"quiet": Quiet(time(8), time(8))}, "end at another time"),
        ({"ends_on": DAILY.starts_on - DAY}, "end before it starts"),
        ({"starts_on": date(9999, 12, 31)}, "between 1970 and 2299"),
        ({"ends_on": date(2300, 1, 1)}, "between 1970 and 2299"),
        ({"window": timedelta(minutes=4)}, "window"),
        ({"grace": -HOUR}, "grace"),
        (ahead(29 * DAY), "28 days"),
        (ahead(-HOUR), "28 days"),
        (ahead(HOUR, HOUR), "twice"),
        (ahead(*(number * HOUR for number in range(6))), "At most 5"),
        (unannounced(0, DAYTIME), "1 to 14"),
        (unannounced(15, DAYTIME), "1 to 14"),
        (unannounced(1, DAYTIME, gap=timedelta(0)), "least gap"),
        (unannounced(1, DAYTIME, gap=7 * DAY), "least gap"),
        (unannounced(1, DAYTIME, gap=timedelta(seconds=90)), "least gap"),
        (unannounced(1), "No hour is allowed"),
        (unannounced(1, Hours((), time(9), time(17))), "No hour is allowed"),
        (unannounced(1, Hours(WEEKDAYS, time(9), time(9))), "another time"),
        (unannounced(1, Hours(WEEKDAYS, time(23), time(6))) | {"quiet": NIGHT}, "quiet"),
        (unannounced(8, DAYTIME, gap=20 * HOUR), "Only 7 a week"),
        (unannounced(2, Hours((Weekday.MO,), time(9), time(17)), gap=DAY), "Only 1 a week"),
        (unannounced(2, DAYTIME) | ahead(timedelta(minutes=1)), "announce it"),
    ],
)
def test_what_nobody_could_keep_or_asks_for_nothing_is_refused(
    wrong: dict[str, Any], why: str
) -> None:
    with pytest.raises(Invalid, match=why):
        require_sense(replace(DAILY, **wrong))


@pytest.mark.parametrize(
    "right",
    [
        {},
        {"timing": Regular("FREQ=DAILY", time(22)), "quiet": Quiet(time(7), time(22))},
        {"timing": Regular("FREQ=DAILY", time(7)), "quiet": NIGHT},
        {"ends_on": DAILY.starts_on},
        ahead(28 * DAY, DAY, timedelta(0)),
        {"timing": SURPRISING.timing} | ahead(timedelta(0)),
        unannounced(14, DAYTIME, gap=timedelta(minutes=1)),
        unannounced(7, DAYTIME, gap=20 * HOUR),
        unannounced(1, Hours((Weekday.SU,), time(0), time(0)), gap=6 * DAY),
    ],
)
def test_what_can_be_kept_passes(right: dict[str, Any]) -> None:
    require_sense(replace(DAILY, **right))


def test_room_is_made_for_a_week_that_follows_upon_a_late_one() -> None:
    """Monday and Friday lie 80 hours apart, but a Friday's night and the next Monday do not."""
    tight = unannounced(2, Hours((Weekday.MO, Weekday.FR), time(0), time(0)), gap=80 * HOUR)
    with pytest.raises(Invalid, match="Only 1 a week"):
        require_sense(replace(DAILY, **tight))
