"""What the plan editor's form says is what the API is sent, and a plan stands in it as it is."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from supervision.core.errors import Invalid
from supervision.web.api.checkin_plan_bodies import CheckinPlan, NewCheckinPlan
from supervision.web.console.fields import Fields
from supervision.web.console.plan_form import USUAL, body_of, fields_of, holds

NOW = datetime(2026, 9, 21, tzinfo=UTC)
REGULAR = {"kind": "regular", "rrule": "FREQ=WEEKLY;BYDAY=TU,FR", "at": "18:00"}
HOURS = [
    {"weekdays": ["MO", "WE"], "from": "08:00", "until": "20:00"},
    {"weekdays": ["SA"], "from": "22:00", "until": "02:00"},
]
UNANNOUNCED = {"kind": "unannounced", "per_week": 2, "allowed": HOURS, "least_gap_s": 7_200}
QUESTION = {"key": "moved", "kind": "yes_no", "en": "Moved?", "es": "¿Mudado?", "concern_if": "yes"}


def a_plan(**terms: Any) -> CheckinPlan:
    asked: dict[str, Any] = {
        "method": "self",
        "timing": REGULAR,
        "starts_on": date(2026, 10, 1),
    } | terms
    return CheckinPlan(
        id=1,
        supervisee_id=2,
        made_by_id=3,
        made_at=NOW,
        ended_at=None,
        version=1,
        time_zone="UTC",
        made_until=None,
        short_weeks=[],
        written_by_id=3,
        written_at=NOW,
        **asked,
    )


@pytest.mark.parametrize(
    "terms",
    [
        {},
        {"timing": UNANNOUNCED, "reminders_s": [0]},
        {"timing": REGULAR | {"rrule": "FREQ=DAILY"}},
        {
            "timing": REGULAR | {"rrule": "FREQ=DAILY;COUNT=1"},
            "purpose": "court",
            "place": "Hall 4",
        },
        {"timing": REGULAR | {"rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"}},
        {"timing": REGULAR | {"rrule": "FREQ=MONTHLY;BYDAY=1MO"}},
        {
            "ends_on": date(2027, 1, 1),
            "except_on": [date(2026, 12, 25), date(2026, 12, 26)],
            "skips_holidays": True,
            "quiet": {"from": "22:00", "until": "07:00"},
            "reminders_s": [86_400, 0],
            "questions": [QUESTION],
            "window_s": 5_400,
            "grace_s": 0,
        },
    ],
)
def test_a_plan_that_is_opened_and_saved_unchanged_is_the_same(terms: dict[str, Any]) -> None:
    plan = a_plan(**terms)
    asked = NewCheckinPlan.model_validate(body_of(fields_of(plan)))
    assert holds(plan)
    assert asked.model_dump() == plan.model_dump(include=set(NewCheckinPlan.model_fields))


def test_the_empty_form_asks_for_what_is_usual_once_days_and_a_date_are_chosen() -> None:
    chosen = {"weekdays": ["TU", "FR"], "starts_on": ["2026-10-01"]}
    asked = NewCheckinPlan.model_validate(body_of(Fields({**Fields(USUAL).values, **chosen})))
    assert asked.timing.model_dump() == REGULAR
    assert (asked.window_s, asked.grace_s, asked.reminders_s) == (3_600, 900, [3_600, 0])


def test_a_number_that_is_none_is_told_in_words() -> None:
    with pytest.raises(Invalid, match="minutes of grace as a whole number"):
        body_of(Fields({**Fields(USUAL).values, "grace_min": ["a quarter"]}))


def test_a_plan_with_more_than_the_form_holds_is_not_cut() -> None:
    assert not holds(a_plan(timing=UNANNOUNCED | {"allowed": HOURS * 2}))
    assert not holds(a_plan(questions=[QUESTION | {"key": f"q{n}"} for n in range(6)]))
