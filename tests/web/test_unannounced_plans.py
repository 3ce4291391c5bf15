"""Unannounced plans by the API: taken, shown, tried out, and never foretold."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.web.offices import Office
from tests.web.test_checkin_plans import PLAN, UNANNOUNCED, asked_by, at, made

NEXT_WEEK = "2026-09-28"
SURPRISING = PLAN | {"timing": UNANNOUNCED, "starts_on": NEXT_WEEK}
HOURS: list[dict[str, Any]] = [
    {"weekdays": []},
    {"weekdays": ["XX"]},
    {"from": "20:00"},
    {"until": "20:00:30"},
    {"to": "21:00"},
]
WRONG: list[dict[str, Any]] = [
    *({"per_week": number} for number in (0, 15, "3", None)),
    *({"least_gap_s": gap_s} for gap_s in (0, 59, 90, 518_460)),
    *({"allowed": [UNANNOUNCED["allowed"][0] | wrong]} for wrong in HOURS),
    {"allowed": []},
    {"per_week": 4, "least_gap_s": 86_400},
    {"at": "18:00"},
    {"kind": "whenever"},
]


@pytest.fixture
def plans(office: Office) -> str:
    return f"/api/v1/supervisees/{office.supervisee.id}/checkin-plans"


def test_what_goes_in_comes_out_and_its_times_are_made(officer: TestClient, plans: str) -> None:
    plan = made(officer, plans, **SURPRISING)
    assert {name: plan[name] for name in SURPRISING} == SURPRISING
    assert officer.get(f"/api/v1/checkin-plans/{plan['id']}").json() == plan
    assert len(asked_by(officer, plan)) == 12, "four whole weeks"
    assert (plan["made_until"], plan["short_weeks"]) == ("2026-10-25", [])


def test_every_term_of_a_plan_comes_out_as_it_went_in(officer: TestClient, plans: str) -> None:
    hearing = at("09:30", "FREQ=DAILY;COUNT=1") | {
        "method": "in_person",
        "starts_on": "2026-10-07",
        "ends_on": "2026-12-31",
        "window_s": 1_800,
        "grace_s": 0,
        "purpose": "court",
        "place": "Courtroom 4",
        "except_on": ["2026-10-08"],
        "skips_holidays": True,
        "quiet": {"from": "22:00", "until": "07:00"},
        "reminders_s": [604_800, 86_400, 0],
        "questions": [
            {"key": "moved", "kind": "yes_no", "en": "Did you move?", "es": "¿Se mudó?"},
        ],
    }
    plan = made(officer, plans, **hearing)
    assert {name: plan[name] for name in hearing} == hearing
    assert asked_by(officer, plan) == [("2026-10-07T09:30:00Z", "scheduled")]


def test_what_is_optional_may_be_left_out(officer: TestClient, plans: str) -> None:
    allowed = UNANNOUNCED["allowed"]
    timing = {"kind": "unannounced", "per_week": 1, "allowed": allowed}
    answer = officer.post(plans, json={"method": "self", "timing": timing, "starts_on": NEXT_WEEK})
    assert answer.status_code == 201, answer.text
    plan = answer.json()
    assert (plan["window_s"], plan["grace_s"], plan["timing"]["least_gap_s"]) == (3600, 900, 14400)


def test_the_preview_says_from_how_many_minutes_is_drawn_and_draws_nothing(
    officer: TestClient, plans: str
) -> None:
    quiet = {"quiet": {"from": "19:00", "until": "09:00"}, "except_on": ["2026-10-05"]}
    skipping = {"skips_holidays": True, "starts_on": "2026-10-01", "ends_on": "2026-10-12"}
    shown = officer.post(f"{plans}/preview", json=SURPRISING | quiet | skipping)
    assert shown.json() == {
        "kind": "unannounced",
        "time_zone": "UTC",
        "agency_time_zone": "UTC",
        "weeks": [
            {"monday": "2026-09-28", "open_minutes": 3 * 600, "draws": 3},
            {"monday": "2026-10-05", "open_minutes": 2 * 600, "draws": 3},
            {"monday": "2026-10-12", "open_minutes": 3 * 600, "draws": 3},
        ],
    }
    assert len(officer.get(plans).json()["items"]) == 1, "the office's own"


def test_the_preview_and_the_plan_tell_of_a_week_that_has_no_room(
    officer: TestClient, plans: str
) -> None:
    tight = SURPRISING | {"except_on": ["2026-09-30", "2026-10-02"]}
    tight["timing"] = UNANNOUNCED | {"least_gap_s": 28_800}
    weeks = officer.post(f"{plans}/preview", json=tight).json()["weeks"]
    assert [week["draws"] for week in weeks] == [2, 3, 3, 3]
    (short,) = made(officer, plans, **tight)["short_weeks"]
    assert (short["monday"], short["asked"]) == (NEXT_WEEK, 3)
    assert short["made"] in (1, 2)


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_what_makes_no_sense_is_refused_with_its_reason(
    officer: TestClient, plans: str, wrong: dict[str, Any]
) -> None:
    for where in (plans, f"{plans}/preview"):
        answer = officer.post(where, json=SURPRISING | {"timing": UNANNOUNCED | wrong})
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"reminders_s": [3_600, 0]}, "would announce it"),
        ({"quiet": {"from": "07:00", "until": "21:00"}}, "all of them are quiet"),
        ({"ends_on": "2026-09-27"}, "must not end before it starts"),
        (at("23:00") | {"quiet": {"from": "22:00", "until": "07:00"}}, "within the quiet hours"),
        ({"timing": UNANNOUNCED | {"per_week": 9, "least_gap_s": 21_600}}, "Only 6 a week"),
    ],
)
def test_a_plan_that_is_no_duty_is_refused_in_plain_words(
    officer: TestClient, plans: str, wrong: dict[str, Any], why: str
) -> None:
    answer = officer.post(plans, json=SURPRISING | wrong)
    assert (answer.status_code, why in answer.json()["detail"]) == (422, True), answer.text


@pytest.mark.parametrize("words", ["\x00", "\ud800"], ids=["NUL", "half a character"])
def test_questions_that_cannot_be_kept_are_refused(
    officer: TestClient, plans: str, words: str
) -> None:
    body = json.dumps(SURPRISING | {"questions": [{"a": [{words: 1}]}]})
    answer = officer.post(plans, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422, answer.text
