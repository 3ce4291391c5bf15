"""What a patrol reads in a packet by its link, and what it does not."""

from datetime import timedelta
from typing import Any

from alerts.catalogue import AlertKind
from supervision.register.models import Officer, ProtectedPerson, Supervisee
from tests import factories
from tests.web.application import Web
from tests.web.console_visits import a_stay
from tests.web.offices import Office
from tests.web.patrol_visits import Patrol, shared, trail


def change(web: Web, kind: type[Any], row_id: int, **values: Any) -> None:
    with web.behind() as session:
        row = session.get_one(kind, row_id)
        for name, value in values.items():
            setattr(row, name, value)


def test_it_says_who_where_what_and_whom_to_call(web: Web, office: Office, patrol: Patrol) -> None:
    known = {"description": "Male, 41", "vehicle": "Grey van", "safety_notes": "Keeps a dog."}
    change(web, Supervisee, office.supervisee.id, **known)
    change(web, Officer, office.officer.id, duty_phone="+13035550142")
    web.clock.forward(23 * 60)
    words = patrol.words()
    person, order = office.supervisee, office.order
    for said in (
        f"Strap reported cut or opened: {person.full_name}",
        "Last known 14:13:20 UTC, 23 min ago, within 5 m (GPS)",
        "latitude 39.74000, longitude -104.98000",
        "This is old: he may be far from there by now.",
        *known.values(),
        person.case_number,
        f"{order.court}, {order.court_case_number}",
        "04 To stay away from the residence",
        "+13035550142",
        "Read 21 Sep 2026, 14:36:20 UTC.",
        "This link ends 18:13:20 UTC.",
    ):
        assert said in words, said


def test_the_page_is_read_anew_each_time(web: Web, office: Office, patrol: Patrol) -> None:
    assert "longitude -104.98000" in patrol.words()
    web.clock.forward(60)
    with web.behind() as session:
        at = {"fixed_at": web.clock.now, "lon": -104.97, "accuracy_m": 10.0}
        factories.a_position(session, office.device, office.supervisee, **at)
    words = patrol.words()
    assert "Last known 14:14:20 UTC, 0 s ago, within 10 m" in words
    assert "He went east at about 32 mph (51 km/h), 14:13:20 UTC to 14:14:20 UTC." in words


def test_a_rough_fix_hides_no_exact_one_and_a_cut_strap_is_told(
    web: Web, office: Office, patrol: Patrol
) -> None:
    web.clock.forward(60)
    with web.behind() as session:
        at = {"fixed_at": web.clock.now, "accuracy_m": 2_000.0, "source": 3}
        factories.a_position(session, office.device, office.supervisee, **at)
        cut = {"evidence": {"device_id": office.device.id}}
        factories.an_alert(session, office.supervisee, **cut)
    words = patrol.words()
    assert "within 2,000 m (cell tower)" in words
    assert "Last exact 14:13:20 UTC, 1 min ago, within 5 m (GPS)" in words
    assert "The strap was reported cut or opened 14:13:20 UTC: the tracker may be off him." in words


def test_nothing_in_it_leads_to_her(web: Web, office: Office) -> None:
    alert_id = a_stay(web, office)
    with web.behind() as session:
        factories.a_clause(session, office.order, wording="Stay away from 12 Elm Street.")
    secret = {"full_name": "Sam Hidden", "safe_contact": "12 Elm Street, +13035550199"}
    change(web, ProtectedPerson, office.order.protected_person_id, **secret)
    patrol = shared(web, office, alert_id)
    page, message = patrol.get().text, patrol.get(".xml").text
    for text in (page, message):
        assert office.supervisee.full_name in text
        for word in (*secret.values(), "Elm", office.zone.name, " deep", "edge", "radius_m"):
            assert word not in text, word
    assert "Only through the officers named below." in page
    assert "of clause 04" in page
    assert "Entered" in page


def test_the_safe_contact_is_shown_where_the_officer_says_so(web: Web, office: Office) -> None:
    patrol = shared(web, office, shows_safe_contact=True)
    assert "through the advocate" in patrol.words()
    subject = f"protected_person:{office.order.protected_person_id}"
    assert ("protected_person:viewed", subject, {"alert_id": office.alert.id}) in trail(
        web, office, patrol
    )


def test_a_contact_that_came_later_than_the_link_is_not_shown(web: Web, office: Office) -> None:
    patrol = shared(web, office, shows_safe_contact=True)
    web.clock.forward(60)
    with web.behind() as session:
        other = factories.a_protected_person(session, office.agency.id, safe_contact="At 5 Oak Rd")
        entered = {"protected_person_id": other.id, "created_at": web.clock.now}
        factories.an_order(session, office.supervisee, court="New Court", **entered)
    words = patrol.words()
    assert "New Court" in words
    assert "through the advocate" in words
    assert "Oak" not in words


def test_what_a_phone_showed_at_a_check_in_is_told_so(web: Web, office: Office) -> None:
    far = {"kind": AlertKind.CHECKIN_FAR, "evidence": {"distance_m": 12_300, "source": "phone"}}
    entry = {"kind": AlertKind.ZONE_ENTRY, "grade": "possible", "evidence": {"source": "phone"}}
    for values, said in (
        (far, "Phone and tracker apart 12.3 km"),
        (entry, "Shown by the phone at a check-in, not the tracker"),
    ):
        with web.behind() as session:
            alert = factories.an_alert(session, office.supervisee, **values)
        assert said in shared(web, office, alert.id).words()


def test_somebody_without_fix_order_or_notes_is_told_of_honestly(web: Web, office: Office) -> None:
    with web.behind() as session:
        person = factories.a_supervisee(session, office.officer)
        alert = factories.an_alert(session, person)
    words = shared(web, office, alert.id).words()
    for said in (
        "No position of him is known.",
        "No order against him is in force.",
        "No notes were written. That does not mean that there is no danger.",
        "Vehicle not known",
        "no number on duty is known",
    ):
        assert said in words, said


def test_an_order_that_is_over_is_not_told(web: Web, office: Office, patrol: Patrol) -> None:
    web.clock.forward(60)
    with web.behind() as session:
        order = factories.an_order(
            session, office.supervisee, ends_at=web.clock.now, court="Old Court"
        )
        factories.a_clause(session, order)
    assert "Old Court" not in patrol.words()
    assert web.clock.now - factories.NOW == timedelta(minutes=1)
