"""Dispatch packets: what a patrol reads by its link, what it does not, and what is on record."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from alerts.catalogue import AlertKind
from alerts.models import DispatchLink
from supervision.core.access import Role
from supervision.core.tokens import hash_token
from supervision.register.models import Officer, ProtectedPerson, Supervisee
from tests import factories
from tests.web.conftest import Office, Web
from tests.web.console_visits import a_stay, browser_of
from tests.web.patrol_visits import API, Patrol, shared, trail

GONE = "This link opens nothing."


@pytest.fixture
def officer(web: Web, office: Office) -> TestClient:
    return web.signed_in(office.officer)


@pytest.fixture
def patrol(web: Web, office: Office) -> Patrol:
    return shared(web, office)


def change(web: Web, kind: type[Any], row_id: int, **values: Any) -> None:
    with web.behind() as session:
        row = session.get_one(kind, row_id)
        for name, value in values.items():
            setattr(row, name, value)


def links(client: TestClient, office: Office) -> list[dict[str, Any]]:
    path = f"{API}/alerts/{office.alert.id}/dispatch-links"
    items: list[dict[str, Any]] = client.get(path).json()["items"]
    return items


def test_it_says_who_where_what_and_whom_to_call(web: Web, office: Office, patrol: Patrol) -> None:
    known = {"description": "Male, 41", "vehicle": "Grey van", "safety_notes": "Keeps a dog."}
    change(web, Supervisee, office.supervisee.id, **known)
    change(web, Officer, office.officer.id, duty_phone="+13035550142")
    web.clock.forward(23 * 60)
    words = patrol.words()
    person, order = office.supervisee, office.order
    for said in (
        f"Strap reported cut or opened: {person.full_name}",
        "Last known 14:13:20 UTC, 23 min ago, within 5 m (GPS)",
        "latitude 39.74000, longitude -104.98000",
        "This is old: he may be far from there by now.",
        *known.values(),
        person.case_number,
        f"{order.court}, {order.court_case_number}",
        "04 To stay away from the residence",
        "+13035550142",
        "Read 21 Sep 2026, 14:36:20 UTC.",
        "This link ends 18:13:20 UTC.",
    ):
        assert said in words, said


def test_the_page_is_read_anew_each_time(web: Web, office: Office, patrol: Patrol) -> None:
    assert "longitude -104.98000" in patrol.words()
    web.clock.forward(60)
    with web.behind() as session:
        at = {"fixed_at": web.clock.now, "lon": -104.97, "accuracy_m": 10.0}
        factories.a_position(session, office.device, office.supervisee, **at)
    words = patrol.words()
    assert "Last known 14:14:20 UTC, 0 s ago, within 10 m" in words
    assert "He went east at about 32 mph (51 km/h), 14:13:20 UTC to 14:14:20 UTC." in words


def test_a_rough_fix_hides_no_exact_one_and_a_cut_strap_is_told(
    web: Web, office: Office, patrol: Patrol
) -> None:
    web.clock.forward(60)
    with web.behind() as session:
        at = {"fixed_at": web.clock.now, "accuracy_m": 2_000.0, "source": 3}
        factories.a_position(session, office.device, office.supervisee, **at)
        cut = {"evidence": {"device_id": office.device.id}}
        factories.an_alert(session, office.supervisee, **cut)
    words = patrol.words()
    assert "within 2,000 m (cell tower)" in words
    assert "Last exact 14:13:20 UTC, 1 min ago, within 5 m (GPS)" in words
    assert "The strap was reported cut or opened 14:13:20 UTC: the tracker may be off him." in words


def test_nothing_in_it_leads_to_her(web: Web, office: Office) -> None:
    alert_id = a_stay(web, office)
    with web.behind() as session:
        factories.a_clause(session, office.order, wording="Stay away from 12 Elm Street.")
    secret = {"full_name": "Sam Hidden", "safe_contact": "12 Elm Street, +13035550199"}
    change(web, ProtectedPerson, office.order.protected_person_id, **secret)
    patrol = shared(web, office, alert_id)
    page, message = patrol.get().text, patrol.get(".xml").text
    for text in (page, message):
        assert office.supervisee.full_name in text
        for word in (*secret.values(), "Elm", office.zone.name, " deep", "edge", "radius_m"):
            assert word not in text, word
    assert "Only through the officers named below." in page
    assert "of clause 04" in page
    assert "Entered" in page


def test_the_safe_contact_is_shown_where_the_officer_says_so(web: Web, office: Office) -> None:
    patrol = shared(web, office, shows_safe_contact=True)
    assert "through the advocate" in patrol.words()
    subject = f"protected_person:{office.order.protected_person_id}"
    assert ("protected_person:viewed", subject, {"alert_id": office.alert.id}) in trail(
        web, office, patrol
    )


def test_a_contact_that_came_later_than_the_link_is_not_shown(web: Web, office: Office) -> None:
    patrol = shared(web, office, shows_safe_contact=True)
    web.clock.forward(60)
    with web.behind() as session:
        other = factories.a_protected_person(session, office.agency.id, safe_contact="At 5 Oak Rd")
        entered = {"protected_person_id": other.id, "created_at": web.clock.now}
        factories.an_order(session, office.supervisee, court="New Court", **entered)
    words = patrol.words()
    assert "New Court" in words
    assert "through the advocate" in words
    assert "Oak" not in words


def test_what_a_phone_showed_at_a_check_in_is_told_so(web: Web, office: Office) -> None:
    far = {"kind": AlertKind.CHECKIN_FAR, "evidence": {"distance_m": 12_300, "source": "phone"}}
    entry = {"kind": AlertKind.ZONE_ENTRY, "grade": "possible", "evidence": {"source": "phone"}}
    for values, said in (
        (far, "Phone and tracker apart 12.3 km"),
        (entry, "Shown by the phone at a check-in, not the tracker"),
    ):
        with web.behind() as session:
            alert = factories.an_alert(session, office.supervisee, **values)
        assert said in shared(web, office, alert.id).words()


def test_each_opening_is_on_record_and_counted(
    web: Web, office: Office, patrol: Patrol, officer: TestClient
) -> None:
    patrol.words()
    web.clock.forward(600)
    patrol.get(".xml")
    link, detail = f"dispatch_link:{patrol.link_id}", {"alert_id": office.alert.id}
    seen = ("positions:viewed", f"supervisee:{office.supervisee.id}", detail)
    assert trail(web, office, patrol) == [
        ("dispatch_link:opened", link, detail | {"form": "page"}),
        seen,
        ("dispatch_link:opened", link, detail | {"form": "cap"}),
        seen,
    ]
    told = links(officer, office)[-1]
    assert (told["opened_count"], told["last_opened_at"]) == (2, "2026-09-21T14:23:20Z")
    assert web.audited(office, "dispatch_link:made") == [link]
    words = browser_of(web, office.officer).page(f"/alerts/{office.alert.id}")
    assert "opened 2 times, last 14:23" in words


def test_whoever_shares_has_the_alert_in_hand_and_its_history_says_so(
    office: Office, patrol: Patrol, officer: TestClient
) -> None:
    alert = officer.get(f"{API}/alerts/{office.alert.id}").json()
    assert (alert["handling"], alert["in_hand_by_id"]) == ("in_hand", office.officer.id)
    assert [one["kind"] for one in alert["events"]] == ["raised", "taken_in_hand", "packet_shared"]
    assert alert["events"][-1]["detail"] == {
        "link_id": patrol.link_id,
        "shows_safe_contact": False,
    }


def test_only_the_hash_of_its_token_is_kept_and_no_list_tells_it(
    web: Web, office: Office, patrol: Patrol, officer: TestClient
) -> None:
    token = patrol.path.rpartition(".")[2]
    assert len(token) == 43, "256 bits"
    with web.behind() as session:
        assert session.get_one(DispatchLink, patrol.link_id).token_hash == hash_token(token)
    assert token not in str(links(officer, office))


def test_it_lasts_four_hours_or_as_long_as_is_asked_and_a_day_at_most(
    web: Web, office: Office, officer: TestClient
) -> None:
    shared(web, office)
    shared(web, office, hours=1)
    ends = [one["expires_at"] for one in links(officer, office)]
    assert ends[-2:] == ["2026-09-21T18:13:20Z", "2026-09-21T15:13:20Z"]
    path = f"{API}/alerts/{office.alert.id}/dispatch-links"
    assert [officer.post(path, json={"hours": one}).status_code for one in (0, 25)] == [422, 422]


def test_a_link_opens_until_before_its_end(web: Web, office: Office) -> None:
    patrol = shared(web, office, hours=1)
    web.clock.forward(3_599)
    patrol.words()
    web.clock.forward(1)
    assert patrol.get().status_code == 404


def test_a_withdrawn_link_is_as_if_it_had_never_been(
    web: Web, office: Office, patrol: Patrol, officer: TestClient
) -> None:
    path = f"{API}/dispatch-links/{patrol.link_id}/withdraw"
    assert officer.post(path).status_code == 204
    assert officer.post(path).status_code == 409
    gone, unknown = patrol.get(), patrol.get(path=f"/dispatch/{office.agency.id}.x")
    assert (gone.status_code, gone.text) == (unknown.status_code, unknown.text) == (404, gone.text)
    assert dict(gone.headers) == dict(unknown.headers)
    assert GONE in gone.text
    assert trail(web, office, patrol) == []
    link = f"dispatch_link:{patrol.link_id}"
    assert web.audited(office, "dispatch_link:withdrawn") == [link]


def test_a_closed_alert_still_opens_and_says_so(
    office: Office, patrol: Patrol, officer: TestClient
) -> None:
    judged = {"disposition": "device_fault", "note": "A loose strap."}
    assert officer.post(f"{API}/alerts/{office.alert.id}/close", json=judged).status_code == 200
    words = patrol.words()
    assert "The alert is closed: the agency has dealt with it." in words
    assert "device fault" in words
    assert "loose strap" not in words
    again = officer.post(f"{API}/alerts/{office.alert.id}/dispatch-links", json={})
    assert again.status_code == 409
    assert officer.post(f"{API}/dispatch-links/{patrol.link_id}/withdraw").status_code == 204


def test_its_answers_are_neither_kept_nor_told_to_other_sites(patrol: Patrol) -> None:
    for answer in (patrol.get(), patrol.get(".xml"), patrol.get("x")):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "noindex" in answer.headers["x-robots-tag"]


def test_wrong_links_are_limited_and_a_right_one_from_there_opens_all_the_same(
    office: Office, patrol: Patrol
) -> None:
    wrong = [f"/dispatch/{office.agency.id}.x{n}" for n in range(4)]
    wrong += [f"/dispatch/{'9' * 30}.x", patrol.path + "x"]
    answers = [patrol.get(path=one) for one in wrong]
    assert [one.status_code for one in answers] == [404] * 5 + [429]
    assert answers[-1].headers["retry-after"] == "600"
    assert all(GONE in one.text for one in answers)
    patrol.words()


def test_what_is_no_link_opens_nothing(patrol: Patrol) -> None:
    for wrong in ("/dispatch/.", "/dispatch/x", "/dispatch/%C2%B2.a", "/dispatch/1.%00"):
        assert patrol.get(path=wrong).status_code == 404
    assert patrol.get(".xml", path="/dispatch/x").status_code == 404


def test_a_link_opens_nothing_in_another_agency(
    office: Office, other_office: Office, patrol: Patrol
) -> None:
    mine, other = f"/{office.agency.id}.", f"/{other_office.agency.id}."
    assert patrol.get(path=patrol.path.replace(mine, other)).status_code == 404


def test_only_whoever_may_handle_the_alert_shares_it(web: Web, office: Office) -> None:
    path = f"{API}/alerts/{office.alert.id}/dispatch-links"
    asked = {
        Role.SUPERVISOR: 201,
        Role.PRETRIAL: 403,
        Role.ADMINISTRATOR: 403,
    }
    for role, status in asked.items():
        assert web.signed_in(office.who(role)).post(path, json={}).status_code == status
    colleague = web.signed_in(office.colleague)
    assert colleague.post(path, json={}).status_code == 404
    assert colleague.get(path).status_code == 404
    withdraw = f"{API}/dispatch-links/{office.dispatch_link.id}/withdraw"
    assert colleague.post(withdraw).status_code == 404


def test_an_officer_shares_and_withdraws_it_in_the_console(web: Web, office: Office) -> None:
    browser, page = browser_of(web, office.officer), f"/alerts/{office.alert.id}"
    asked = browser.page(f"{page}/dispatch")
    assert "through the advocate" in asked
    protected = f"agency:{office.agency.id}"
    assert protected in web.audited(office, "protected_person:viewed")
    made = browser.submit(f"{page}/dispatch", {"hours": "2", "shows_safe_contact": "true"})
    url = made.text.partition('id="packet-url" value="')[2].partition('"')[0]
    patrol = Patrol(web, 0, url.removeprefix("http://127.0.0.1:8080"))
    assert "through the advocate" in patrol.words()
    words = browser.page(page)
    assert "Open until 16:13" in words
    assert "with the safe contact; opened 1 time, last 14:13" in words
    link_id = max(one["id"] for one in links(web.signed_in(office.officer), office))
    answer = browser.submit(f"{page}/dispatch/{link_id}/withdraw", {})
    assert answer.headers["location"] == f"{page}#packet"
    assert patrol.get().status_code == 404
    assert "Withdrawn 14:13" in browser.page(page)


def test_somebody_without_fix_order_or_notes_is_told_of_honestly(web: Web, office: Office) -> None:
    with web.behind() as session:
        person = factories.a_supervisee(session, office.officer)
        alert = factories.an_alert(session, person)
    words = shared(web, office, alert.id).words()
    for said in (
        "No position of him is known.",
        "No order against him is in force.",
        "No notes were written. That does not mean that there is no danger.",
        "Vehicle not known",
        "no number on duty is known",
    ):
        assert said in words, said


def test_an_order_that_is_over_is_not_told(web: Web, office: Office, patrol: Patrol) -> None:
    web.clock.forward(60)
    with web.behind() as session:
        order = factories.an_order(
            session, office.supervisee, ends_at=web.clock.now, court="Old Court"
        )
        factories.a_clause(session, order)
    assert "Old Court" not in patrol.words()
    assert web.clock.now - factories.NOW == timedelta(minutes=1)
