from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests import factories
from tests.web.application import Web
from tests.web.offices import Office

DAY = {"from": "2026-09-21T00:00:00Z", "to": "2026-09-22T00:00:00Z"}
GEOJSON = "application/geo+json"


def positions_of(office: Office) -> str:
    return f"/api/v1/supervisees/{office.supervisee.id}/positions"


@pytest.fixture
def client(web: Web, office: Office) -> TestClient:
    return web.signed_in(office.officer)


def stored(web: Web, office: Office, *offsets_s: float, **values: object) -> list[int]:
    with web.behind() as session:
        return [
            factories.a_position(
                session,
                office.device,
                office.supervisee,
                fixed_at=factories.NOW + timedelta(seconds=offset_s),
                **values,
            )
            for offset_s in offsets_s
        ]


def test_a_position_is_told_with_every_unit(client: TestClient, office: Office) -> None:
    (row,) = client.get(positions_of(office), params=DAY).json()["items"]
    assert row.pop("id") > 0
    assert row == {
        "supervisee_id": office.supervisee.id,
        "device_id": office.device.id,
        "fixed_at": "2026-09-21T14:13:20Z",
        "sent_at": None,
        "received_at": "2026-09-21T14:13:20Z",
        "lon": -104.98,
        "lat": 39.74,
        "accuracy_m": 5.0,
        "source": "gps",
        "speed_mps": None,
        "course_deg": None,
        "altitude_m": None,
        "battery_pct": None,
    }


def test_a_range_holds_its_beginning_and_not_its_end(
    web: Web, office: Office, client: TestClient
) -> None:
    stored(web, office, 60)
    minute = {"from": "2026-09-21T14:13:20Z", "to": "2026-09-21T14:14:20Z"}
    rows = client.get(positions_of(office), params=minute).json()["items"]
    assert [row["fixed_at"] for row in rows] == ["2026-09-21T14:13:20Z"]


def test_instants_may_come_with_any_offset(client: TestClient, office: Office) -> None:
    denver = {"from": "2026-09-21T08:00:00-06:00", "to": "2026-09-21T09:00:00-06:00"}
    assert len(client.get(positions_of(office), params=denver).json()["items"]) == 1


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_follow_the_fixes_own_time_across_days_and_ties(
    web: Web, office: Office, client: TestClient, limit: int
) -> None:
    stored(web, office, 90_000, -5, 7)
    stored(web, office, 7, lon=-104.0)
    stored(web, office, 7, lon=-103.0)
    params: dict[str, Any] = {"from": DAY["from"], "to": "2026-09-23T00:00:00Z", "limit": limit}
    whole = client.get(positions_of(office), params=params | {"limit": 500}).json()["items"]
    paged: list[Any] = []
    while True:
        page = client.get(positions_of(office), params=params).json()
        paged += page["items"]
        if page["next"] is None:
            break
        params["cursor"] = page["next"]
    assert paged == whole
    assert len(whole) == 6
    keys = [(row["fixed_at"], row["id"]) for row in whole]
    assert keys == sorted(keys)


@pytest.mark.parametrize("how", ["accept", "format"])
def test_positions_come_as_geojson_where_asked(
    web: Web, office: Office, client: TestClient, how: str
) -> None:
    stored(web, office, 60)
    asked = DAY | {"limit": "1"} | ({"format": "geojson"} if how == "format" else {})
    headers = {"Accept": GEOJSON} if how == "accept" else {}
    answer = client.get(positions_of(office), params=asked, headers=headers)
    assert answer.headers["content-type"] == GEOJSON
    body = answer.json()
    assert body["type"] == "FeatureCollection"
    (feature,) = body["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [-104.98, 39.74]}
    assert feature["properties"]["fixed_at"] == "2026-09-21T14:13:20Z"
    assert "lon" not in feature["properties"]
    assert body["next"] in answer.links["next"]["url"]


def test_unknown_numbers_are_null_not_nan(web: Web, office: Office, client: TestClient) -> None:
    stored(web, office, 1, accuracy_m=float("nan"), speed_mps=float("nan"))
    for form in ("json", "geojson"):
        answer = client.get(positions_of(office), params=DAY | {"format": form})
        assert "NaN" not in answer.text
        assert answer.status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"from": DAY["from"]},
        {"from": "2026-09-21T00:00:00", "to": DAY["to"]},
        {"from": "yesterday", "to": DAY["to"]},
        {"from": DAY["to"], "to": DAY["from"]},
        {"from": DAY["from"], "to": DAY["from"]},
        {"from": "2026-09-01T00:00:00Z", "to": "2026-10-02T00:00:01Z"},
        {"from": "0001-01-01T00:00:00+14:00", "to": "0001-01-02T00:00:00+14:00"},
        {"from": "9999-12-31T00:00:00-14:00", "to": "9999-12-31T23:00:00-14:00"},
        DAY | {"format": "kml"},
        DAY | {"cursor": "WzFd"},
        DAY | {"cursor": "Wzk5OTk5OTk5OTk5OTk5OTk5OSwgMV0"},
    ],
)
def test_a_wrong_range_is_refused(
    client: TestClient, office: Office, wrong: dict[str, str]
) -> None:
    answer = client.get(positions_of(office), params=wrong)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")


def test_thirty_one_days_are_the_most(client: TestClient, office: Office) -> None:
    month = {"from": "2026-09-01T00:00:00Z", "to": "2026-10-02T00:00:00Z"}
    assert client.get(positions_of(office), params=month).status_code == 200


def test_each_look_is_audited_with_its_range_and_without_a_place(
    web: Web, office: Office, client: TestClient
) -> None:
    client.get(positions_of(office), params=DAY)
    assert web.audited(office, "positions:viewed") == [f"supervisee:{office.supervisee.id}"]


def test_a_refused_look_leaves_no_line(web: Web, office: Office) -> None:
    web.signed_in(office.colleague).get(positions_of(office), params=DAY)
    assert web.audited(office, "positions:viewed") == []
