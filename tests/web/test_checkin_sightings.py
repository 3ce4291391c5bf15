"""A call within sight is attested from a place; what he told by himself is reviewed."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from supervision.checkins.rules import Method, State
from tests import factories
from tests.web.application import Web
from tests.web.checkin_visits import CHECKINS, PLACE, TO_OPEN_S, history, refused, swept, told
from tests.web.offices import Office


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


def test_a_check_in_by_telephone_alone_is_not_attested(web: Web, office: Office) -> None:
    path = f"{CHECKINS}/{office.checkin.id}"
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
