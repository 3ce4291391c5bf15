"""Which check-ins are listed: today's, those asked for, page by page, and by what they need."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from supervision.web.paging import encode_cursor
from tests import factories
from tests.web.application import Web
from tests.web.checkin_visits import CHECKINS, TO_MISSED_S, TO_OPEN_S, refused, swept, unswept
from tests.web.office_rows import a_checkin
from tests.web.offices import Office


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
