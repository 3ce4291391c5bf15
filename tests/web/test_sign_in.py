import dataclasses
import hashlib
from datetime import timedelta

import pytest
from fastapi import Response
from sqlalchemy import text

from supervision.web.attempts import LOCK_LASTS, MOST_FAILURES, STRANGERS_AT_MOST, Strangers
from supervision.web.auth import COOKIE, SignInDesk, set_cookie
from tests import factories
from tests.web.application import Web
from tests.web.offices import Office

ME = "/api/v1/session"
WRONG = "not that sentence"


def test_who_signs_in_gets_a_token_that_works(web: Web, office: Office) -> None:
    answer = web.sign_in(office.officer)
    assert answer.status_code == 201
    assert answer.json()["officer"] == {
        "officer_id": office.officer.id,
        "agency_id": office.agency.id,
        "role": "officer",
        "display_name": office.officer.display_name,
    }
    bearer = {"Authorization": f"Bearer {answer.json()['token']}"}
    me = web.anybody().get(ME, headers=bearer)
    assert me.json()["officer"] == answer.json()["officer"]


@pytest.mark.parametrize("is_secure", [True, False])
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    web: Web, office: Office, *, is_secure: bool
) -> None:
    settings = web.runtime.settings.model_copy(update={"is_cookie_secure": is_secure})
    runtime = dataclasses.replace(web.runtime, settings=settings)
    opened = SignInDesk(runtime).open(office.officer.email, factories.PASSWORD)
    response = Response()
    set_cookie(response, runtime, opened)
    cookie = response.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}={opened.token};")
    told = {part.strip().lower() for part in cookie.split(";")[1:]}
    always = {"httponly", "samesite=strict", "path=/", "max-age=43200"}
    assert told == always | ({"secure"} if is_secure else set())


