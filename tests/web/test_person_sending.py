"""What a person sends by his link: kept once as it came, or asked for again with what is wrong."""

import html
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from supervision.checkins.rules import Method
from tests import factories
from tests.web.application import Web
from tests.web.offices import Office
from tests.web.person_visits import FILLED, Phone, phone_with

NOW = factories.NOW
OPENED = NOW - timedelta(minutes=10)
WITHOUT = {name: value for name, value in FILLED.items() if name not in {"lon", "lat"}}


@pytest.fixture
def phone(web: Web, office: Office) -> Phone:
    return phone_with(web, office, OPENED)


def test_what_is_sent_is_kept_and_he_is_told_what_was_received_and_when(
    web: Web, office: Office, phone: Phone
) -> None:
    answer = phone.send(FILLED | {"wants_call": "yes"}, "?lang=es")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{phone.path}?lang=es")
    (row,) = phone.submissions()
    assert (row.answers, row.language) == ({"moved": "no", "news": "Nothing."}, "es")
    assert (row.lon, row.lat, row.accuracy_m, row.wants_call) == (-104.98, 39.74, 12.4, True)
    assert row.located_at == NOW - timedelta(seconds=2.5)
    words = phone.words("?lang=en")
    for said in (
        "We received what you sent: today, 2:13 PM UTC",
        "With your position, to within (metres): 12",
        "Have you moved? No",
        "Anything new? Nothing.",
        "You asked to be called back: today, 2:13 PM UTC",
        "This is done.",
    ):
        assert said in words
    assert "104" not in phone.get().text
    assert 'id="checkin"' not in phone.get().text
    assert web.audited(office, "checkin:submitted") == [f"checkin:{phone.checkin_id}"]


def test_a_second_sending_is_answered_with_what_was_received_first(phone: Phone) -> None:
    phone.send(FILLED)
    again = phone.send(FILLED | {"answer.news": "Changed."})
    assert again.status_code == 303
    assert "Anything new? Nothing." in phone.words()
    assert "Changed." not in phone.words()
    assert len(phone.submissions()) == 1


def test_two_phones_that_send_at_once_are_both_answered_and_one_is_kept(phone: Phone) -> None:
    with ThreadPoolExecutor(4) as phones:
        sent = [FILLED | {"answer.news": str(number)} for number in range(6)]
        answers = list(phones.map(phone.send, sent))
    assert {answer.status_code for answer in answers} == {303}
    assert len(phone.submissions()) == 1


def test_without_a_position_the_reason_is_kept_and_told(web: Web, office: Office) -> None:
    for reason in ("denied", "unavailable", "timeout", "no_script", "forged"):
        phone = phone_with(web, office, OPENED)
        phone.send(WITHOUT | {"no_position_reason": reason})
        (row,) = phone.submissions()
        kept = "no_script" if reason == "forged" else reason
        assert (row.lon, row.no_position_reason, row.concerns) == (None, kept, ["no_position"])
        assert "Without your position:" in phone.words()


def test_what_is_missing_is_named_and_what_was_typed_stays(phone: Phone) -> None:
    typed = FILLED | {"answer.news": '<b>"A flat" & more', "wants_call": "yes"}
    del typed["answer.moved"]
    answer = phone.send(typed, "?lang=es")
    page = answer.text
    assert answer.status_code == 422
    assert "Todavía no se envió." in page
    assert "Conteste esta pregunta." in page
    assert 'href="#q-moved"' in page
    assert html.escape('<b>"A flat" & more', quote=True).replace("&quot;", "&#34;") in page
    assert "checked" in page
    assert "<title>Problema: " in page
    assert phone.submissions() == []


def test_a_position_that_is_none_is_asked_for_again(phone: Phone) -> None:
    for wrong in (
        {"lon": "east"},
        {"lat": "91"},
        {"lon": "nan"},
        {"accuracy_m": ""},
        {"accuracy_m": "-1"},
        {"position_age_s": "601"},
        {"position_age_s": "-1"},
        {"position_age_s": "nan"},
    ):
        answer = phone.send(FILLED | wrong)
        assert answer.status_code == 422
        assert "Your position could not be read." in answer.text
    assert phone.submissions() == []


def test_late_it_can_still_be_sent_and_stays_missed(web: Web, phone: Phone) -> None:
    web.clock.forward(66 * 60)
    assert "You can still send it now." in phone.words()
    phone.send(FILLED)
    words = phone.words()
    assert "This was missed." in words
    assert "You made up for it. It stays missed" in words
    with web.behind() as session:
        kinds = "SELECT kind, cleared_at FROM alert WHERE evidence ->> 'checkin_id' = :id"
        (alert,) = session.execute(text(kinds), {"id": str(phone.checkin_id)})
    assert tuple(alert) == ("checkin_missed", web.clock.now)


def test_a_call_is_asked_for_once_and_told(web: Web, office: Office) -> None:
    phone = phone_with(web, office, OPENED, method=Method.PHONE)
    assert {phone.ask_for_call().status_code for _ in range(2)} == {303}
    assert "You asked to be called back: today, 2:13 PM UTC" in phone.words()
    assert "Ask to be called back" not in phone.words()
    assert web.audited(office, "checkin:call_asked") == [f"checkin:{phone.checkin_id}"]


def test_calls_in_vain_are_told(web: Web, office: Office) -> None:
    phone = phone_with(web, office, OPENED, method=Method.PHONE)
    path = f"/api/v1/checkins/{phone.checkin_id}/attempts"
    assert web.signed_in(office.officer).post(path, json={"why": "voicemail"}).is_success
    words = phone.words()
    assert "today, 2:13 PM UTC: We called you and did not reach you." in words
    assert "voicemail" not in words


def test_another_site_cannot_send_for_him(phone: Phone) -> None:
    headers = {"sec-fetch-site": "cross-site", "accept": "text/html"}
    answer = phone.web.anybody().post(phone.path, data=FILLED, headers=headers)
    assert answer.status_code == 403
    assert phone.submissions() == []


VALUES = st.sampled_from(["", "\x00", "\ud800", "yes", "x" * 2_000, "1e400", "inf", "-0", "\u202e"])


@settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(wrong=st.dictionaries(st.sampled_from([*FILLED, "answer.", "x"]), VALUES, max_size=3))
def test_whatever_is_sent_is_kept_or_asked_for_again(
    web: Web, office: Office, wrong: dict[str, Any]
) -> None:
    phone = phone_with(web, office, OPENED)
    sent = {name: value.encode("utf-8", "surrogatepass") for name, value in wrong.items()}
    answer = phone.send(FILLED | sent)
    assert answer.status_code in {303, 422}
    assert len(phone.submissions()) == (answer.status_code == 303)


def test_a_body_that_is_no_form_is_refused(phone: Phone) -> None:
    client = phone.web.anybody()
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x"):
        for body in (b"%", b"--x", b"\xff\xfe", b"a=" + b"1" * 1_000_001):
            answer = client.post(phone.path, content=body, headers={"content-type": kind})
            assert 400 <= answer.status_code < 500
    assert phone.submissions() == []
