import json
import math
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from tests import factories
from tests.web.application import Web
from tests.web.offices import Office

ZONES = "/api/v1/zones"
CENTRE = [-104.98, 39.74]


def feature(kind: str, coordinates: object, **properties: object) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def ring(points: int, radius_deg: float = 0.01) -> list[list[float]]:
    """A closed ring around the centre."""
    turns = [2 * math.pi * number / points for number in range(points)]
    outline = [
        [CENTRE[0] + radius_deg * math.cos(turn), CENTRE[1] + radius_deg * math.sin(turn)]
        for turn in turns
    ]
    return [*outline, outline[0]]


SQUARE = [[-105.0, 39.70], [-104.99, 39.70], [-104.99, 39.71], [-105.0, 39.71], [-105.0, 39.70]]
BOWTIE = [[-105.0, 39.70], [-104.99, 39.71], [-104.99, 39.70], [-105.0, 39.71], [-105.0, 39.70]]
CIRCLE = feature("Point", CENTRE, radius_m=250)


@pytest.fixture
def pretrial(web: Web, office: Office) -> TestClient:
    return web.signed_in(office.pretrial)


def armed(client: TestClient, office: Office, drawing: object, **more: object) -> Response:
    body = {"clause_id": office.clause.id, "name": "Home", "geometry": drawing} | more
    content = json.dumps(body)
    return client.post(ZONES, content=content, headers={"Content-Type": "application/json"})


@pytest.mark.parametrize(
    ("drawing", "shape", "size"),
    [
        (CIRCLE, "circle", {"radius_m": 250, "width_m": None}),
        (
            feature("LineString", [[-105.0, 39.7], [-104.995, 39.7]], width_m=80),
            "corridor",
            {"radius_m": None, "width_m": 80},
        ),
        (feature("Polygon", [SQUARE]), "polygon", {"radius_m": None, "width_m": None}),
    ],
)
def test_a_zone_goes_in_and_comes_out_as_geojson(
    office: Office, pretrial: TestClient, drawing: dict[str, Any], shape: str, size: dict[str, Any]
) -> None:
    answer = armed(pretrial, office, drawing)
    assert answer.status_code == 201, answer.text
    zone = answer.json()
    assert zone["type"] == "Feature"
    assert zone["geometry"]["type"] == drawing["geometry"]["type"]
    properties = zone["properties"]
    assert {name: properties[name] for name in size} == size
    assert (properties["shape"], properties["version"], properties["name"]) == (shape, 1, "Home")
    assert properties["armed_at"] == "2026-09-21T14:13:20Z"
    assert properties["drawn_by_id"] == office.pretrial.id
    assert pretrial.get(f"{ZONES}/{zone['id']}").json() == zone


def test_what_comes_out_can_be_sent_in_again(office: Office, pretrial: TestClient) -> None:
    zone = armed(pretrial, office, feature("Polygon", [SQUARE])).json()
    again = armed(pretrial, office, zone)
    assert again.status_code == 201
    assert again.json()["geometry"] == zone["geometry"]


def test_what_was_repaired_is_told(office: Office, pretrial: TestClient) -> None:
    open_ring = feature("Polygon", [SQUARE[:-1]])
    answer = armed(pretrial, office, open_ring)
    assert answer.status_code == 201
    assert answer.json()["properties"]["notes"]


def test_amending_makes_a_version_and_keeps_the_old_one(
    web: Web, office: Office, pretrial: TestClient
) -> None:
    zone_id = armed(pretrial, office, CIRCLE).json()["id"]
    web.clock.forward(60)
    larger = feature("Point", CENTRE, radius_m=400)
    amended = pretrial.put(f"{ZONES}/{zone_id}/shape", json={"geometry": larger})
    assert amended.status_code == 200
    assert amended.json()["properties"]["radius_m"] == 400
    versions = pretrial.get(f"{ZONES}/{zone_id}/versions").json()["items"]
    assert [one["properties"]["radius_m"] for one in versions] == [250, 400]
    assert versions[1] == amended.json()


def test_a_retired_zone_has_no_geometry_and_keeps_its_versions(
    web: Web, office: Office, pretrial: TestClient
) -> None:
    zone_id = armed(pretrial, office, CIRCLE).json()["id"]
    web.clock.forward(60)
    retired = pretrial.post(f"{ZONES}/{zone_id}/retire", json={})
    assert retired.status_code == 200
    assert retired.json()["geometry"] is None
    assert retired.json()["properties"]["shape"] == "retired"
    assert len(pretrial.get(f"{ZONES}/{zone_id}/versions").json()["items"]) == 2
    again = pretrial.post(f"{ZONES}/{zone_id}/retire", json={})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/conflict")


