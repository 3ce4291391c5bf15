from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from supervision.checkins.rules import Method, State
from supervision.core.access import Role
from supervision.monitor import Monitor
from supervision.web.paging import encode_cursor
from tests import factories
from tests.web.conftest import Office, Web, a_checkin

CHECKINS = "/api/v1/checkins"
TO_OPEN_S = 4 * 3_600  # then it is 18:13:20, and the office's check-in has been open since 18:00
TO_MISSED_S = 6 * 3_600  # 20:13:20; it was missed at 19:15
REASON = {"reason": "He was in hospital; the discharge letter is in the file."}
PLACE = {"lon": -104.98, "lat": 39.74, "accuracy_m": 12, "place": "From the car park"}
ACTS = [
    ("attendance", {}),
    ("attempts", {"why": "busy"}),
    ("sightings", PLACE),
    ("review", {"note": "N"}),
    ("excuse", REASON),
    ("cancel", REASON),
]


@pytest.fixture
def officer(web: Web, office: Office) -> TestClient:
    return web.signed_in(office.officer)


@pytest.fixture
def path(office: Office) -> str:
    return f"{CHECKINS}/{office.checkin.id}"


def unswept(web: Web, office: Office, seconds: int) -> TestClient:
    """The officer, who signs in anew some time later."""
    web.clock.forward(seconds)
    return web.signed_in(office.officer)


def swept(web: Web, office: Office, seconds: int) -> TestClient:
    """The same, after the scheduler has come by."""
    client = unswept(web, office, seconds)
    Monitor(web.engine, web.clock, timedelta(minutes=5)).sweep_checkins()
    return client


def history(client: TestClient, path: str) -> list[str]:
    return [event["kind"] for event in client.get(path).json()["events"]]


def told(answer: Response) -> tuple[str, str]:
    return answer.json()["state"], answer.json()["attended_at"]


def refused(answer: Response, status: int) -> bool:
    is_problem = answer.headers["content-type"] == "application/problem+json"
    return is_problem and answer.status_code == status


def test_todays_check_ins_are_listed_unless_others_are_asked_for(
    web: Web, office: Office, officer: TestClient
) -> None:
    (shown,) = officer.get(CHECKINS).json()["items"]
    assert shown == {
        "id": office.checkin.id,
        "supervisee_id": office.supervisee.id,
        "checkin_plan_id": office.checkin.checkin_plan_id,
        "method": "phone",
        "purpose": "checkin",
        "is_unannounced": False,
        "local_date": "2026-09-21",
        "time_zone": "UTC",
        "opens_at": "2026-09-21T18:00:00Z",
        "closes_at": "2026-09-21T19:00:00Z",
        "missed_at": "2026-09-21T19:15:00Z",
        "state": "scheduled",
        "attended_at": None,
        "submitted_at": None,
        "reviewed_at": None,
        "call_asked_at": None,
        "attempts": 0,
        "video_url": None,
    }
    later = unswept(web, office, 86_400)
    assert later.get(CHECKINS).json()["items"] == []
    asked = later.get(CHECKINS, params={"since": "2026-09-21T00:00:00Z"})
    assert len(asked.json()["items"]) == 1


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"since": "2026-09-21T18:00:00Z"}, 1),
        ({"until": "2026-09-21T18:00:00Z"}, 0),
        ({"since": "2026-09-01T00:00:00Z", "until": "2026-12-02T00:00:00Z"}, 1),
        ({"state": "scheduled"}, 1),
        ({"state": "missed"}, 0),
        ({"supervisee_id": 2**62}, 0),
    ],
)
def test_a_check_in_is_found_by_when_it_opens_and_by_state_and_person(
    officer: TestClient, asked: dict[str, Any], found: int
) -> None:
    assert len(officer.get(CHECKINS, params=asked).json()["items"]) == found


