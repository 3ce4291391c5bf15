"""The page on which an officer says how he is told of alerts."""

from typing import Any

import pytest
from sqlalchemy import text

from tests.web.application import Web
from tests.web.console_visits import browser_of
from tests.web.offices import Office

PAGE = "/contact-points"


def typed(**other: object) -> dict[str, Any]:
    asked = {"means": "email", "address": "me@example.org", "name": "At home", "after_min": "2"}
    return asked | {"severities": ["critical", "high"]} | other


def test_an_officer_adds_a_way_sees_it_and_ends_it(web: Web, office: Office) -> None:
    browser = browser_of(web, office.officer)
    assert "You have chosen nothing yet" in browser.get(PAGE).text
    night = {"quiet_from": "22:00", "quiet_until": "07:00"}
    assert browser.submit(PAGE, typed(**night)).status_code == 303
    page = browser.get(PAGE).text
    assert "me@example.org" in page
    assert "after 2 min if nobody has seen to it" in page
    assert "only critical from 22:00 to 07:00" in page
    (point,) = web.signed_in(office.officer).get("/api/v1/contact-points").json()["items"]
    assert browser.submit(f"{PAGE}/{point['id']}/end", {}).status_code == 303
    assert "me@example.org" not in browser.get(PAGE).text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"address": "nowhere"}, "This is no e-mail address."),
        ({"severities": []}, "Say which alerts go by it."),
        ({"quiet_from": "22:00"}, "Quiet hours have a beginning and an end"),
        ({"means": "sms", "address": "+13035550142"}, "This installation has no such means."),
        ({"means": "webhook", "address": "https://x.example/"}, "it is nobody&#39;s own"),
    ],
)
def test_what_cannot_work_is_said_and_what_was_typed_is_kept(
    web: Web, office: Office, wrong: dict[str, Any], said: str
) -> None:
    answer = browser_of(web, office.officer).submit(PAGE, typed(**wrong))
    assert answer.status_code == 422
    assert said in answer.text
    assert typed(**wrong)["address"] in answer.text


def test_whoever_handles_no_alerts_is_told_of_none(web: Web, office: Office) -> None:
    assert browser_of(web, office.administrator).get(PAGE).status_code == 403


def test_the_alerts_page_says_what_did_not_arrive_and_what_was_done(
    web: Web, office: Office
) -> None:
    details = ('["sms"]', "; told instead by text message"), ("[]", "; no other way was left")
    for around, said in details:
        with web.behind() as session:
            session.execute(
                text(
                    "WITH head AS (UPDATE agency_ledger SET alert_event_seq = alert_event_seq + 1"
                    " WHERE agency_id = :agency RETURNING alert_event_seq)"
                    " INSERT INTO alert_event (agency_id, alert_id, seq, kind, at, detail)"
                    " SELECT :agency, :alert, alert_event_seq, 'unreached', now(),"
                    " jsonb_build_object('means', 'email', 'around', CAST(:around AS jsonb))"
                    " FROM head"
                ),
                {"agency": office.agency.id, "alert": office.alert.id, "around": around},
            )
        page = browser_of(web, office.officer).get(f"/alerts/{office.alert.id}").text
        assert f"by e-mail{said}" in page
