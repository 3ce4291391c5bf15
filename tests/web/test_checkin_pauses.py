from typing import Any

import pytest
from fastapi.testclient import TestClient

from supervision.core.access import Role
from tests.web.application import Web
from tests.web.offices import Office

API = "/api/v1"
REASON = {"reason": "In hospital since this morning."}


@pytest.fixture
def pauses(office: Office) -> str:
    return f"{API}/supervisees/{office.supervisee.id}/checkin-pauses"


def states(client: TestClient) -> list[str]:
    rows = client.get(f"{API}/checkins?until=2026-09-23T00:00:00Z").json()["items"]
    return [row["state"] for row in rows]


def test_a_pause_goes_in_takes_away_what_is_ahead_and_gives_it_back_when_it_ends(
    web: Web, office: Office, officer: TestClient, pauses: str
) -> None:
    assert states(officer) == ["scheduled"]
    answer = officer.post(pauses, json=REASON)
    assert answer.status_code == 201, answer.text
    pause = answer.json()
    assert pause == REASON | {
        "id": pause["id"],
        "supervisee_id": office.supervisee.id,
        "begins_at": "2026-09-21T14:13:20Z",
        "ends_at": None,
        "made_by_id": office.officer.id,
        "made_at": "2026-09-21T14:13:20Z",
        "ended_by_id": None,
    }
    assert states(officer) == ["replaced"]
    assert [one["id"] for one in officer.get(pauses).json()["items"]] == [
        office.pause.id,
        pause["id"],
    ]
    web.clock.forward(60)
    ended = officer.post(f"{API}/checkin-pauses/{pause['id']}/end")
    over = {"ends_at": "2026-09-21T14:14:20Z", "ended_by_id": office.officer.id}
    assert ended.json() == pause | over
    assert sorted(states(officer)) == ["replaced", "scheduled"]
    again = officer.post(f"{API}/checkin-pauses/{pause['id']}/end")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/conflict")
    for tag in ("made", "ended"):
        assert web.audited(office, f"checkin_pause:{tag}") == [f"checkin_pause:{pause['id']}"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": " "},
        {},
        REASON | {"ends_at": "2026-09-21T14:13:20Z"},
        REASON | {"begins_at": "2026-09-23T00:00:00Z", "ends_at": "2026-09-22T00:00:00Z"},
        REASON | {"begins_at": "tomorrow"},
        REASON | {"for": "ever"},
    ],
)
def test_what_makes_no_sense_is_refused(
    officer: TestClient, pauses: str, wrong: dict[str, Any]
) -> None:
    answer = officer.post(pauses, json=wrong)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")
    assert states(officer) == ["scheduled"]


def test_neither_a_colleague_nor_another_agency_finds_it(
    web: Web, office: Office, other_office: Office, pauses: str
) -> None:
    end = f"{API}/checkin-pauses/{office.pause.id}/end"
    for stranger in (office.colleague, other_office.officer, other_office.supervisor):
        client = web.signed_in(stranger)
        answers = (client.get(pauses), client.post(pauses, json=REASON), client.post(end))
        assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_who_does_not_supervise_reads_and_pauses_nothing(
    web: Web, office: Office, pauses: str
) -> None:
    client = web.signed_in(office.who(Role.PRETRIAL))
    assert client.get(pauses).status_code == 200
    assert client.post(pauses, json=REASON).status_code == 403
