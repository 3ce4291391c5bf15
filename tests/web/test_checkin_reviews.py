from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from supervision.monitor import Monitor
from supervision.web.paging import encode_cursor
from tests import factories
from tests.duties import a_duty
from tests.web.application import Web
from tests.web.office_rows import a_checkin, a_told_checkin
from tests.web.offices import Office

CHECKINS = "/api/v1/checkins"
REVIEW = f"{CHECKINS}/review"


def concern(web: Web, checkin_id: int, concerns: str) -> None:
    with web.behind() as session:
        session.execute(
            text("UPDATE checkin_submission SET concerns = :is WHERE checkin_id = :id"),
            {"is": concerns, "id": checkin_id},
        )


def test_what_waits_for_a_look_is_listed_the_worrying_first(web: Web, office: Office) -> None:
    with web.behind() as session:
        another = factories.a_supervisee(session, office.officer)
        worrying = a_told_checkin(session, a_checkin(session, another))
    concern(web, worrying.id, "{far_position}")
    web.clock.forward(6 * 3_600)  # at 19:15 the office's own check-in was missed
    Monitor(web.engine, web.clock, timedelta(minutes=5)).sweep_checkins()
    officer = web.signed_in(office.officer)
    rows = officer.get(REVIEW).json()["items"]
    assert [(row["id"], row["state"], row["concerns"]) for row in rows[:3]] == [
        (worrying.id, "submitted", ["far_position"]),
        (office.told.id, "submitted", []),
        (office.checkin.id, "missed", []),
    ]
    seen: list[int] = []
    asked: dict[str, Any] | None = {"limit": 1}
    while asked:
        page = officer.get(REVIEW, params=asked).json()
        seen += [row["id"] for row in page["items"]]
        asked = page["next"] and {"limit": 1, "cursor": page["next"]}
    assert seen == [row["id"] for row in rows]
    assert web.signed_in(office.colleague).get(REVIEW).json()["items"] == []


def test_what_he_told_is_shown_with_his_place_and_the_look_is_on_record(
    web: Web, office: Office
) -> None:
    officer = web.signed_in(office.officer)
    shown = officer.get(f"{CHECKINS}/{office.told.id}/submission").json()
    assert (shown["answers"], shown["language"]) == ({"moved": "no", "news": "Nothing."}, "es")
    assert (shown["lon"], shown["lat"], shown["accuracy_m"]) == (-104.98, 39.74, 12.0)
    assert shown["no_position_reason"] is None
    assert web.audited(office, "checkin:viewed") == [f"checkin:{office.told.id}"]
    assert officer.get(f"{CHECKINS}/{office.checkin.id}/submission").status_code == 404


def test_a_look_is_noted_once_and_with_a_note_where_it_worries(web: Web, office: Office) -> None:
    officer, path = web.signed_in(office.officer), f"{CHECKINS}/{office.told.id}/review"
    concern(web, office.told.id, "{flagged_answer}")
    assert officer.post(path, json={"note": " "}).status_code == 422
    answer = officer.post(path, json={"note": "Called him back."})
    assert (answer.status_code, answer.json()["state"]) == (200, "reviewed")
    assert officer.post(path, json={"note": "Again."}).status_code == 409
    assert web.audited(office, "checkin:reviewed") == [f"checkin:{office.told.id}"]
    assert officer.get(REVIEW).json()["items"] == []


@pytest.mark.parametrize("cursor", ["x", encode_cursor((1, 2)), encode_cursor((2**62, 2**62, 1))])
def test_a_cursor_that_the_list_did_not_give_is_refused(
    web: Web, office: Office, cursor: str
) -> None:
    officer = web.signed_in(office.officer)
    assert officer.get(REVIEW, params={"cursor": cursor}).status_code == 422


def test_who_asked_for_a_call_outside_the_form_comes_first_too(web: Web, office: Office) -> None:
    with web.behind() as session:
        at = factories.NOW - timedelta(days=1)
        asked = {"state": "missed", "call_asked_at": at}
        one = a_duty(session, office.supervisee.id, at, method="phone", **asked)
    (first, _) = web.signed_in(office.officer).get(REVIEW).json()["items"]
    assert (first["id"], first["concerns"]) == (one.id, ["wants_call"])
