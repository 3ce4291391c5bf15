"""The numbers of alerts by the API: what each role gets, and which ranges are refused."""

from http import HTTPStatus
from typing import Any

import pytest

from alerts.catalogue import AlertKind
from alerts.load import LONGEST
from supervision.core.access import Role
from tests import factories
from tests.web.application import Web
from tests.web.offices import Office

NUMBERS = "/api/v1/alerts/numbers"


@pytest.fixture
def later(web: Web, office: Office) -> Office:
    """An hour on, a twelfth alert having been raised for the colleague."""
    with web.behind() as session:
        person = factories.a_supervisee(session, office.colleague)
        for _ in range(11):
            factories.an_alert(session, person, kind=AlertKind.JAMMING)
    web.clock.forward(3_600)
    return office


def numbers(web: Web, office: Office, role: Role, **query: str) -> Any:
    answer = web.signed_in(office.who(role)).get(NUMBERS, params=query)
    assert answer.status_code == HTTPStatus.OK, answer.text
    return answer.json()


def test_a_supervisor_sees_the_agency_and_each_officer(web: Web, later: Office) -> None:
    seen = numbers(web, later, Role.SUPERVISOR)
    assert seen["until"] == "2026-09-21T15:13:20Z"
    assert seen["since"] == "2026-08-22T15:13:20Z"
    agency = seen["agency"]
    assert agency["alerts"] == 12
    assert agency["acknowledged"] == {"alerts": 0, "p50_s": None, "p95_s": None}
    assert agency["waiting"] == {"alerts": 12, "stale": 0, "overdue": 12}
    assert agency["overdue"] == 12
    assert agency["sources"][0]["alerts"] == 11
    assert (agency["false_share"], agency["judged"]) == (None, [])
    by_officer = {one["officer_id"]: one["figures"] for one in seen["officers"]}
    assert by_officer.keys() == {later.officer.id, later.colleague.id}
    (flood,) = by_officer[later.colleague.id]["load"]["floods"]
    assert flood == {
        "begins_at": "2026-09-21T14:13:20Z",
        "ends_at": "2026-09-21T14:23:20Z",
        "is_over": True,
        "alerts": 11,
        "most_in_10_min": 11,
    }


def test_an_officer_sees_the_total_and_oneself(web: Web, later: Office) -> None:
    for role in (Role.OFFICER, Role.PRETRIAL):
        seen = numbers(web, later, role)
        assert seen["agency"]["alerts"] == 12
        assert seen["agency"]["sources"] is None
        assert [one["officer_id"] for one in seen["officers"]] == [later.who(role).id]
    own = numbers(web, later, Role.OFFICER)["officers"][0]["figures"]
    assert own["sources"] == [
        {"kind": "strap_tamper", "supervisee_id": later.supervisee.id, "alerts": 1}
    ]


def test_an_administrator_sees_each_officer_and_none_of_the_people(web: Web, later: Office) -> None:
    seen = numbers(web, later, Role.ADMINISTRATOR)
    assert len(seen["officers"]) == 2
    assert "supervisee_id" not in str(seen)


def test_no_other_agencys_alerts_count(web: Web, later: Office, other_office: Office) -> None:
    assert numbers(web, other_office, Role.SUPERVISOR)["agency"]["alerts"] == 1
    assert numbers(web, later, Role.SUPERVISOR)["agency"]["alerts"] == 12


def test_a_closed_alert_counts_by_its_disposition(web: Web, later: Office) -> None:
    officer = web.signed_in(later.officer)
    judgement = {"disposition": "device_fault", "note": "The strap's sensor is worn."}
    officer.post(f"/api/v1/alerts/{later.alert.id}/close", json=judgement)
    agency = numbers(web, later, Role.SUPERVISOR)["agency"]
    assert agency["judged"] == [{"disposition": "device_fault", "alerts": 1, "share": 1.0}]
    assert agency["false_share"] == 1.0
    assert agency["closed"] == {"alerts": 1, "p50_s": 3600.0, "p95_s": 3600.0}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"since": "2026-09-21T15:00:00Z", "until": "2026-09-21T15:00:00Z"}, "begin before"),
        ({"until": "2026-09-22T00:00:00Z"}, "future"),
        ({"since": "2026-09-21T15:10:00Z"}, "10 minutes"),
        ({"since": "2025-01-01T00:00:00Z"}, f"{LONGEST.days} days"),
        ({"since": "yesterday"}, ""),
        ({"since": "2026-09-21T15:10:00"}, ""),
    ],
    ids=str,
)
def test_a_range_without_sense_is_refused(
    web: Web, later: Office, query: dict[str, str], words: str
) -> None:
    answer = web.signed_in(later.supervisor).get(NUMBERS, params=query)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in answer.text


def test_a_range_before_anything_was_found_is_empty(web: Web, later: Office) -> None:
    seen = numbers(web, later, Role.SUPERVISOR, until="1970-01-01T00:00:00Z")
    assert (seen["agency"]["alerts"], seen["agency"]["waiting"]["alerts"]) == (0, 12)
