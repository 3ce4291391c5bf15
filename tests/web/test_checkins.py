"""What an officer does about a check-in, when it can be done, and who cannot."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from supervision.core.access import Role
from tests.web.application import Web
from tests.web.checkin_visits import (
    CHECKINS,
    PLACE,
    REASON,
    TO_MISSED_S,
    TO_OPEN_S,
    history,
    refused,
    swept,
    told,
    unswept,
)
from tests.web.offices import Office

ACTS = [
    ("attendance", {}),
    ("attempts", {"why": "busy"}),
    ("sightings", PLACE),
    ("review", {"note": "N"}),
    ("excuse", REASON),
    ("cancel", REASON),
]


@pytest.fixture
def path(office: Office) -> str:
    return f"{CHECKINS}/{office.checkin.id}"


def test_who_is_heard_in_the_window_has_attended(web: Web, office: Office, path: str) -> None:
    officer = swept(web, office, TO_OPEN_S)
    answer = officer.post(f"{path}/attendance", json={})
    assert told(answer) == ("attended", "2026-09-21T18:13:20Z")
    shown = officer.get(path).json()
    by = [(event["kind"], event["officer_id"]) for event in shown.pop("events")]
    assert by == [("opened", None), ("attended", office.officer.id)]
    assert shown.pop("reminders") == []
    assert (shown.pop("sightings"), shown.pop("submission")) == ([], None)
    assert shown == answer.json()
    assert web.audited(office, "checkin:attended") == [f"checkin:{office.checkin.id}"]
    assert refused(officer.post(f"{path}/attendance", json={}), 409)


def test_an_attendance_has_its_own_time(web: Web, office: Office, path: str) -> None:
    officer = unswept(web, office, TO_OPEN_S)
    answer = officer.post(f"{path}/attendance", json={"attended_at": "2026-09-21T20:05:00+02:00"})
    assert told(answer) == ("attended", "2026-09-21T18:05:00Z")
    assert history(officer, path) == ["opened", "attended"]


@pytest.mark.parametrize(
    "body",
    [
        {"attended_at": "2026-09-21T18:13:21Z"},
        {"attended_at": "2026-09-21T17:59:59Z"},
        {"attended_at": "2026-09-21T18:05:00"},
    ],
)
def test_an_attendance_in_the_future_or_before_the_window_or_at_no_instant_is_refused(
    web: Web, office: Office, path: str, body: dict[str, str]
) -> None:
    officer = unswept(web, office, TO_OPEN_S)
    assert refused(officer.post(f"{path}/attendance", json=body), 422)
    shown = officer.get(path).json()
    assert (shown["state"], shown["attended_at"], shown["events"]) == ("scheduled", None, [])


def test_a_call_in_vain_is_logged_and_the_check_in_stays_open(
    web: Web, office: Office, officer: TestClient, path: str
) -> None:
    assert refused(officer.post(f"{path}/attempts", json={"why": "busy"}), 409)
    officer = swept(web, office, TO_OPEN_S)
    assert officer.post(f"{path}/attempts", json={"why": "voicemail"}).json()["state"] == "open"
    for body in ({"why": "asleep"}, {}):
        assert refused(officer.post(f"{path}/attempts", json=body), 422)
    assert history(officer, path) == ["opened", "attempted"]
    assert officer.get(path).json()["events"][-1]["detail"] == {"why": "voicemail"}


def test_an_excused_miss_is_off_the_account_and_its_alert_stays_to_be_closed(
    web: Web, office: Office, path: str
) -> None:
    officer = swept(web, office, TO_MISSED_S)
    assert officer.post(f"{path}/excuse", json=REASON).json()["state"] == "excused"
    assert history(officer, path) == ["missed", "excused"]
    assert officer.get(path).json()["events"][-1]["detail"] == REASON
    (alert, _) = officer.get("/api/v1/alerts").json()["items"]
    assert (alert["kind"], alert["handling"]) == ("checkin_missed", "new")
    assert alert["cleared_at"] == "2026-09-21T20:13:20Z"
    assert web.audited(office, "checkin:excused") == [f"checkin:{office.checkin.id}"]
    assert refused(officer.post(f"{path}/excuse", json=REASON), 409)


def test_who_comes_late_has_still_missed_it(web: Web, office: Office, path: str) -> None:
    officer = swept(web, office, TO_MISSED_S)
    assert told(officer.post(f"{path}/attendance", json={})) == ("missed", "2026-09-21T20:13:20Z")
    assert history(officer, path) == ["missed", "attended_late"]


def test_what_was_not_missed_cannot_be_excused(web: Web, office: Office, path: str) -> None:
    for events in ([], ["opened"]):
        officer = swept(web, office, TO_OPEN_S * len(events))
        assert refused(officer.post(f"{path}/excuse", json=REASON), 409)
        assert history(officer, path) == events


def test_a_cancelled_check_in_is_asked_for_no_more(
    web: Web, office: Office, officer: TestClient, path: str
) -> None:
    assert officer.post(f"{path}/cancel", json=REASON).json()["state"] == "cancelled"
    officer = swept(web, office, TO_MISSED_S)
    assert history(officer, path) == ["cancelled"]
    assert refused(officer.post(f"{path}/cancel", json=REASON), 409)
    assert web.audited(office, "checkin:cancelled") == [f"checkin:{office.checkin.id}"]


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": " \n"}, {"reason": None}])
@pytest.mark.parametrize("act", ["excuse", "cancel"])
def test_nothing_is_excused_or_cancelled_without_a_reason(
    web: Web, office: Office, path: str, act: str, body: dict[str, Any]
) -> None:
    officer = swept(web, office, TO_MISSED_S)
    assert refused(officer.post(f"{path}/{act}", json=body), 422)
    assert history(officer, path) == ["missed"]


@pytest.mark.parametrize(("role", "reads"), [(Role.ADMINISTRATOR, 403), (Role.PRETRIAL, 200)])
def test_who_does_not_supervise_handles_no_check_in(
    web: Web, office: Office, path: str, role: Role, reads: int
) -> None:
    client = web.signed_in(office.who(role))
    assert [client.get(where).status_code for where in (CHECKINS, path)] == [reads, reads]
    assert all(refused(client.post(f"{path}/{act}", json=body), 403) for act, body in ACTS)


def test_neither_a_colleague_nor_another_agency_finds_the_check_in(
    web: Web, office: Office, other_office: Office, path: str
) -> None:
    for stranger in (office.colleague, other_office.officer, other_office.supervisor):
        client = web.signed_in(stranger)
        shown = client.get(CHECKINS).json()["items"]
        assert office.checkin.id not in [row["id"] for row in shown]
        assert refused(client.get(path), 404)
        assert all(refused(client.post(f"{path}/{act}", json=body), 404) for act, body in ACTS)
    assert history(web.signed_in(office.officer), path) == []
