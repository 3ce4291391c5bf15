from http import HTTPStatus
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from supervision.core.access import GRANTS, Role
from supervision.web.api.rejected import ROLES as ROLES_READING_REJECTED
from supervision.web.deps import MOST_BIGINT
from tests.web.application import Web
from tests.web.offices import Office
from tests.web.routes import Endpoint, endpoints, unguarded

DOCUMENTATION = {("GET", "/docs"), ("GET", "/docs/oauth2-redirect")}
DAY = {"from": "2026-09-21T00:00:00Z", "to": "2026-09-22T00:00:00Z"}
TOMORROW = {"begins_at": "2026-09-22T00:00:00Z", "ends_at": "2026-09-23T00:00:00Z"}
WINDOW = {"window_s": 3_600, "grace_s": 900}
API = "/api/v1"
NOT_THERE = "There is no such thing here, or it is not in your caseload."
CIRCLE = {
    "type": "Feature",
    "properties": {"radius_m": 100},
    "geometry": {"type": "Point", "coordinates": [10, 50]},
}


def api_endpoints(web: Web) -> list[Endpoint]:
    return [one for one in endpoints(web.app) if one.path.startswith(API) and not one.is_public]


def gets_with_ids(web: Web) -> list[Endpoint]:
    # The office's alert is of no protected person's device: `test_protected_alarms.py` has one.
    return [
        one
        for one in api_endpoints(web)
        if one.method == "GET" and "_id}" in one.path and not one.path.endswith("/protected-alarm")
    ]


def lists(web: Web) -> list[Endpoint]:
    alone = {f"{API}/{one}" for one in ("agency", "session", "coverage", "delivery")}
    alone |= {f"{API}/alerts/numbers"}
    return [
        one
        for one in api_endpoints(web)
        if one.method == "GET" and "{" not in one.path and one.path not in alone
    ]


def path_in(office: Office, path: str) -> str:
    """The path with every id taken from this office's case."""
    has_told = path.endswith("/submission")
    return path.format(
        supervisee_id=office.supervisee.id,
        officer_id=office.officer.id,
        protected_person_id=office.order.protected_person_id,
        order_id=office.order.id,
        clause_id=office.clause.id,
        waiver_id=office.waiver.id,
        zone_id=office.zone.id,
        zone_exception_id=office.zone_exception.id,
        zone_set_id=office.zone_set.id,
        zone_set_member_id=office.zone_set_member.id,
        device_id=office.device.id,
        alert_id=office.alert.id,
        dispatch_link_id=office.dispatch_link.id,
        shelf_id=office.shelf.id,
        drill_id=office.drill.id,
        rejected_message_id=office.rejected.id,
        checkin_plan_id=office.checkin.checkin_plan_id,
        checkin_id=office.told.id if has_told else office.checkin.id,
        kind="strap_tamper",
        rota_id=office.rota.id,
        rota_override_id=office.rota_override.id,
        calendar_feed_id=office.calendar_feed.id,
        checkin_pause_id=office.pause.id,
        public_holiday_id=office.holiday.id,
        point_id=office.outside_point.id,
    )


def is_allowed(one: Endpoint, role: Role) -> bool:
    if "/rejected-messages" in one.path and role not in ROLES_READING_REJECTED:
        return False
    is_handling = one.path.endswith(("_id}/acknowledge", "_id}/take")) or (
        "dispatch-links" in one.path and one.method == "POST"
    )
    is_handling = is_handling or one.path.endswith("/{shelf_id}/end")
    if is_handling and role is Role.PRETRIAL:
        return False  # but for alerts about clauses, and the office's is about a strap
    return one.permissions[0] in GRANTS[role]


def someone_who_may(one: Endpoint) -> Role:
    """A role that reaches the route and sees the whole agency."""
    return next(role for role in list(Role)[1:] if is_allowed(one, role))


def call(client: TestClient, one: Endpoint, office: Office) -> Response:
    return client.request(one.method, path_in(office, one.path), params=DAY, json={})


def test_every_route_names_exactly_one_permission_or_is_public(web: Web) -> None:
    asked = {
        (one.method, one.path): (len(one.permissions), one.is_public) for one in endpoints(web.app)
    }
    assert len(asked) > 40
    wrong = {route for route, needs in asked.items() if needs not in {(1, False), (0, True)}}
    assert wrong == DOCUMENTATION


def test_nothing_else_is_served_but_folders_and_the_documentation(web: Web) -> None:
    assert set(unguarded(web.app)) == {"/openapi.json", "/static-offline-docs", "/static"}


