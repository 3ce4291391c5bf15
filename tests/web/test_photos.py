"""How a person looks, from the officer's file to the patrol's page."""

from hashlib import sha1
from io import BytesIO

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from tests import cap_rules
from tests.web.application import Web
from tests.web.console_visits import browser_of
from tests.web.offices import Office
from tests.web.patrol_visits import Patrol

API = "/api/v1"


def a_png(colour: str = "red", side_px: int = 30) -> bytes:
    written = BytesIO()
    Image.new("RGB", (side_px, side_px), colour).save(written, "PNG")
    return written.getvalue()


def colour_of(jpeg: bytes) -> tuple[int, ...]:
    pixel = Image.open(BytesIO(jpeg)).getpixel((0, 0))
    assert isinstance(pixel, tuple)
    return pixel


@pytest.fixture
def path(office: Office) -> str:
    return f"{API}/supervisees/{office.supervisee.id}/photo"


@pytest.fixture
def officer(web: Web, office: Office) -> TestClient:
    return web.signed_in(office.officer)


def test_an_officer_puts_a_picture_sees_it_and_takes_it_away(
    web: Web, office: Office, officer: TestClient, path: str
) -> None:
    put = officer.put(path, content=a_png(), headers={"content-type": "image/png"})
    assert put.status_code == 200, put.text
    seen = officer.get(path)
    assert seen.headers["content-type"] == "image/jpeg"
    assert colour_of(seen.content)[0] > 200
    assert officer.delete(path).status_code == 204
    assert officer.get(path).status_code == 404
    assert officer.delete(path).status_code == 404
    subject = f"supervisee:{office.supervisee.id}"
    for tag in ("supervisee:photo_put", "supervisee:photo_removed"):
        assert web.audited(office, tag) == [subject]


def test_what_is_no_picture_changes_nothing(officer: TestClient, path: str) -> None:
    before = officer.get(path).content
    refused = officer.put(path, content=b"no picture", headers={"content-type": "image/png"})
    assert (refused.status_code, refused.headers["content-type"]) == (
        422,
        "application/problem+json",
    )
    assert officer.get(path).content == before


def test_a_file_too_large_for_a_photograph_is_refused(officer: TestClient, path: str) -> None:
    assert officer.put(path, content=b"x" * 12_000_001).status_code == 413


@pytest.mark.parametrize("path", ["escalation-ladders/photo", "supervisees/x/photo"])
def test_nothing_else_may_be_as_large(web: Web, path: str) -> None:
    answer = web.anybody().put(f"{API}/{path}", content=b"[" * 1_000_001)
    assert answer.status_code == 413


def test_nobody_else_puts_or_sees_it(web: Web, office: Office, path: str) -> None:
    colleague = web.signed_in(office.colleague)
    assert colleague.get(path).status_code == 404
    assert colleague.put(path, content=a_png()).status_code == 404
    assert web.signed_in(office.administrator).put(path, content=a_png()).status_code == 403


def test_it_is_put_and_removed_on_his_page(web: Web, office: Office) -> None:
    browser = browser_of(web, office.officer)
    page = f"/supervisees/{office.supervisee.id}"
    assert f'<img class="photo" src="{page}/photo"' in browser.get(page).text
    picture = {"picture": ("him.png", a_png("blue"), "image/png")}
    sent = browser.submit(f"{page}/photo", {}, files=picture)
    assert sent.status_code == 303, sent.text
    assert colour_of(browser.get(f"{page}/photo").content)[2] > 200
    assert browser.submit(f"{page}/photo/remove", {}).status_code == 303
    assert 'class="photo"' not in browser.get(page).text


def test_a_patrol_sees_it_for_as_long_as_the_link_opens(
    web: Web, officer: TestClient, path: str, patrol: Patrol
) -> None:
    officer.put(path, content=a_png())
    assert f'src="{patrol.path}/photo"' in patrol.get().text
    assert colour_of(patrol.get("/photo").content)[0] > 200
    web.clock.forward(4 * 3600 + 1)
    gone = patrol.get("/photo")
    assert gone.status_code != 200
    assert b"JFIF" not in gone.content


def test_a_dispatch_centre_is_told_where_it_is(
    officer: TestClient, path: str, patrol: Patrol
) -> None:
    officer.put(path, content=a_png())
    message = patrol.get(".xml").content
    assert cap_rules.faults_of(message) == []
    (told,) = cap_rules.said(message)["resources"]
    jpeg = patrol.get("/photo").content
    assert told["uri"] == f"http://127.0.0.1:8080{patrol.path}/photo"
    assert (told["size"], told["digest"]) == (
        str(len(jpeg)),
        sha1(jpeg, usedforsecurity=False).hexdigest(),
    )


def test_without_a_picture_the_packet_names_none(
    officer: TestClient, path: str, patrol: Patrol
) -> None:
    officer.delete(path)
    assert "photo" not in patrol.get().text
    assert "resource" not in patrol.get(".xml").text
    assert patrol.get("/photo").status_code == 404
