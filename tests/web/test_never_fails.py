"""Whatever is sent, to whichever route: a refusal at worst, never a failure of our own."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supervision.core.access import Role
from tests.web.application import Web
from tests.web.offices import Office
from tests.web.routes import Endpoint
from tests.web.test_access import CIRCLE, TOMORROW, api_endpoints, is_allowed, path_in

QUERIES = ["limit", "cursor", "from", "to", "format", "state", "severity", "supervisee_id"]
QUERIES += ["order_id", "device_id", "device_uid", "include_ignored", "since", "until", "needs"]
PLACE = CIRCLE | {"properties": {"name": "School"}}
WINDOW = {"rrule": "FREQ=DAILY", "starts_on": "2026-09-21", "begins": "21:00", "ends": "06:00"}
A_CALENDAR = (
    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261001T180000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY\n"
    "END:VEVENT\nEND:VCALENDAR\n"
)
DAILY = {"kind": "regular", "rrule": "FREQ=DAILY", "at": "18:00"}
PLANNED = {
    "timing": DAILY,
    "ends_on": None,
    "purpose": "checkin",
    "except_on": [],
    "skips_holidays": False,
    "quiet": {"from": "22:00", "until": "06:00"},
    "reminders_s": [0],
    "questions": [{"key": "moved", "kind": "yes_no", "en": "Did you move?", "es": "¿Se mudó?"}],
}
NUMBERS = st.sampled_from([0, -1, 1, 2**31, 2**63, 10**400, 1e308, float("nan"), float("inf")])
INSTANTS = ["2026-09-21T00:00:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"]
WORDS = st.sampled_from(
    [
        "",
        " ",
        "\x00",
        "\ud800",
        "\u202e",
        "UTC",
        "other",
        "x" * 5000,
        "infinity",
        "'; --",
        *INSTANTS,
    ]
)
LEAVES = st.none() | st.booleans() | NUMBERS | WORDS
GEOMETRIES = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon", "Feature", ""]),
        "coordinates": st.recursive(
            LEAVES | st.floats(-200, 200), lambda inner: st.lists(inner, max_size=5), max_leaves=20
        ),
    }
)
FEATURES = st.fixed_dictionaries(
    {"type": st.just("Feature"), "geometry": GEOMETRIES | LEAVES},
    optional={
        "properties": st.dictionaries(
            st.sampled_from(["radius_m", "width_m", "name"]), LEAVES | st.just(100), max_size=2
        )
    },
)
COLLECTIONS = st.fixed_dictionaries(
    {"type": st.just("FeatureCollection"), "features": st.lists(FEATURES | LEAVES, max_size=3)}
)
SCHEDULES = st.fixed_dictionaries(
    {"windows": st.lists(st.fixed_dictionaries(dict.fromkeys(WINDOW, WORDS)), max_size=3)}
)
TIMINGS = st.fixed_dictionaries(
    {
        "kind": st.just("unannounced"),
        "per_week": st.integers(0, 15),
        "allowed": st.lists(
            st.fixed_dictionaries(
                {
                    "weekdays": st.lists(st.sampled_from(["MO", "FR", "SU"]), max_size=3),
                    "from": st.sampled_from(["00:00", "08:00", "22:30"]),
                    "until": st.sampled_from(["00:00", "08:00", "22:31"]),
                }
            ),
            max_size=3,
        ),
        "least_gap_s": st.sampled_from([0, 60, 61, 86_400, 518_400]),
    }
)
VALUES = (
    LEAVES
    | FEATURES
    | COLLECTIONS
    | SCHEDULES
    | TIMINGS
    | st.lists(LEAVES, max_size=3)
    | st.dictionaries(WORDS, LEAVES)
)
ASKED = st.dictionaries(st.sampled_from(QUERIES), WORDS | NUMBERS.map(str), max_size=4)


def fields_of(web: Web, one: Endpoint) -> list[str]:
    """What the description says a route's body has."""
    schema = web.app.openapi()
    body = schema["paths"].get(one.path, {}).get(one.method.lower(), {}).get("requestBody")
    if body is None or "application/json" not in body["content"]:
        return []
    name = body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    return list(schema["components"]["schemas"][name]["properties"])


def good_values(office: Office, one: Endpoint) -> dict[str, object]:
    """For every field something that is taken, so that wrong ones beside it are reached."""
    excepted = {"kind": "other"} | TOMORROW if "exceptions" in one.path else {}
    planned = PLANNED if "checkin-plans" in one.path else {}
    overridden = {"ends_at": "2026-09-22T00:00:00Z"} if "overrides" in one.path else {}
    shelved = (
        {"kind": "jamming", "ends_at": "2026-09-21T18:00:00Z"} if "shelves" in one.path else {}
    )
    return (
        {
            "order_id": office.order.id,
            "supervisee_id": office.supervisee.id,
            "supervising_officer_id": office.officer.id,
            "protected_person_id": office.order.protected_person_id,
            "condition_code": "04",
            "clauses": [{"condition_code": "04", "wording": "words"}],
            "clause_id": office.clause.id,
            "geometry": CIRCLE,
            "collection": {"type": "FeatureCollection", "features": [PLACE]},
            "schedule": {"windows": [WINDOW]},
            "warning_m": 300,
            "radius_m": 300,
            "dry_run": False,
            "kind": "exclusion",
            "disposition": "other",
            "role": "officer",
            "time_zone": "UTC",
            "begins_at": INSTANTS[0],
            "ends_at": None,
            "armed_at": None,
            "at": None,
            "password": "a long and good sentence",
            "email": "new@example.org",
            "method": "phone",
            "starts_on": "2026-09-21",
            "window_s": 3600,
            "grace_s": 0,
            "why": "busy",
            "on_date": "2026-12-25",
            "attended_at": None,
            "ics": A_CALENDAR,
            "phone": "+13035550142",
            "language": "es",
            "contact": {"language": "en"},
            "seen_at": None,
            "lon": 10,
            "lat": 50,
            "accuracy_m": None,
            "hours": 2,
            "shows_safe_contact": True,
            "officer_ids": [office.officer.id],
            "officer_id": office.officer.id,
            "handover": "08:00",
            "shift_days": 7,
        }
        | excepted
        | planned
        | shelved
        | overridden
    )


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.PRETRIAL, Role.ADMINISTRATOR])
@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_nothing_that_is_sent_makes_us_fail(
    web: Web, office: Office, role: Role, data: st.DataObject
) -> None:
    one = data.draw(st.sampled_from([one for one in api_endpoints(web) if is_allowed(one, role)]))
    asked: dict[str, str] = data.draw(ASKED)
    good = good_values(office, one)
    body: Any = {field: good.get(field, "words") for field in fields_of(web, one)}
    for field in data.draw(st.sets(st.sampled_from(sorted(body)), max_size=2)) if body else ():
        body[field] = data.draw(VALUES)
    if one.path.endswith("/positions"):
        day = web.clock.now.replace(hour=0)
        asked = {"from": day.isoformat(), "to": (day + timedelta(days=1)).isoformat()} | asked
    answer = web.signed_in(office.who(role)).request(
        one.method,
        path_in(office, one.path),
        params={name: value.encode("utf-8", "replace") for name, value in asked.items()},
        content=json.dumps(data.draw(st.just(body) | VALUES)),
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code < 500, (one, asked, body)