def test_nobody_reaches_a_route_without_signing_in(web: Web, office: Office) -> None:
    for one in api_endpoints(web):
        answer = call(web.anybody(), one, office)
        assert answer.status_code == HTTPStatus.UNAUTHORIZED, one
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("role", list(Role))
def test_each_role_reaches_exactly_the_routes_it_is_granted(
    web: Web, office: Office, role: Role
) -> None:
    for one in api_endpoints(web):
        answer = call(web.signed_in(office.who(role)), one, office)
        is_refused = answer.status_code == HTTPStatus.FORBIDDEN
        assert is_refused != is_allowed(one, role), (one, answer.text)


def test_another_agencys_ids_are_not_found_by_any_route(
    web: Web, office: Office, other_office: Office
) -> None:
    assert len(gets_with_ids(web)) >= 10
    for one in gets_with_ids(web):
        client = web.signed_in(office.who(someone_who_may(one)))
        assert call(client, one, office).status_code == HTTPStatus.OK, one
        answer = call(client, one, other_office)
        assert answer.status_code == HTTPStatus.NOT_FOUND, one
        assert answer.json()["detail"] == NOT_THERE


def test_no_list_shows_a_row_of_another_agency(
    web: Web, office: Office, other_office: Office
) -> None:
    assert len(lists(web)) >= 8
    for one in lists(web):
        shown = [
            {row["id"] for row in client.get(one.path).json()["items"]}
            for mine in (office, other_office)
            for client in [web.signed_in(mine.who(someone_who_may(one)))]
        ]
        assert all(shown), one
        assert not shown[0] & shown[1], one


