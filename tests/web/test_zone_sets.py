from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests import factories
from tests.web.application import Web
from tests.web.offices import Office
from tests.web.test_zones import CENTRE, CIRCLE, DRAWINGS_REFUSED, feature

SETS = "/api/v1/zone-sets"


@pytest.fixture
def pretrial(web: Web, office: Office) -> TestClient:
    return web.signed_in(office.pretrial)


def made(client: TestClient, name: str = "Schools") -> dict[str, Any]:
    answer = client.post(SETS, json={"name": name})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def imported(client: TestClient, zone_set_id: int, *features: Any, **more: Any) -> dict[str, Any]:
    collection = {"type": "FeatureCollection", "features": features}
    body = {"collection": collection} | more
    answer = client.post(f"{SETS}/{zone_set_id}/import", json=body)
    assert answer.status_code == 200, answer.text
    outcome: dict[str, Any] = answer.json()
    return outcome


def zones(client: TestClient, zone_set_id: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"{SETS}/{zone_set_id}/zones").json()["items"]
    return found


def test_a_set_is_made_and_drawn_into(pretrial: TestClient) -> None:
    zone_set = made(pretrial)
    assert (zone_set["name"], zone_set["zones"], zone_set["members"]) == ("Schools", 0, 0)
    body = {"name": "Lincoln", "geometry": CIRCLE, "warning_m": 300}
    drawn = pretrial.post(f"{SETS}/{zone_set['id']}/zones", json=body)
    assert drawn.status_code == 201, drawn.text
    shown = drawn.json()["properties"]
    assert (shown["zone_set_id"], shown["warning_m"]) == (zone_set["id"], 300)
    assert (shown["clause_id"], shown["order_id"], shown["supervisee_id"]) == (None, None, None)
    assert zones(pretrial, zone_set["id"]) == [drawn.json()]
    assert pretrial.get(f"{SETS}/{zone_set['id']}").json() == zone_set | {"zones": 1}


def test_a_sets_name_is_taken_once(pretrial: TestClient) -> None:
    made(pretrial)
    again = pretrial.post(SETS, json={"name": "Schools"})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/conflict")


def test_a_collection_is_imported_and_its_bad_features_named(pretrial: TestClient) -> None:
    zone_set_id = made(pretrial)["id"]
    good = feature("Point", CENTRE, name="Lincoln")
    outcome = imported(pretrial, zone_set_id, good, CIRCLE, radius_m=304.8, warning_m=100)
    assert outcome["drawn"] == 1
    assert [(one["place"], one["name"]) for one in outcome["refused"]] == [(1, None)]
    (zone,) = zones(pretrial, zone_set_id)
    shown = zone["properties"]
    assert (shown["name"], shown["radius_m"], shown["warning_m"]) == ("Lincoln", 304.8, 100)


def test_an_import_can_be_tried_out_first(web: Web, office: Office, pretrial: TestClient) -> None:
    zone_set_id = made(pretrial)["id"]
    good = feature("Point", CENTRE, name="Lincoln", radius_m=200)
    outcome = imported(pretrial, zone_set_id, good, None, dry_run=True)
    assert (outcome["drawn"], len(outcome["refused"])) == (1, 1)
    assert zones(pretrial, zone_set_id) == []
    assert f"zone_set:{zone_set_id}" not in web.audited(office, "zone_set:drawn")


def test_whatever_a_feature_is_it_is_refused_in_a_sentence(pretrial: TestClient) -> None:
    zone_set_id = made(pretrial)["id"]
    features = [
        one
        for one in DRAWINGS_REFUSED.values()
        if "nan" not in str(one) and "inf" not in str(one) and one.get("properties") is not None
    ]
    named = [one | {"properties": one["properties"] | {"name": "N"}} for one in features]
    outcome = imported(pretrial, zone_set_id, *named, "words", 1, None, [])
    assert outcome["drawn"] == 0
    assert len(outcome["refused"]) == len(features) + 4
    assert all(one["reason"].endswith((".", "?")) for one in outcome["refused"])
    assert "39.7" not in str(outcome)


