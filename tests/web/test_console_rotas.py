"""The pages on which a supervisor says who is on call, and everybody reads it."""

from http import HTTPStatus
from typing import Any

import pytest
from sqlalchemy import text

from supervision.core.access import Role
from tests.web.application import Web
from tests.web.console_visits import Browser, browser_of, words_of
from tests.web.offices import Office

DENVER = "UPDATE agency SET time_zone = 'America/Denver' WHERE id = :id"


@pytest.fixture
def browser(web: Web, office: Office) -> Browser:
    return browser_of(web, office.supervisor)


def turns(*officer_ids: int, **other: str) -> dict[str, Any]:
    """The form of a rota whose turns are a day each, from tomorrow on."""
    fields = {"rows": "4", "act": "save", "name": "Nights", "starts_on": "2026-09-22"}
    fields |= {"handover": "20:00", "shift_days": "1"}
    fields |= {f"officer_{place}": str(one) for place, one in enumerate(officer_ids)}
    return fields | other


def span(begins: str, ends: str, officer_id: int) -> dict[str, Any]:
    return {"begins": begins, "ends": ends, "officer": str(officer_id)}


def items(web: Web, office: Office, path: str) -> list[dict[str, Any]]:
    answer = web.signed_in(office.supervisor).get(f"/api/v1/{path}").json()
    found: list[dict[str, Any]] = answer["items"]
    return found


def test_a_supervisor_makes_a_rota_and_sees_the_week_ahead(
    web: Web, office: Office, browser: Browser
) -> None:
    two = (office.officer, office.colleague)
    answer = browser.submit("/rotas", turns(*(one.id for one in two)))
    assert answer.status_code == HTTPStatus.SEE_OTHER
    page = browser.page(answer.headers["location"])
    assert "nobody now, until 22 Sep 20:00" in page
    first, second = (one.display_name for one in two)
    assert f"{first} Tue 22 Sep 20:00 to Wed 23 Sep 20:00 UTC {second} Wed 23 Sep" in page
    assert f"{first}, {second} in turn, 1 day each, handing over at 20:00 (UTC)" in page
    assert "On call now: nobody, until 22 Sep 20:00" in browser.page("/rotas")
    rota = items(web, office, "rotas")[1]
    assert web.audited(office, "rota:made") == [f"rota:{rota['id']}"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "Give the rota a name"),
        ({"name": "Days"}, "There is a rota of this name."),
        ({"officer_0": ""}, "Name who takes turns"),
        ({"officer_0": "everybody"}, "Choose an officer from the list."),
        ({"officer_0": str(2**62)}, "No such officer in the agency."),
        ({"starts_on": "soon"}, "Write the date of the first hand-over"),
        ({"starts_on": "2062-09-22"}, "within a year of today"),
        ({"handover": "at eight"}, "Write the time of the hand-over"),
        ({"shift_days": "32"}, "for shifts of 1 to 31 days"),
        ({"shift_days": "a week"}, "as a whole number"),
    ],
)
def test_what_makes_no_sense_is_said_and_what_was_typed_is_kept(
    web: Web, office: Office, browser: Browser, wrong: dict[str, str], said: str
) -> None:
    typed = turns(office.officer.id) | wrong
    answer = browser.submit("/rotas", typed)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert said in words_of(answer.text)
    assert f'value="{typed["handover"]}"' in answer.text
    assert len(items(web, office, "rotas")) == 1


def test_a_turn_more_is_asked_for_without_losing_what_was_typed(
    office: Office, browser: Browser
) -> None:
    for path in ("/rotas", f"/rotas/{office.rota.id}"):
        answer = browser.submit(path, turns(office.colleague.id, act="more"))
        assert answer.status_code == HTTPStatus.OK
        assert 'name="officer_4"' in answer.text
        assert f'<option value="{office.colleague.id}" selected>' in answer.text


def test_somebody_is_put_in_for_another_and_taken_back(
    web: Web, office: Office, browser: Browser
) -> None:
    page = f"/rotas/{office.rota.id}"
    (known,) = items(web, office, f"rotas/{office.rota.id}/overrides")
    tonight = span("2026-09-21T18:00", "2026-09-21T22:00", office.colleague.id)
    assert browser.submit(f"{page}/overrides", tonight).headers["location"] == page
    name = office.colleague.display_name
    assert f"{name} Mon 21 Sep 18:00 to 22:00 UTC" in browser.page(page)
    browser.submit(f"{page}/overrides/{known['id']}/end", {})
    (left,) = items(web, office, f"rotas/{office.rota.id}/overrides")
    assert left["officer_id"] == office.colleague.id
    again = browser.submit(f"{page}/overrides/{known['id']}/end", {})
    assert again.status_code == HTTPStatus.CONFLICT