def test_a_change_to_another_agencys_row_is_not_found(
    web: Web, office: Office, other_office: Office
) -> None:
    foreign, circle = other_office, {"geometry": CIRCLE}
    person = {"supervisee_id": office.supervisee.id}
    foreign_person = {"supervisee_id": foreign.supervisee.id}
    protected = {"protected_person_id": office.order.protected_person_id}
    foreign_protected = {"protected_person_id": foreign.order.protected_person_id}
    order = {"court": "C", "court_case_number": "1", "begins_at": "2026-09-01T00:00:00Z"}
    clause = {"condition_code": "04", "wording": "W"}
    by_clause = {"clause_id": office.clause.id}
    excepted = {"kind": "other", "reason": "R"} | TOMORROW
    enrolled = {"case_number": "1", "full_name": "N", "time_zone": "UTC"}
    daily = {"kind": "regular", "rrule": "FREQ=DAILY", "at": "18:00"}
    plan = {"method": "phone", "timing": daily, "starts_on": "2026-09-21"}
    holiday = f"public-holidays/{foreign.holiday.id}"
    seen = {"lon": 10, "lat": 50, "place": "At the gate"}
    plan_id, their_checkin = foreign.checkin.checkin_plan_id, f"checkins/{foreign.checkin.id}"
    their_person = f"supervisees/{foreign.supervisee.id}"
    plans, planned = f"{their_person}/checkin-plans", plan | WINDOW
    shelved = {"kind": "battery_low", "ends_at": "2026-09-21T18:00:00Z", "reason": "R"}
    shift = {"starts_on": "2026-09-21", "handover": "08:00", "shift_days": 1}
    turns = shift | {"officer_ids": [office.officer.id]}
    override = {"officer_id": office.officer.id} | TOMORROW
    changes: list[tuple[Role, str, str, dict[str, Any]]] = [
        (Role.SUPERVISOR, "POST", f"alerts/{foreign.alert.id}/acknowledge", {}),
        (Role.SUPERVISOR, "POST", f"alerts/{foreign.alert.id}/close", {"disposition": "other"}),
        (Role.SUPERVISOR, "POST", f"alerts/{foreign.alert.id}/dispatch-links", {}),
        (Role.SUPERVISOR, "POST", f"dispatch-links/{foreign.dispatch_link.id}/withdraw", {}),
        (Role.SUPERVISOR, "POST", "shelves", shelved | foreign_person),
        (Role.SUPERVISOR, "POST", f"shelves/{foreign.shelf.id}/end", {}),
        (Role.SUPERVISOR, "POST", "drills", {"officer_id": foreign.officer.id}),
        (Role.SUPERVISOR, "POST", f"drills/{foreign.drill.id}/answer", {}),
        (Role.SUPERVISOR, "POST", f"drills/{foreign.drill.id}/end", {}),
        (Role.SUPERVISOR, "PUT", f"rotas/{foreign.rota.id}", turns),
        (Role.SUPERVISOR, "DELETE", f"rotas/{foreign.rota.id}", {}),
        (Role.SUPERVISOR, "POST", f"rotas/{foreign.rota.id}/overrides", override),
        (Role.SUPERVISOR, "DELETE", f"rota-overrides/{foreign.rota_override.id}", {}),
        (Role.SUPERVISOR, "PUT", f"{their_person}/patrol-notes", {}),
        (Role.SUPERVISOR, "PUT", f"officers/{foreign.officer.id}/duty-phone", {"phone": None}),
        (Role.PRETRIAL, "POST", "zones", circle | {"clause_id": foreign.clause.id, "name": "Z"}),
        (Role.PRETRIAL, "PUT", f"zones/{foreign.zone.id}/shape", circle),
        (Role.PRETRIAL, "POST", f"zones/{foreign.zone.id}/retire", {}),
        (Role.PRETRIAL, "POST", f"zones/{foreign.zone.id}/exceptions", excepted | foreign_person),
        (Role.PRETRIAL, "POST", f"zones/{office.zone.id}/exceptions", excepted | foreign_person),
        (Role.PRETRIAL, "POST", f"zone-exceptions/{foreign.zone_exception.id}/withdraw", {}),
        (Role.PRETRIAL, "POST", f"zone-sets/{foreign.zone_set.id}/zones", circle | {"name": "Z"}),
        (Role.PRETRIAL, "POST", f"zone-sets/{foreign.zone_set.id}/import", {"collection": {}}),
        (Role.PRETRIAL, "POST", f"zone-sets/{foreign.zone_set.id}/members", person | by_clause),
        (
            Role.PRETRIAL,
            "POST",
            f"zone-sets/{office.zone_set.id}/members",
            foreign_person | {"clause_id": foreign.clause.id},
        ),
        (Role.PRETRIAL, "POST", f"zone-set-members/{foreign.zone_set_member.id}/end", {}),
        (Role.PRETRIAL, "POST", f"devices/{foreign.device.id}/return", {}),
        (Role.PRETRIAL, "POST", f"devices/{foreign.device.id}/assign", person),
        (Role.PRETRIAL, "POST", f"devices/{office.device.id}/assign", foreign_person),
        (Role.PRETRIAL, "POST", "orders", order | foreign_person | protected),
        (Role.PRETRIAL, "POST", "orders", order | person | foreign_protected),
        (Role.PRETRIAL, "POST", f"orders/{foreign.order.id}/clauses", clause),
        (Role.PRETRIAL, "POST", f"clauses/{foreign.clause.id}/waivers", {"reason": "R"}),
        (Role.SUPERVISOR, "POST", f"waivers/{foreign.waiver.id}/withdraw", {}),
        (
            Role.PRETRIAL,
            "POST",
            "supervisees",
            enrolled | {"supervising_officer_id": foreign.officer.id},
        ),
        (Role.SUPERVISOR, "POST", plans, planned),
        (Role.SUPERVISOR, "POST", f"{plans}/preview", planned),
        (Role.SUPERVISOR, "PUT", f"checkin-plans/{plan_id}", planned),
        (Role.SUPERVISOR, "POST", f"checkin-plans/{plan_id}/end", {}),
        (Role.SUPERVISOR, "POST", f"{their_person}/checkin-pauses", {"reason": "R"}),
        (Role.SUPERVISOR, "POST", f"checkin-pauses/{foreign.pause.id}/end", {}),
        (Role.ADMINISTRATOR, "DELETE", holiday, {}),
        (Role.SUPERVISOR, "POST", f"{their_checkin}/attendance", {}),
        (Role.SUPERVISOR, "POST", f"{their_checkin}/attempts", {"why": "busy"}),
        (Role.SUPERVISOR, "POST", f"{their_checkin}/sightings", seen),
        (Role.SUPERVISOR, "POST", f"{their_checkin}/review", {"note": "N"}),
        (Role.SUPERVISOR, "POST", f"{their_checkin}/excuse", {"reason": "R"}),
        (Role.SUPERVISOR, "POST", f"{their_checkin}/cancel", {"reason": "R"}),
        (Role.SUPERVISOR, "POST", f"supervisees/{foreign.supervisee.id}/calendar-feeds", {}),
        (Role.SUPERVISOR, "POST", f"calendar-feeds/{foreign.calendar_feed.id}/end", {}),
        (Role.SUPERVISOR, "POST", f"{plans}/import", {"ics": "BEGIN:VCALENDAR"}),
        (Role.SUPERVISOR, "POST", f"checkins/{foreign.told.id}/review", {}),
    ]
    for role, method, path, body in changes:
        client = web.signed_in(office.who(role))
        answer = client.request(method, f"{API}/{path}", json=body)
        assert answer.status_code == HTTPStatus.NOT_FOUND, (path, answer.text)


def test_an_id_too_large_for_the_database_is_a_wrong_request(web: Web, office: Office) -> None:
    client = web.signed_in(office.supervisor)
    for number, status in ((MOST_BIGINT, 404), (MOST_BIGINT + 1, 422), (0, 422), (-1, 422)):
        assert client.get(f"{API}/supervisees/{number}").status_code == status
