"""A packet's link: who makes one, how long it opens the packet, and what is on record of it."""

from typing import Any

from fastapi.testclient import TestClient

from alerts.models import DispatchLink
from supervision.core.access import Role
from supervision.core.tokens import hash_token
from tests.web.application import Web
from tests.web.console_visits import browser_of
from tests.web.offices import Office
from tests.web.patrol_visits import API, Patrol, shared, trail

GONE = "This link opens nothing."


def links(client: TestClient, office: Office) -> list[dict[str, Any]]:
    path = f"{API}/alerts/{office.alert.id}/dispatch-links"
    items: list[dict[str, Any]] = client.get(path).json()["items"]
    return items


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