def test_the_description_says_how_to_sign_in(web: Web) -> None:
    schema = web.app.openapi()
    assert schema["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"
    assert schema["paths"]["/api/v1/alerts"]["get"]["security"] == [{"HTTPBearer": []}]
    assert "security" not in schema["paths"]["/api/v1/session"]["post"]


def test_case_and_spaces_of_the_address_do_not_matter(web: Web, office: Office) -> None:
    body = {"email": f"  {office.officer.email.upper()} ", "password": factories.PASSWORD}
    assert web.anybody().post(ME, json=body).status_code == 201


def test_the_token_works_as_cookie_too(web: Web, office: Office) -> None:
    client = web.anybody()
    client.cookies.set(COOKIE, web.sign_in(office.officer).json()["token"])
    assert client.get(ME).status_code == 200


@pytest.mark.parametrize("header", ["Bearer ", "Bearer x", "Basic x", "Bearer \u00e9", ""])
def test_a_wrong_token_signs_nobody_in(web: Web, office: Office, header: str) -> None:
    assert office.officer.is_active
    answer = web.anybody().get(ME, headers={b"Authorization": header.encode("latin-1")})
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/not_signed_in")


def test_only_the_hash_of_a_token_is_kept(web: Web, office: Office) -> None:
    token = web.sign_in(office.officer).json()["token"]
    with web.behind() as session:
        row = session.execute(
            text("SELECT token_hash, csrf_token FROM web_session WHERE officer_id = :id"),
            {"id": office.officer.id},
        ).one()
    assert bytes(row.token_hash) == hashlib.sha256(token.encode()).digest()
    assert token not in row.csrf_token


def test_a_wrong_password_and_an_unknown_address_say_the_same(web: Web, office: Office) -> None:
    known = web.sign_in(office.officer, WRONG)
    unknown = web.anybody().post(ME, json={"email": "nobody@example.org", "password": WRONG})
    assert known.status_code == unknown.status_code == 401
    assert known.json() | {"instance": ""} == unknown.json() | {"instance": ""}


def test_after_five_failures_even_the_right_password_waits(web: Web, office: Office) -> None:
    for _ in range(MOST_FAILURES):
        assert web.sign_in(office.officer, WRONG).status_code == 401
    locked = web.sign_in(office.officer)
    assert (locked.status_code, locked.json()["type"]) == (429, "/problems/too_many_attempts")
    assert locked.headers["retry-after"] == "600"
    web.clock.forward(LOCK_LASTS.total_seconds())
    assert web.sign_in(office.officer).status_code == 201


def test_an_unknown_address_is_locked_like_a_known_one(web: Web, office: Office) -> None:
    assert office.officer.is_active

    def attempt(email: str) -> int:
        body = {"email": email, "password": WRONG}
        return web.anybody().post(ME, json=body).status_code

    known = [attempt(office.officer.email) for _ in range(MOST_FAILURES + 2)]
    unknown = [attempt("nobody@example.org") for _ in range(MOST_FAILURES + 2)]
    assert known == unknown == [401] * MOST_FAILURES + [429] * 2


def test_a_success_forgets_the_failures_before_it(web: Web, office: Office) -> None:
    for _ in range(3):
        for _ in range(MOST_FAILURES - 1):
            assert web.sign_in(office.officer, WRONG).status_code == 401
        assert web.sign_in(office.officer).status_code == 201


def test_the_longest_untouched_stranger_is_forgotten_when_there_are_too_many() -> None:
    strangers = Strangers()
    for number in range(STRANGERS_AT_MOST + 1):
        strangers.count(f"{number}@example.org", factories.NOW)
    assert len(strangers._failures) == STRANGERS_AT_MOST
    assert "0@example.org" not in strangers._failures


def test_an_officer_who_left_cannot_sign_in_and_is_signed_out(web: Web, office: Office) -> None:
    client = web.signed_in(office.officer)
    with web.behind() as session:
        session.execute(
            text("UPDATE officer SET is_active = false WHERE id = :id"), {"id": office.officer.id}
        )
    assert client.get(ME).status_code == 401
    assert web.sign_in(office.officer).status_code == 401


def test_a_change_of_role_counts_from_the_next_request(web: Web, office: Office) -> None:
    client = web.signed_in(office.supervisor)
    with web.behind() as session:
        session.execute(
            text("UPDATE officer SET role = 'administrator' WHERE id = :id"),
            {"id": office.supervisor.id},
        )
    assert client.get("/api/v1/alerts").status_code == 403


def test_a_sign_in_ends_when_it_is_not_used(web: Web, office: Office) -> None:
    client = web.signed_in(office.officer)
    idle_s = web.runtime.settings.session_idle_minutes * 60
    web.clock.forward(idle_s - 1)
    assert client.get(ME).status_code == 200
    web.clock.forward(idle_s - 1)
    assert client.get(ME).status_code == 200
    web.clock.forward(idle_s)
    assert client.get(ME).status_code == 401


def test_a_sign_in_ends_at_last_however_much_it_is_used(web: Web, office: Office) -> None:
    client = web.signed_in(office.officer)
    half_idle_s = web.runtime.settings.session_idle_minutes * 30
    for _ in range(web.runtime.settings.session_max_hours * 3600 // half_idle_s - 1):
        web.clock.forward(half_idle_s)
        assert client.get(ME).status_code == 200
    web.clock.forward(half_idle_s)
    assert client.get(ME).status_code == 401


def test_a_sign_in_is_noted_as_used_at_most_once_a_minute(web: Web, office: Office) -> None:
    client = web.signed_in(office.officer)
    seen = []
    for _ in range(4):
        web.clock.forward(30)
        client.get(ME)
        with web.behind() as session:
            row = session.execute(
                text("SELECT last_seen_at FROM web_session WHERE officer_id = :id"),
                {"id": office.officer.id},
            )
            seen.append(row.scalar_one())
    start = factories.NOW
    minute = timedelta(minutes=1)
    assert seen == [start, start + minute, start + minute, start + 2 * minute]


def test_who_signs_out_is_out(web: Web, office: Office) -> None:
    client, other = web.signed_in(office.officer), web.signed_in(office.officer)
    assert client.delete(ME).status_code == 204
    assert client.get(ME).status_code == 401
    assert other.get(ME).status_code == 200


def test_signing_in_sweeps_away_ones_own_ended_sign_ins(web: Web, office: Office) -> None:
    web.signed_in(office.officer)
    web.signed_in(office.supervisor)
    web.clock.forward(24 * 3600)
    web.signed_in(office.officer)
    with web.behind() as session:
        owners = session.scalars(
            text(
                "SELECT officer_id FROM web_session WHERE agency_id = :agency ORDER BY created_at"
            ),
            {"agency": office.agency.id},
        )
        assert list(owners) == [office.supervisor.id, office.officer.id]


def test_every_coming_and_going_is_on_the_audit_trail(web: Web, office: Office) -> None:
    web.sign_in(office.officer, WRONG)
    web.signed_in(office.officer).delete(ME)
    who = [f"officer:{office.officer.id}"]
    for tag in ("session:refused", "session:opened", "session:closed"):
        assert web.audited(office, tag) == who