def test_arming_a_zone_around_someone_raises_an_alert_at_once(
    web: Web, office: Office, pretrial: TestClient
) -> None:
    earlier = (web.clock.now - timedelta(minutes=1)).isoformat()
    with web.behind() as session:
        for seconds in (20, 40):
            factories.a_position(
                session,
                office.device,
                office.supervisee,
                fixed_at=factories.NOW + timedelta(seconds=seconds),
            )
    web.clock.forward(60)
    assert armed(pretrial, office, CIRCLE, armed_at=earlier).status_code == 201
    alerts = web.signed_in(office.officer).get("/api/v1/alerts").json()["items"]
    assert [alert["kind"] for alert in alerts] == ["zone_entry", "strap_tamper"]


def test_zones_can_be_asked_by_person_and_by_order(
    web: Web, office: Office, pretrial: TestClient
) -> None:
    with web.behind() as session:
        other = factories.an_order(session, factories.a_supervisee(session, office.colleague))
        factories.a_zone(session, other)
    assert len(pretrial.get(ZONES).json()["items"]) == 2
    for asked in ({"supervisee_id": other.supervisee_id}, {"order_id": other.id}):
        (zone,) = pretrial.get(ZONES, params=asked).json()["items"]
        assert zone["properties"]["order_id"] == other.id


def test_every_look_at_a_zone_is_audited(web: Web, office: Office) -> None:
    client, zone_id = web.signed_in(office.officer), office.zone.id
    for path in (ZONES, f"{ZONES}/{zone_id}", f"{ZONES}/{zone_id}/versions"):
        assert client.get(path).status_code == 200
    subjects = [f"agency:{office.agency.id}", f"zone:{zone_id}", f"zone:{zone_id}"]
    assert web.audited(office, "zone:viewed") == subjects


def test_a_list_without_zones_leaves_no_line(web: Web, office: Office) -> None:
    assert web.signed_in(office.colleague).get(ZONES).json()["items"] == []
    assert web.audited(office, "zone:viewed") == []


def test_ten_thousand_points_fit(office: Office, pretrial: TestClient) -> None:
    answer = armed(pretrial, office, feature("Polygon", [ring(9_990)]))
    assert answer.status_code == 201, answer.text


HALF_THE_WORLD = [[-90, -80], [90, -80], [90, 80], [-90, 80], [-90, -80]]
DRAWINGS_REFUSED = {
    "crossing itself": feature("Polygon", [BOWTIE]),
    "too many points": feature("Polygon", [ring(10_001)]),
    "half a hemisphere": feature("Polygon", [HALF_THE_WORLD]),
    "not a number": feature("Point", [float("nan"), 39.7], radius_m=250),
    "infinite": feature("Point", [-104.98, float("inf")], radius_m=250),
    "no radius": feature("Point", CENTRE),
    "a negative radius": feature("Point", CENTRE, radius_m=-1),
    "an unknown radius": feature("Point", CENTRE, radius_m=float("nan")),
    "latitude first": feature("Point", [39.74, -104.98], radius_m=250),
    "no coordinates": feature("Point", [], radius_m=250),
    "words for numbers": feature("Point", ["here", "there"], radius_m=250),
    "a line of one point": feature("LineString", [CENTRE], width_m=80),
    "an empty polygon": feature("Polygon", []),
    "nested too deep": feature("Polygon", [[[[[CENTRE]]]]]),
    "another kind": feature("GeometryCollection", []),
    "no geometry": {"type": "Feature", "properties": {}, "geometry": None},
    "nothing": {},
}


@pytest.mark.parametrize("drawing", DRAWINGS_REFUSED.values(), ids=DRAWINGS_REFUSED)
def test_a_drawing_that_cannot_be_judged_is_refused_in_a_sentence(
    office: Office, pretrial: TestClient, drawing: dict[str, Any]
) -> None:
    answer = armed(pretrial, office, drawing)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/zone_invalid")
    assert answer.json()["detail"].endswith((".", "?"))
    assert "39.7" not in answer.text


@pytest.mark.parametrize("drawing", [None, 1, "x", []])
def test_a_drawing_that_is_no_object_is_refused(
    office: Office, pretrial: TestClient, drawing: object
) -> None:
    assert armed(pretrial, office, drawing).status_code == 422


def test_nothing_remains_of_a_refused_zone(web: Web, office: Office, pretrial: TestClient) -> None:
    before = web.audited(office, "zone:armed")
    armed(pretrial, office, DRAWINGS_REFUSED["no radius"])
    assert len(pretrial.get(ZONES).json()["items"]) == 1
    assert web.audited(office, "zone:armed") == before
