from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from supervision.core.access import Role
from supervision.monitor import Monitor
from supervision.register.models import Supervisee
from tests import factories
from tests.web.application import Web
from tests.web.offices import Office

API = "/api/v1"
EVERY_OTHER = "FREQ=WEEKLY;BYDAY=TU,FR"


def at(moment: Any, rrule: str = EVERY_OTHER) -> dict[str, Any]:
    return {"timing": {"kind": "regular", "rrule": rrule, "at": moment}}


PLAN: dict[str, Any] = {
    "method": "video",
    **at("18:00"),
    "starts_on": "2026-09-21",
    "ends_on": None,
    "window_s": 3_600,
    "grace_s": 900,
    "purpose": "checkin",
    "place": None,
    "except_on": [],
    "skips_holidays": False,
    "quiet": None,
    "reminders_s": [],
    "questions": [],
}
TWICE = PLAN | at("14:15", "FREQ=DAILY;COUNT=2")
UNANNOUNCED: dict[str, Any] = {
    "kind": "unannounced",
    "per_week": 3,
    "allowed": [{"weekdays": ["MO", "WE", "FR"], "from": "08:00", "until": "20:00"}],
    "least_gap_s": 14_400,
}
SENSELESS: list[dict[str, Any]] = [
    *(at(moment) for moment in ("18:00:30", "18:00Z", "18:00+02:00", "25:00", None)),
    *({"window_s": window_s} for window_s in (299, 604_801, 3_600.5, "3600")),
    *({"grace_s": grace_s} for grace_s in (-1, 259_201)),
    at("18:00", "every Tuesday"),
    at("18:00", "FREQ=HOURLY"),
    at("18:00", "FREQ=MONTHLY;BYMONTHDAY=30;BYMONTH=2"),
    at("18:00", "FREQ=DAILY;BYMONTHDAY=" + ",".join(["11"] * 200)),
    {"starts_on": "9999-12-31"},
    {"method": "carrier_pigeon"},
    {"colour": "red"},
]


@pytest.fixture
def plans(office: Office) -> str:
    return f"{API}/supervisees/{office.supervisee.id}/checkin-plans"


@pytest.fixture
def in_denver(web: Web, office: Office) -> Supervisee:
    with web.behind() as session:
        return factories.a_supervisee(session, office.officer, time_zone="America/Denver")


def made(client: TestClient, plans: str, **more: object) -> dict[str, Any]:
    answer = client.post(plans, json=PLAN | more)
    assert answer.status_code == 201, answer.text
    plan: dict[str, Any] = answer.json()
    return plan


def previewed(client: TestClient, plans: str, **more: object) -> list[dict[str, str]]:
    answer = client.post(f"{plans}/preview", json=PLAN | more)
    assert answer.status_code == 200, answer.text
    dates: list[dict[str, str]] = answer.json()["dates"]
    return dates


def asked_by(client: TestClient, plan: dict[str, Any]) -> list[tuple[str, str]]:
    """When each check-in of a plan opens, and its state."""
    whole = "since=2026-09-21T00:00:00Z&until=2026-11-21T00:00:00Z&limit=500"
    rows = client.get(f"{API}/checkins?{whole}").json()["items"]
    return [(row["opens_at"], row["state"]) for row in rows if row["checkin_plan_id"] == plan["id"]]


def test_a_plan_goes_in_as_its_first_version_and_comes_out(
    web: Web, office: Office, officer: TestClient, plans: str
) -> None:
    plan = made(officer, plans)
    assert plan == PLAN | {
        "id": plan["id"],
        "supervisee_id": office.supervisee.id,
        "made_by_id": office.officer.id,
        "made_at": "2026-09-21T14:13:20Z",
        "ended_at": None,
        "version": 1,
        "time_zone": "UTC",
        "made_until": "2026-10-19",
        "short_weeks": [],
        "written_by_id": office.officer.id,
        "written_at": "2026-09-21T14:13:20Z",
    }
    assert officer.get(f"{API}/checkin-plans/{plan['id']}").json() == plan
    listed = officer.get(plans).json()["items"]
    assert [one["id"] for one in listed] == [office.checkin.checkin_plan_id, plan["id"]]
    assert listed[-1] == plan
    assert web.audited(office, "checkin_plan:made") == [f"checkin_plan:{plan['id']}"]


