from http import HTTPStatus

import pytest
from fastapi.testclient import TestClient

from tests import factories
from tests.web.application import Web
from tests.web.console_visits import browser_of, words_of
from tests.web.offices import Office

HTML = {"accept": "text/html"}


def sign_in(web: Web, email: str, password: str, wanted: str = "/") -> tuple[int, str, str]:
    """The status, where it leads, and the page's words."""
    form = {"email": email, "password": password, "next": wanted}
    answer = TestClient(web.app, follow_redirects=False).post("/sign-in", data=form, headers=HTML)
    return answer.status_code, answer.headers.get("location", ""), answer.text


def test_whoever_is_not_signed_in_is_taken_to_the_form_and_then_where_they_wanted(
    web: Web, office: Office
) -> None:
    client = TestClient(web.app, follow_redirects=False)
    wanted = f"/alerts/{office.alert.id}"
    sent = client.get(wanted, headers=HTML)
    assert (sent.status_code, sent.headers["location"]) == (303, f"/sign-in?next={wanted}")
    assert f'name="next" value="{wanted}"' in client.get(sent.headers["location"]).text
    status, leads_to, _ = sign_in(web, office.officer.email, factories.PASSWORD, wanted)
    assert (status, leads_to) == (HTTPStatus.SEE_OTHER, wanted)


@pytest.mark.parametrize(
    "wanted",
    [
        "https://elsewhere.example",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "x",
        "/\n/a",
        "/é",
    ],
)
def test_a_sign_in_never_leads_to_another_site(web: Web, office: Office, wanted: str) -> None:
    assert sign_in(web, office.officer.email, factories.PASSWORD, wanted)[:2] == (303, "/")


def test_a_wrong_password_says_so_and_keeps_the_address(web: Web, office: Office) -> None:
    status, _, page = sign_in(web, office.officer.email, "not this one")
    assert status == HTTPStatus.UNAUTHORIZED
    assert "The e-mail address or the password is wrong." in words_of(page)
    assert f'value="{office.officer.email}"' in page


def test_what_was_typed_cannot_become_part_of_the_page(web: Web) -> None:
    assert "<script>" not in sign_in(web, '"><script>alert(1)</script>', "x", '"><script>')[2]


def test_a_locked_account_is_told_to_wait(web: Web, office: Office) -> None:
    for _ in range(5):
        sign_in(web, office.officer.email, "not this one")
    status, _, page = sign_in(web, office.officer.email, factories.PASSWORD)
    assert status == HTTPStatus.TOO_MANY_REQUESTS
    assert "wait ten minutes" in words_of(page)


def test_signing_out_ends_the_sign_in_and_needs_the_pages_own_token(
    web: Web, office: Office
) -> None:
    browser = browser_of(web, office.officer)
    forged = browser.client.post("/sign-out", data={"csrf_token": "x"}, headers=HTML)
    assert forged.status_code == HTTPStatus.FORBIDDEN
    assert browser.get("/").status_code == HTTPStatus.OK
    assert browser.submit("/sign-out", {}).headers["location"] == "/sign-in"
    assert browser.get("/").headers["location"] == "/sign-in"
