"""A dispatch packet as a CAP 1.2 message: it keeps to the standard, and says what the page says."""

from xml.etree import ElementTree as ET

from sqlalchemy import text

from supervision.register.models import Supervisee
from tests import cap_rules, factories
from tests.web.application import Web
from tests.web.console_visits import a_stay
from tests.web.offices import Office
from tests.web.patrol_visits import API, Patrol, shared

CAP = "application/cap+xml"


def message(patrol: Patrol) -> bytes:
    answer = patrol.get(".xml", accept="*/*")
    assert (answer.status_code, answer.headers["content-type"]) == (200, CAP)
    assert cap_rules.faults_of(answer.content) == []
    return answer.content


def notes(web: Web, office: Office, words: str) -> None:
    with web.behind() as session:
        session.get_one(Supervisee, office.supervisee.id).safety_notes = words


def test_it_says_who_where_how_grave_and_whom_to_call(
    web: Web, office: Office, patrol: Patrol
) -> None:
    notes(web, office, "Keeps a dog.")
    web.clock.forward(90)
    told = cap_rules.said(message(patrol))
    assert told["event"] == "Strap reported cut or opened"
    assert told["headline"] == f"Strap reported cut or opened: {office.supervisee.full_name}"
    assert told["scope"] == "Restricted"
    assert (told["urgency"], told["severity"], told["certainty"]) == (
        "Immediate",
        "Extreme",
        "Likely",
    )
    assert (told["sent"], told["onset"]) == (
        "2026-09-21T14:14:50-00:00",
        "2026-09-21T14:13:20-00:00",
    )
    assert told["expires"] == "2026-09-21T18:13:20-00:00"
    assert told["instruction"] == "Keeps a dog."
    assert office.officer.email in told["contact"]
    assert office.order.court_case_number in told["description"]
    assert told["areas"] == [
        ["Last known place: 14:13:20 UTC, 1 min ago, within 5 m (GPS)", "39.74000,-104.98000 0.005"]
    ]
    assert told["parameters"] == {
        "alert": str(office.alert.id),
        "condition": "active",
        "handling": "in_hand",
        "fixed_at": "2026-09-21T14:13:20-00:00",
        "age_s": "90",
        "source": "gps",
        "accuracy_m": "5",
    }


def test_each_reading_after_the_first_updates_the_one_before(patrol: Patrol) -> None:
    first = cap_rules.said(message(patrol))
    patrol.words()
    second, third = cap_rules.said(message(patrol)), cap_rules.said(message(patrol))
    assert [one["msgType"] for one in (first, second, third)] == ["Alert", "Update", "Update"]
    assert "references" not in first
    for before, after in ((first, second), (second, third)):
        assert after["references"] == ",".join(
            before[name] for name in ("sender", "identifier", "sent")
        )
    assert first["sender"] == "supervision@127.0.0.1"


def test_a_stay_in_a_zone_is_told_with_its_grade(web: Web, office: Office) -> None:
    alert_id = a_stay(web, office)
    told = cap_rules.said(message(shared(web, office, alert_id)))
    assert (told["event"], told["certainty"]) == ("Exclusion zone entered", "Observed")
    assert "speed_mps" in told["parameters"]
    assert told["parameters"]["condition"] == "cleared"


def test_a_closed_alert_is_past(web: Web, office: Office, patrol: Patrol) -> None:
    judged = {"disposition": "authorised", "note": "Court."}
    web.signed_in(office.officer).post(f"{API}/alerts/{office.alert.id}/close", json=judged)
    told = cap_rules.said(message(patrol))
    assert told["urgency"] == "Past"
    assert told["description"].startswith("The alert is closed")


def test_it_is_read_by_the_agencys_clock(web: Web, office: Office, patrol: Patrol) -> None:
    with web.behind() as session:
        session.execute(
            text("UPDATE agency SET time_zone = 'America/Denver' WHERE id = :id"),
            {"id": office.agency.id},
        )
    assert cap_rules.said(message(patrol))["sent"] == "2026-09-21T08:13:20-06:00"


def test_a_program_that_asks_for_cap_at_the_pages_address_gets_it(patrol: Patrol) -> None:
    answer = patrol.get(accept=CAP)
    assert answer.headers["content-type"] == CAP
    assert cap_rules.faults_of(answer.content) == []


def test_a_program_is_told_by_a_problem_that_a_link_opens_nothing(patrol: Patrol) -> None:
    answer = patrol.get("x.xml", accept=CAP)
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not_found")


def test_whatever_was_written_it_can_be_read(web: Web, office: Office, patrol: Patrol) -> None:
    notes(web, office, "\x01 <script> & ]]> \ufffe é \U0001f600 \r\n end")
    instruction = cap_rules.said(message(patrol))["instruction"]
    assert instruction == "\ufffd <script> & ]]> \ufffd é \U0001f600 \n end"


def test_somebody_nobody_has_seen_is_told_without_a_place(web: Web, office: Office) -> None:
    with web.behind() as session:
        alert = factories.an_alert(session, factories.a_supervisee(session, office.officer))
    told = cap_rules.said(message(shared(web, office, alert.id)))
    assert told["areas"] == []
    assert told["description"].startswith("No position of him is known.")


def test_the_rules_find_what_is_wrong() -> None:
    namespace = cap_rules.NAMESPACE.strip("{}")
    wrong = ET.Element("alert", xmlns=namespace)
    for name, words in {"sender": "a b", "identifier": "1", "scope": "Restricted"}.items():
        ET.SubElement(wrong, name).text = words
    faults = cap_rules.faults_of(ET.tostring(wrong))
    assert any("out of order" in one for one in faults)
    assert "sender is written a b" in faults
    assert "alert has 0 sent" in faults
    assert "restricted, and nothing says how" in faults