def test_the_preview_writes_nothing_and_shows_what_the_plan_then_asks(
    officer: TestClient, plans: str
) -> None:
    seen = [one["due_at"] for one in previewed(officer, plans)]
    assert len(officer.get(plans).json()["items"]) == 1, "the office's own"
    asked = [opens_at for opens_at, _ in asked_by(officer, made(officer, plans))]
    assert (len(seen), len(asked)) == (10, 8), "four weeks of two days each are made"
    assert asked == seen[:8]


def test_the_preview_goes_by_the_persons_clocks_when_they_are_put_back(
    officer: TestClient, in_denver: Supervisee
) -> None:
    plans = f"{API}/supervisees/{in_denver.id}/checkin-plans"
    shown = previewed(officer, plans, **at("18:00", "FREQ=DAILY"), starts_on="2026-10-31")
    assert shown[:2] == [
        {
            "local_date": "2026-10-31",
            "due_at": "2026-11-01T00:00:00Z",
            "local": "2026-10-31T18:00:00-06:00",
            "agency_local": "2026-11-01T00:00:00Z",
            "closes_at": "2026-11-01T01:00:00Z",
            "missed_at": "2026-11-01T01:15:00Z",
        },
        {
            "local_date": "2026-11-01",
            "due_at": "2026-11-02T01:00:00Z",
            "local": "2026-11-01T18:00:00-07:00",
            "agency_local": "2026-11-02T01:00:00Z",
            "closes_at": "2026-11-02T02:00:00Z",
            "missed_at": "2026-11-02T02:15:00Z",
        },
    ]


def test_the_preview_shows_where_clocks_jump_over_the_time(
    officer: TestClient, in_denver: Supervisee
) -> None:
    plans = f"{API}/supervisees/{in_denver.id}/checkin-plans"
    shown = previewed(officer, plans, **at("02:30", "FREQ=DAILY"), starts_on="2027-03-13")
    assert [one["local"] for one in shown[:3]] == [
        "2027-03-13T02:30:00-07:00",
        "2027-03-14T03:00:00-06:00",
        "2027-03-15T02:30:00-06:00",
    ]


@pytest.mark.parametrize(("moment", "first"), [("14:13", "2026-09-22"), ("14:14", "2026-09-21")])
def test_the_preview_leaves_out_what_is_past(
    officer: TestClient, plans: str, moment: str, first: str
) -> None:
    shown = previewed(officer, plans, **at(moment, "FREQ=DAILY"), starts_on="2026-01-01")
    assert (shown[0]["local_date"], len(shown)) == (first, 10)