def test_a_set_applies_to_a_person_until_it_is_lifted(
    web: Web, office: Office, pretrial: TestClient
) -> None:
    zone_set_id = made(pretrial)["id"]
    where = f"{SETS}/{zone_set_id}/members"
    body = {"supervisee_id": office.supervisee.id, "clause_id": office.clause.id}
    applied = pretrial.post(where, json=body)
    assert applied.status_code == 201, applied.text
    member = applied.json()
    assert (member["begins_at"], member["ends_at"]) == ("2026-09-21T14:13:20Z", None)
    assert pretrial.post(where, json=body).status_code == 409
    assert pretrial.get(f"{SETS}/{zone_set_id}").json()["members"] == 1
    web.clock.forward(60)
    lifted = pretrial.post(f"/api/v1/zone-set-members/{member['id']}/end", json={})
    assert lifted.json() == member | {"ends_at": "2026-09-21T14:14:20Z"}
    assert pretrial.get(where).json()["items"] == [lifted.json()]
    assert pretrial.get(f"{SETS}/{zone_set_id}").json()["members"] == 0


def test_a_set_is_not_lifted_in_the_past(office: Office, pretrial: TestClient) -> None:
    where = f"/api/v1/zone-set-members/{office.zone_set_member.id}/end"
    answer = pretrial.post(where, json={"at": "2026-09-21T14:13:19Z"})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")


def test_an_officer_sees_the_sets_of_the_own_people_and_their_zones(
    web: Web, office: Office, pretrial: TestClient
) -> None:
    unapplied = made(pretrial)["id"]
    own, colleague = web.signed_in(office.officer), web.signed_in(office.colleague)
    assert [one["id"] for one in own.get(SETS).json()["items"]] == [office.zone_set.id]
    assert colleague.get(SETS).json()["items"] == []
    (zone,) = zones(own, office.zone_set.id)
    assert own.get(f"/api/v1/zones/{zone['id']}").json() == zone
    assert own.get(f"/api/v1/zones/{zone['id']}/versions").json()["items"] == [zone]
    for path in (f"zones/{zone['id']}", f"zone-sets/{office.zone_set.id}/zones"):
        assert colleague.get(f"/api/v1/{path}").status_code == 404
    assert own.get(f"{SETS}/{unapplied}").status_code == 404
    assert len(pretrial.get(SETS).json()["items"]) == 2


def test_a_sets_zones_are_no_persons_zones(office: Office, pretrial: TestClient) -> None:
    items = pretrial.get("/api/v1/zones").json()["items"]
    assert [one["id"] for one in items] == [office.zone.id]


def test_a_sets_zone_is_amended_and_retired_like_any(office: Office, pretrial: TestClient) -> None:
    (zone,) = zones(pretrial, office.zone_set.id)
    where = f"/api/v1/zones/{zone['id']}"
    amended = pretrial.put(f"{where}/shape", json={"geometry": CIRCLE, "warning_m": 50})
    assert amended.status_code == 200, amended.text
    assert amended.json()["properties"]["warning_m"] == 50
    assert pretrial.post(f"{where}/retire", json={}).json()["geometry"] is None
    assert pretrial.get(f"{SETS}/{office.zone_set.id}").json()["zones"] == 0


def test_a_set_shows_of_its_members_the_own_caseload_only(web: Web, office: Office) -> None:
    with web.behind() as session:
        person = factories.a_supervisee(session, office.colleague)
        clause = factories.a_clause(session, factories.an_order(session, person))
        factories.a_set_member(session, office.zone_set, clause)
    where = f"{SETS}/{office.zone_set.id}/members"
    for officer, people in (
        (office.officer, [office.supervisee.id]),
        (office.colleague, [person.id]),
        (office.supervisor, [office.supervisee.id, person.id]),
    ):
        shown = web.signed_in(officer).get(where).json()["items"]
        assert [one["supervisee_id"] for one in shown] == people


def test_every_look_at_a_set_is_audited(web: Web, office: Office) -> None:
    client, one = web.signed_in(office.officer), f"{SETS}/{office.zone_set.id}"
    for path in (SETS, one, f"{one}/zones", f"{one}/members"):
        assert client.get(path).status_code == 200
    subject = f"zone_set:{office.zone_set.id}"
    assert web.audited(office, "zone_set:viewed") == [f"agency:{office.agency.id}", *[subject] * 3]