@pytest.mark.parametrize(
    "wrong",
    [
        {"since": "2026-09-21T18:00:00Z", "until": "2026-09-21T18:00:00Z"},
        {"since": "2026-09-01T00:00:00Z", "until": "2026-12-02T00:00:01Z"},
        {"until": "2026-09-20T00:00:00Z"},
        {"state": "asleep"},
        {"needs": "sleep"},
        {"supervisee_id": 0},
        {"cursor": encode_cursor((1,))},
        {"cursor": encode_cursor((2**62, 1))},
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    officer: TestClient, wrong: dict[str, Any]
) -> None:
    assert refused(officer.get(CHECKINS, params=wrong), 422)


@pytest.mark.parametrize("limit", [1, 3, 4, 9])
def test_pages_together_are_the_list_though_many_open_at_once(
    web: Web, office: Office, limit: int
) -> None:
    with web.behind() as session:
        for _ in range(6):
            a_checkin(session, factories.a_supervisee(session, office.officer))
        eastern = factories.a_supervisee(session, office.officer, time_zone="Europe/Berlin")
        earliest = a_checkin(session, eastern)
    client = web.signed_in(office.officer)
    seen: list[int] = []
    asked: dict[str, Any] | None = {"limit": limit}
    while asked:
        page = client.get(CHECKINS, params=asked).json()
        seen += [row["id"] for row in page["items"]]
        asked = page["next"] and {"limit": limit, "cursor": page["next"]}
        client = swept(web, office, 1_800)  # what opens meanwhile, or is missed, shifts no page
    assert seen[0] == earliest.id, "though it was written last, it opens first"
    assert seen[1:] == sorted(set(seen[1:]))
    assert len(seen) == 8


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


@pytest.fixture
def in_sight(web: Web, office: Office) -> str:
    """A call within sight that has just opened."""
    with web.behind() as session:
        method = {"method": Method.PHONE_IN_SIGHT, "state": State.OPEN}
        made = factories.a_checkin_at(session, office.supervisee, factories.NOW, **method)
        return f"{CHECKINS}/{made.id}"


def test_a_call_within_sight_counts_once_the_officer_attests_from_where(
    web: Web, office: Office, officer: TestClient, in_sight: str
) -> None:
    assert refused(officer.post(f"{in_sight}/attendance", json={}), 409)
    assert web.audited(office, "checkin:viewed") == []
    answer = officer.post(f"{in_sight}/sightings", json=PLACE)
    assert told(answer) == ("attended", "2026-09-21T14:13:20Z")
    shown = officer.get(in_sight).json()
    (kept,) = shown["sightings"]
    del kept["id"]
    assert kept == {
        **PLACE,
        "officer_id": office.officer.id,
        "seen_at": "2026-09-21T14:13:20Z",
        "told_at": "2026-09-21T14:13:20Z",
    }
    assert [event["kind"] for event in shown["events"]] == ["seen", "attended"]
    subject = in_sight.rpartition("/")[2]
    assert web.audited(office, "checkin:viewed") == [f"checkin:{subject}"], "it tells a place"


@pytest.mark.parametrize(
    "wrong",
    [{"lon": 181}, {"lat": None}, {"accuracy_m": -1}, {"place": " "}, {"seen_at": "2026-09-21"}],
)
def test_a_sighting_that_cannot_be_is_refused(
    officer: TestClient, in_sight: str, wrong: dict[str, Any]
) -> None:
    assert refused(officer.post(f"{in_sight}/sightings", json=PLACE | wrong), 422)


def test_a_check_in_by_telephone_alone_is_not_attested(web: Web, office: Office, path: str) -> None:
    officer = swept(web, office, TO_OPEN_S)
    assert refused(officer.post(f"{path}/sightings", json=PLACE), 409)
    assert history(officer, path) == ["opened"]


def test_what_was_told_is_shown_and_reviewed(web: Web, office: Office, officer: TestClient) -> None:
    with web.behind() as session:
        submitted = {"state": State.SUBMITTED, "submitted_at": factories.NOW}
        made = factories.a_checkin_at(session, office.supervisee, factories.NOW, **submitted)
        factories.a_submission(
            session, made, concerns=["no_position"], lon=None, lat=None, located_at=None
        )
    path = f"{CHECKINS}/{made.id}"
    told_by_him = officer.get(path).json()["submission"]
    assert (told_by_him["concerns"], told_by_him["lon"]) == (["no_position"], None)
    assert refused(officer.post(f"{path}/review", json={}), 422)
    looked = officer.post(f"{path}/review", json={"note": "He has no smartphone."})
    assert looked.json()["state"] == "reviewed"
    assert officer.get(path).json()["reviewed_at"] == "2026-09-21T14:13:20Z"
    assert refused(officer.post(f"{path}/review", json={"note": "Again."}), 409)


@pytest.mark.usefixtures("told_is_reviewed")
@pytest.mark.parametrize(
    ("seconds", "lists"),
    [(0, ["awaiting"]), (TO_OPEN_S, ["awaiting"]), (TO_MISSED_S, ["attention"])],
)
def test_the_three_lists_are_asked_for_by_name_whatever_the_day(
    web: Web, office: Office, seconds: int, lists: list[str]
) -> None:
    client = unswept(web, office, seconds)
    found = [
        needs
        for needs in ("attention", "awaiting", "reviewed")
        if client.get(CHECKINS, params={"needs": needs}).json()["items"]
    ]
    assert found == lists
    bounded = {"needs": lists[0], "since": "2026-09-22T00:00:00Z"}
    assert client.get(CHECKINS, params=bounded).json()["items"] == []


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