@pytest.mark.parametrize(
    ("rule", "dates"),
    [
        ("FREQ=DAILY;COUNT=3", ["2026-09-21", "2026-09-22", "2026-09-23"]),
        ("FREQ=YEARLY", [f"{year}-09-21" for year in range(2026, 2036)]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", ["2028-02-29", "2032-02-29", "2036-02-29"]),
    ],
)
def test_the_preview_finds_rare_dates_and_no_more_than_there_are(
    officer: TestClient, plans: str, rule: str, dates: list[str]
) -> None:
    shown = previewed(officer, plans, **at("18:00", rule))
    assert [one["local_date"] for one in shown] == dates


def test_a_rule_that_is_over_asks_for_nothing_more(officer: TestClient, plans: str) -> None:
    over = at("18:00", "FREQ=DAILY;COUNT=3") | {"starts_on": "2026-09-01"}
    assert previewed(officer, plans, **over) == []
    assert asked_by(officer, made(officer, plans, **over)) == []


def test_a_change_is_the_next_version_and_what_has_opened_stays(
    web: Web, office: Office, officer: TestClient, plans: str
) -> None:
    plan = made(officer, plans, **TWICE)
    web.clock.forward(120)
    Monitor(web.engine, web.clock, timedelta(minutes=5)).sweep_checkins()
    path = f"{API}/checkin-plans/{plan['id']}"
    for version, moment in ((2, "19:00"), (3, "20:00")):
        answer = officer.put(path, json=TWICE | at(moment, "FREQ=DAILY;COUNT=2"))
        changed = at(moment, "FREQ=DAILY;COUNT=2") | {"version": version}
        changed |= {"written_at": "2026-09-21T14:15:20Z"}
        assert answer.json() == plan | changed
        assert officer.get(path).json() == answer.json()
    assert asked_by(officer, plan) == [
        ("2026-09-21T14:15:00Z", "open"),
        ("2026-09-22T14:15:00Z", "replaced"),
        ("2026-09-22T19:00:00Z", "replaced"),
        ("2026-09-22T20:00:00Z", "scheduled"),
    ]
    assert web.audited(office, "checkin_plan:changed") == [f"checkin_plan:{plan['id']}"] * 2


def test_an_ended_plan_asks_for_nothing_more_and_stays_ended(
    web: Web, office: Office, officer: TestClient, plans: str
) -> None:
    plan = made(officer, plans)
    web.clock.forward(60)
    path = f"{API}/checkin-plans/{plan['id']}"
    ended = officer.post(f"{path}/end")
    assert ended.status_code == 200
    assert ended.json() == plan | {"ended_at": "2026-09-21T14:14:20Z"}
    assert {state for _, state in asked_by(officer, plan)} == {"cancelled"}
    for again in (officer.post(f"{path}/end"), officer.put(path, json=PLAN)):
        assert (again.status_code, again.json()["type"]) == (409, "/problems/conflict")
    assert officer.get(path).json() == officer.get(plans).json()["items"][-1] == ended.json()
    assert web.audited(office, "checkin_plan:ended") == [f"checkin_plan:{plan['id']}"]


@pytest.mark.parametrize("wrong", SENSELESS)
def test_what_makes_no_sense_is_neither_planned_nor_previewed_nor_put(
    office: Office, officer: TestClient, plans: str, wrong: dict[str, Any]
) -> None:
    path = f"{API}/checkin-plans/{office.checkin.checkin_plan_id}"
    before = officer.get(path).json()
    for method, where in (("POST", plans), ("POST", f"{plans}/preview"), ("PUT", path)):
        answer = officer.request(method, where, json=PLAN | wrong)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid"), where
        assert answer.headers["content-type"] == "application/problem+json"
    assert officer.get(plans).json()["items"] == [before]


@pytest.mark.parametrize(
    ("role", "reads", "plans_status"),
    [(Role.ADMINISTRATOR, 403, 403), (Role.PRETRIAL, 200, 403), (Role.SUPERVISOR, 200, 201)],
)
def test_who_does_not_supervise_plans_nothing(
    web: Web, office: Office, plans: str, role: Role, reads: int, plans_status: int
) -> None:
    client = web.signed_in(office.who(role))
    path = f"{API}/checkin-plans/{office.checkin.checkin_plan_id}"
    assert [client.get(where).status_code for where in (plans, path)] == [reads, reads]
    assert client.post(plans, json=PLAN).status_code == plans_status


def test_neither_a_colleague_nor_another_agency_finds_the_plan_or_the_person(
    web: Web, office: Office, other_office: Office, plans: str
) -> None:
    path = f"{API}/checkin-plans/{office.checkin.checkin_plan_id}"
    for stranger in (office.colleague, other_office.officer, other_office.supervisor):
        client = web.signed_in(stranger)
        for method, where in (
            ("GET", plans),
            ("POST", plans),
            ("POST", f"{plans}/preview"),
            ("GET", path),
            ("PUT", path),
            ("POST", f"{path}/end"),
        ):
            answer = client.request(method, where, json=PLAN if method != "GET" else None)
            assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not_found")
    kept = web.signed_in(office.officer).get(path).json()
    assert (kept["version"], kept["ended_at"]) == (1, None)
