"""What a person sees by his link, state by state, and what he never sees."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from supervision.checkins.rules import Method
from tests import factories
from tests.web.application import Web
from tests.web.offices import Office
from tests.web.person_visits import FILLED, Phone, phone_of, phone_with

NOW = factories.NOW
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOTHING_THERE = "This link opens nothing now."


@pytest.fixture
def phone(web: Web, office: Office) -> Phone:
    """With a check-in by himself that opened ten minutes ago, at 14:03 UTC."""
    return phone_with(web, office, NOW - 10 * MINUTE)


def test_it_says_what_to_do_until_when_by_his_own_clock_and_in_his_language(
    web: Web, office: Office, phone: Phone
) -> None:
    with web.behind() as session:
        session.execute(
            text(
                "UPDATE supervisee SET language = 'es', time_zone = 'America/Denver' WHERE id = :id"
            ),
            {"id": office.supervisee.id},
        )
    spanish, english = phone.words(), phone.words("?lang=en")
    assert "Ya es la hora. Hágalo antes de: hoy, 9:03 a. m. MDT" in spanish
    assert "¿Se ha mudado?" in spanish
    assert "It is time. Do it before: today, 9:03 AM MDT" in english
    assert "Have you moved?" in english
    assert 'lang="es"' in phone.get().text
    assert phone.words("?lang=fr") == spanish


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (-5 * MINUTE, "Not yet. It begins: today, 2:18 PM UTC"),
        (5 * MINUTE, "It is time. Do it before: today, 3:08 PM UTC"),
        (65 * MINUTE, "You are late. It still counts if you do it before: today, 2:23 PM UTC"),
        (80 * MINUTE, "This was missed. The time was over: today, 2:08 PM UTC"),
    ],
    ids=["ahead", "open", "grace", "missed"],
)
def test_each_stage_is_told_and_a_call_is_joined_only_while_it_may_be(
    web: Web, office: Office, ago: timedelta, said: str
) -> None:
    is_now = MINUTE < ago < 75 * MINUTE
    for method in Method:
        phone = phone_with(web, office, NOW - ago, method=method, place="12 Main Street")
        page, words = phone.get().text, phone.words()
        assert said in words
        may_join = method is Method.VIDEO and is_now
        assert ('href="https://meet.jit.si/room%2F' in page) == may_join
        assert ("12 Main Street" in words) == (ago < 75 * MINUTE)
        assert ('id="checkin"' in page) == (method is Method.SELF and ago > MINUTE)
        may_ask = method is not Method.SELF and ago > MINUTE
        assert ("Ask to be called back" in words) == may_ask


def test_what_became_of_it_and_what_it_is_for_is_told(web: Web, office: Office) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"state": "attended", "attended_at": NOW}, "This is done."),
        ({"state": "cancelled"}, "You need not do this."),
        ({"state": "replaced"}, "You need not do this."),
        ({"state": "excused"}, "You need not do this."),
        ({"purpose": "court", "method": "video"}, "Your court date"),
        ({"purpose": "appointment", "method": "in_person"}, "Your appointment"),
    ]
    for values, said in cases:
        assert said in phone_with(web, office, NOW - MINUTE, **values).words()


def test_of_an_unannounced_check_in_that_has_not_opened_it_says_only_that_nothing_is_to_do(
    web: Web, office: Office
) -> None:
    ahead = phone_with(web, office, NOW + MINUTE, is_unannounced=True)
    words = ahead.words()
    assert "There is nothing to do now." in words
    for secret in ("begins", "Not yet", "From", "2:14", "UTC", "moved"):
        assert secret not in words
    web.clock.now = NOW + MINUTE
    assert "It is time." in ahead.words()


def test_a_link_that_is_none_or_over_shows_one_and_the_same_page_that_tells_nothing(
    web: Web, office: Office, other_office: Office, phone: Phone
) -> None:
    over = phone_with(web, office, NOW - 75 * MINUTE - DAY)
    nobodys = phone_of(web, office, office.agency.id, other_office.checkin.id)
    said, _, signature = phone.path.rpartition(".")
    forged = Phone(web, office, 0, f"{said}.{signature[1:]}{signature[0]}")
    pages = [one.get() for one in (over, nobodys, forged, Phone(web, office, 0, "/c/x"))]
    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1
    assert NOTHING_THERE in pages[0].text
    assert "Este enlace no abre nada ahora." in pages[0].text
    assert "/sign-in" not in pages[0].text
    assert {one.send(FILLED).status_code for one in (over, nobodys, forged)} == {404}
    assert phone_with(web, office, NOW - 75 * MINUTE - DAY + MINUTE).get().status_code == 200


def test_it_shows_nothing_of_zones_alerts_other_people_or_his_own_name(
    office: Office, phone: Phone
) -> None:
    page = phone.get().text
    for secret in (
        office.zone.name,
        office.zone_set.name,
        office.officer.display_name,
        office.supervisee.full_name,
        office.supervisee.case_number,
        office.agency.name,
        office.order.court,
        "alert ",
        "zone",
    ):
        assert secret not in page, secret


def test_its_headers_let_it_ask_where_he_is_and_keep_its_address_to_itself(
    web: Web, phone: Phone
) -> None:
    headers = phone.get().headers
    assert headers["permissions-policy"] == "geolocation=(self), camera=(), microphone=()"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    elsewhere = web.anybody().get("/sign-in").headers
    assert elsewhere["permissions-policy"].startswith("geolocation=()")


def test_to_look_changes_nothing_as_a_messages_preview_looks_too(web: Web, phone: Phone) -> None:
    assert phone.get().status_code == 200
    asked = {"id": phone.checkin_id}
    with web.behind() as session:
        state = session.execute(text("SELECT state FROM checkin WHERE id = :id"), asked).scalar()
        events = "SELECT count(*) FROM checkin_event WHERE checkin_id = :id"
        assert (state, session.execute(text(events), asked).scalar()) == ("scheduled", 0)


def test_it_is_small_for_a_slow_line(web: Web, phone: Phone) -> None:
    files = [phone.path, "/static/css/person.css", "/static/js/person.js"]
    assert sum(len(web.anybody().get(path).content) for path in files) < 16_000
