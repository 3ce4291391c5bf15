import re
from datetime import timedelta
from http import HTTPStatus

import pytest
from sqlalchemy import text

from alerts.catalogue import AlertKind
from supervision.web.console import alert_rows
from tests import factories
from tests.web.application import Web
from tests.web.console_visits import a_stay, browser_of, words_of
from tests.web.offices import Office


def listed(page: str) -> list[int]:
    """The alerts on a page, from top to bottom."""
    return [int(number) for number in re.findall(r'data-alert="(\d+)"', page)]


def raise_one(web: Web, office: Office, kind: AlertKind) -> int:
    """An alert found now."""
    with web.behind() as session:
        alert = factories.an_alert(session, office.supervisee, kind=kind)
        session.execute(
            text("UPDATE alert SET found_at = :now WHERE id = :id"),
            {"now": web.clock(), "id": alert.id},
        )
        return alert.id


def test_the_list_has_every_unclosed_alert_worst_first_then_longest_waiting(
    web: Web, office: Office
) -> None:
    kinds = [AlertKind.BUTTON, AlertKind.STRAP_TAMPER, AlertKind.JAMMING, AlertKind.STRAP_TAMPER]
    raised = []
    for kind in kinds:
        web.clock.forward(60)
        raised.append(raise_one(web, office, kind))
    button, strap, jamming, later_strap = raised
    browser = browser_of(web, office.officer)
    browser.submit(f"/alerts/{strap}/acknowledge", {})
    expected = [office.alert.id, strap, later_strap, jamming, button]
    assert listed(browser.get("/").text) == expected


def test_filters_narrow_the_list_and_the_address_says_how(web: Web, office: Office) -> None:
    jamming = raise_one(web, office, AlertKind.JAMMING)
    browser = browser_of(web, office.officer)
    browser.submit(f"/alerts/{jamming}/acknowledge", {})
    assert listed(browser.get("/?handling=new").text) == [office.alert.id]
    assert listed(browser.get("/?severity=high").text) == [jamming]
    assert listed(browser.get("/?severity=high&handling=new").text) == []
    assert browser.get("/?handling=closed").status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_an_officer_sees_the_own_caseload_and_a_supervisor_all(
    web: Web, office: Office, other_office: Office
) -> None:
    for officer, expected in (
        (office.officer, [office.alert.id]),
        (office.colleague, []),
        (office.supervisor, [office.alert.id]),
        (other_office.supervisor, [other_office.alert.id]),
    ):
        assert listed(browser_of(web, officer).get("/").text) == expected


def test_after_a_reassignment_neither_officer_loses_the_alert(web: Web, office: Office) -> None:
    with web.behind() as session:
        session.execute(
            text("UPDATE supervisee SET supervising_officer_id = :officer WHERE id = :person"),
            {"officer": office.colleague.id, "person": office.supervisee.id},
        )
    for officer in (office.officer, office.colleague):
        assert listed(browser_of(web, officer).get("/").text) == [office.alert.id]


def test_condition_and_handling_are_told_apart_and_a_late_finding_has_both_times(
    web: Web, office: Office
) -> None:
    alert_id = a_stay(web, office)
    with web.behind() as session:
        session.execute(
            text("UPDATE alert SET is_late = true, occurred_at = :at WHERE id = :id"),
            {"at": web.clock() - timedelta(hours=5), "id": alert_id},
        )
    browser = browser_of(web, office.officer)
    row = words_of(browser.get(f"/alerts/{alert_id}/row").text)
    assert "Left the zone 15:13, was 220 m deep" in row
    assert "Confirmed" in row
    assert "Late: happened 10:13, known 15:13" in row
    assert "Cleared 15:13" in row
    assert f"New for {office.officer.display_name}" in row


def test_a_row_is_gone_once_the_alert_is_closed_and_never_there_for_others(
    web: Web, office: Office, other_office: Office
) -> None:
    path = f"/alerts/{office.alert.id}/row"
    browser = browser_of(web, office.officer)
    assert browser.get(path).status_code == HTTPStatus.OK
    assert browser.get(f"{path}?handling=acknowledged").status_code == HTTPStatus.NO_CONTENT
    for stranger in (office.colleague, other_office.supervisor):
        assert browser_of(web, stranger).get(path).status_code == HTTPStatus.NOT_FOUND
    judgement = {"version": 1, "disposition": "device_fault", "note": "The strap is whole."}
    browser.submit(f"/alerts/{office.alert.id}/close", judgement)
    assert browser.get(path).status_code == HTTPStatus.NO_CONTENT


def test_who_was_shown_which_alerts_is_on_record(web: Web, office: Office) -> None:
    browser = browser_of(web, office.officer)
    browser.get("/")
    browser.get(f"/alerts/{office.alert.id}/row")
    subjects = web.audited(office, "alert:viewed")
    assert subjects == [f"agency:{office.agency.id}", f"alert:{office.alert.id}"]


def test_a_list_too_long_to_show_says_so(
    web: Web, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alert_rows, "MOST_ROWS", 2)
    for _ in range(2):
        raise_one(web, office, AlertKind.BUTTON)
    page = browser_of(web, office.officer).get("/").text
    assert len(listed(page)) == 2
    assert "The 2 most severe of 3 alerts are shown" in words_of(page)


def test_an_administrator_sees_no_alert_whichever_way(web: Web, office: Office) -> None:
    browser = browser_of(web, office.administrator)
    assert "data-alert" not in browser.get("/").text
    for path in ("/alerts/rows", f"/alerts/{office.alert.id}/row", f"/alerts/{office.alert.id}"):
        answer = browser.get(path)
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert "Your role does not allow this." in words_of(answer.text)


def test_a_name_cannot_become_part_of_the_page(web: Web, office: Office) -> None:
    with web.behind() as session:
        session.execute(
            text("UPDATE supervisee SET full_name = '<script>x</script>' WHERE id = :person"),
            {"person": office.supervisee.id},
        )
    browser = browser_of(web, office.officer)
    for path in ("/", f"/alerts/{office.alert.id}", f"/supervisees/{office.supervisee.id}"):
        page = browser.get(path).text
        assert "<script>x" not in page
        assert "&lt;script&gt;x" in page
