import pytest
from fastapi.testclient import TestClient

from supervision.web.auth import COOKIE
from supervision.web.sessions import find_sign_in
from tests.web.application import Web
from tests.web.offices import Office

ME = "/api/v1/session"


@pytest.fixture
def browser(web: Web, office: Office) -> TestClient:
    client = web.anybody()
    client.cookies.set(COOKIE, web.sign_in(office.officer).json()["token"])
    return client


@pytest.fixture
def csrf_token(web: Web, browser: TestClient) -> str:
    return find_sign_in(web.runtime, browser.cookies[COOKIE]).csrf_token


def test_a_cookie_alone_may_read_but_change_nothing(browser: TestClient) -> None:
    assert browser.get(ME).status_code == 200
    answer = browser.delete(ME)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not_allowed")
    assert browser.get(ME).status_code == 200


@pytest.mark.parametrize("wrong", ["", "x", "\u00fc"])
def test_a_wrong_token_changes_nothing(browser: TestClient, wrong: str) -> None:
    headers = {b"X-CSRF-Token": wrong.encode("latin-1")}
    assert browser.delete(ME, headers=headers).status_code == 403


def test_the_token_of_another_session_changes_nothing(
    web: Web, office: Office, browser: TestClient, csrf_token: str
) -> None:
    other = web.anybody()
    other.cookies.set(COOKIE, web.sign_in(office.supervisor).json()["token"])
    assert other.delete(ME, headers={"X-CSRF-Token": csrf_token}).status_code == 403
    assert browser.get(ME).status_code == 200


def test_cookie_and_header_together_may_change(browser: TestClient, csrf_token: str) -> None:
    assert browser.delete(ME, headers={"X-CSRF-Token": csrf_token}).status_code == 204


@pytest.mark.parametrize("encoding", ["urlencoded", "multipart"])
def test_cookie_and_form_field_together_may_change(
    browser: TestClient, csrf_token: str, office: Office, encoding: str
) -> None:
    path = f"/api/v1/alerts/{office.alert.id}/acknowledge"
    files = {"more": b"x"} if encoding == "multipart" else None
    refused = browser.post(path, data={"csrf_token": "x"}, files=files)
    allowed = browser.post(path, data={"csrf_token": csrf_token}, files=files)
    assert (refused.status_code, allowed.status_code) == (403, 200)


def test_a_file_in_place_of_the_token_changes_nothing(browser: TestClient, office: Office) -> None:
    path = f"/api/v1/alerts/{office.alert.id}/acknowledge"
    assert browser.post(path, files={"csrf_token": b"x"}).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_another_site_sends_is_refused_even_with_the_token(
    browser: TestClient, csrf_token: str, site: str
) -> None:
    headers = {"X-CSRF-Token": csrf_token, "Sec-Fetch-Site": site}
    answer = browser.delete(ME, headers=headers)
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert browser.get(ME, headers={"Sec-Fetch-Site": site}).status_code == 200


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_what_our_own_pages_send_is_taken(browser: TestClient, csrf_token: str, site: str) -> None:
    headers = {"X-CSRF-Token": csrf_token, "Sec-Fetch-Site": site}
    assert browser.delete(ME, headers=headers).status_code == 204


def test_another_site_cannot_sign_a_browser_in(web: Web, office: Office) -> None:
    body = {"email": office.officer.email, "password": "irrelevant here"}
    answer = web.anybody().post(ME, json=body, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_a_program_needs_no_token(web: Web, office: Office) -> None:
    path = f"/api/v1/alerts/{office.alert.id}/acknowledge"
    assert web.signed_in(office.officer).post(path).status_code == 200