@pytest.mark.parametrize(
    ("begins", "ends", "said"),
    [
        ("2026-09-21T22:00", "2026-09-21T18:00", "It must begin before it ends."),
        ("2026-09-20T18:00", "2026-09-20T22:00", "It is over already."),
        ("tonight", "2026-09-20T22:00", "Write the time as a date and a time of day"),
        ("2026-09-21T18:00", "", "Write the time as a date and a time of day"),
    ],
)
def test_a_time_typed_wrongly_is_said_and_kept(
    office: Office, browser: Browser, begins: str, ends: str, said: str
) -> None:
    path = f"/rotas/{office.rota.id}/overrides"
    answer = browser.submit(path, span(begins, ends, office.colleague.id))
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert said in words_of(answer.text)
    assert f'value="{begins}"' in answer.text
    assert f'<option value="{office.colleague.id}" selected>' in answer.text


@pytest.mark.parametrize(
    ("begins", "ends", "instants"),
    [
        # Clocks show 01:30 twice on 1 November: from the first time it is shown.
        ("2026-11-01T01:30", "2026-11-01T03:00", ("2026-11-01T07:30:00Z", "2026-11-01T10:00:00Z")),
        # On 14 March they show 01:59, then 03:00: what they jump over is the first moment after.
        ("2027-03-14T02:30", "2027-03-14T04:00", ("2027-03-14T09:00:00Z", "2027-03-14T10:00:00Z")),
    ],
)
def test_local_times_are_the_agencys_also_on_nights_when_clocks_change(
    web: Web, office: Office, browser: Browser, begins: str, ends: str, instants: tuple[str, str]
) -> None:
    with web.behind() as session:
        session.execute(text(DENVER), {"id": office.agency.id})
    path = f"/rotas/{office.rota.id}/overrides"
    browser.submit(path, span(begins, ends, office.colleague.id))
    made = items(web, office, f"rotas/{office.rota.id}/overrides")[-1]
    assert (made["begins_at"], made["ends_at"]) == instants


def test_who_takes_turns_is_changed_from_a_hand_over_on(
    web: Web, office: Office, browser: Browser
) -> None:
    page = f"/rotas/{office.rota.id}"
    assert 'value="2026-09-28"' in browser.get(page).text, "the next hand-over is proposed"
    answer = browser.submit(page, turns(office.colleague.id, starts_on="2026-09-23"))
    assert answer.headers["location"] == page
    name = office.colleague.display_name
    assert f"{name} from 23 Sep 20:00" in browser.page(page)
    wrong = browser.submit(page, turns(starts_on="2026-09-23"))
    assert "Name who takes turns" in words_of(wrong.text)
    assert web.audited(office, "rota:changed") == [f"rota:{office.rota.id}"]


def test_a_rota_to_which_a_ladder_leads_is_not_ended(office: Office, browser: Browser) -> None:
    ladder = {"rows": "2", "again_min": "10", "untouched_min": "30", "after_1_min": "5"}
    browser.submit("/ladders/jamming", ladder | {"post_1": f"rota:{office.rota.id}"})
    refused = browser.submit(f"/rotas/{office.rota.id}/end", {})
    assert "The ladder of jamming alerts leads there" in words_of(refused.text)
    browser.submit("/ladders/jamming/restore", {})
    assert browser.submit(f"/rotas/{office.rota.id}/end", {}).headers["location"] == "/rotas"
    assert "There is no rota." in browser.page("/rotas")
    assert browser.get(f"/rotas/{office.rota.id}").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("role", [Role.OFFICER, Role.PRETRIAL, Role.ADMINISTRATOR])
def test_everybody_reads_who_is_on_call_and_only_who_may_changes_it(
    web: Web, office: Office, role: Role
) -> None:
    browser, page = browser_of(web, office.who(role)), f"/rotas/{office.rota.id}"
    assert f"On call now: {office.officer.display_name}" in browser.page("/rotas")
    assert '<form method="post" action="/rotas' not in browser.get(page).text
    for path in ("/rotas", page, f"{page}/overrides", f"{page}/end"):
        assert browser.submit(path, turns(1)).status_code == HTTPStatus.FORBIDDEN


def test_another_agencys_rota_is_not_there(browser: Browser, other_office: Office) -> None:
    page = f"/rotas/{other_office.rota.id}"
    tonight = span("2026-09-21T18:00", "2026-09-21T22:00", other_office.officer.id)
    answers = [browser.get(page), browser.submit(page, turns(1)), browser.submit(f"{page}/end", {})]
    answers.append(browser.submit(f"{page}/overrides", tonight))
    answers.append(browser.submit(f"{page}/overrides/{other_office.rota_override.id}/end", {}))
    assert {one.status_code for one in answers} == {HTTPStatus.NOT_FOUND}
