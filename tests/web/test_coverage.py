from typing import Any

import pytest
from sqlalchemy import text

from supervision.register.models import OrderClause
from supervision.web.api.coverage import _percentile
from tests import factories
from tests.factories import NOW
from tests.web.application import Web
from tests.web.offices import Office

API = "/api/v1"


@pytest.fixture
def bare(web: Web, office: Office) -> OrderClause:
    """A clause of the office's order that nobody has drawn."""
    with web.behind() as session:
        return factories.a_clause(session, office.order, condition_code="01")


def coverage(web: Web, office: Office) -> dict[str, Any]:
    answer: dict[str, Any] = web.signed_in(office.supervisor).get(f"{API}/coverage").json()
    return answer


def of_order(web: Web, office: Office) -> list[dict[str, Any]]:
    path = f"{API}/orders/{office.order.id}/coverage"
    items: list[dict[str, Any]] = web.signed_in(office.officer).get(path).json()["items"]
    return items


def withdraw(web: Web, office: Office) -> None:
    path = f"{API}/waivers/{office.waiver.id}/withdraw"
    assert web.signed_in(office.supervisor).post(path).status_code == 200


def test_an_order_tells_of_each_clause_what_covers_it(
    web: Web, office: Office, bare: OrderClause
) -> None:
    with web.behind() as session:
        firearm = factories.a_clause(session, office.order, condition_code="07")
    web.clock.forward(600)
    covered, uncovered, not_needed = of_order(web, office)
    assert covered == {
        "id": office.clause.id,
        "order_id": office.order.id,
        "supervisee_id": office.supervisee.id,
        "condition_code": "04",
        "needs_zone": True,
        "zone_ids": [office.zone.id],
        "zone_set_ids": [office.zone_set.id],
        "waiver_ids": [office.waiver.id],
        "uncovered_since": None,
    }
    assert (uncovered["id"], uncovered["zone_ids"]) == (bare.id, [])
    assert uncovered["uncovered_since"] == "2026-09-21T14:13:20Z"
    assert (not_needed["id"], not_needed["needs_zone"]) == (firearm.id, False)
    assert not_needed["uncovered_since"] is None


def test_a_withdrawn_waiver_covers_no_more(web: Web, office: Office) -> None:
    withdraw(web, office)
    (clause,) = of_order(web, office)
    assert (clause["zone_ids"], clause["waiver_ids"]) == ([office.zone.id], [])


def test_a_zone_of_the_clause_retired_leaves_it_uncovered_from_then(
    web: Web, office: Office, bare: OrderClause
) -> None:
    with web.behind() as session:
        zone = factories.a_zone(session, office.order, order_clause_id=bare.id)
        session.execute(
            text(
                "INSERT INTO zone_version (agency_id, supervisee_id, zone_id, version, epoch,"
                " shape, buffer_m, inradius_m, warning_m, time_zone, armed_at, notes, drawn_at)"
                " SELECT agency_id, supervisee_id, zone_id, 2, 2, 'retired', 0, 0, 0, 'UTC',"
                " :at, '{}', :at FROM zone_version WHERE zone_id = :zone"
            ),
            {"zone": zone.id, "at": NOW.replace(minute=30)},
        )
    clause = of_order(web, office)[-1]
    assert (clause["id"], clause["zone_ids"]) == (bare.id, [zone.id])
    web.clock.forward(3_600)
    clause = of_order(web, office)[-1]
    assert (clause["zone_ids"], clause["uncovered_since"]) == ([], "2026-09-21T14:30:20Z")


def test_the_agency_sees_its_share_and_what_is_left(
    web: Web, office: Office, other_office: Office, bare: OrderClause
) -> None:
    web.clock.forward(1_800)
    found = coverage(web, office)
    assert (found["clauses"], found["clauses_covered"], found["covered_share"]) == (2, 1, 0.5)
    (item,) = found["items"]
    assert (item["id"], item["supervisee_id"]) == (bare.id, office.supervisee.id)
    assert (item["uncovered_since"], item["uncovered_minutes"]) == ("2026-09-21T14:13:20Z", 30)
    other = coverage(web, other_office)
    assert (other["clauses"], other["covered_share"], other["items"]) == (1, 1.0, [])


def test_an_officer_sees_the_coverage_of_the_own_caseload(
    web: Web, office: Office, bare: OrderClause
) -> None:
    own = web.signed_in(office.officer).get(f"{API}/coverage").json()
    assert [item["id"] for item in own["items"]] == [bare.id]
    none = web.signed_in(office.colleague).get(f"{API}/coverage").json()
    assert (none["clauses"], none["covered_share"], none["items"]) == (0, None, [])
    assert none["to_zone_minutes_p50"] is None


def test_an_active_order_without_any_clause_is_counted(web: Web, office: Office) -> None:
    assert coverage(web, office)["orders_without_clauses"] == 0
    with web.behind() as session:
        factories.an_order(session, office.supervisee)
        factories.an_order(session, office.supervisee, ends_at=NOW)
    assert coverage(web, office)["orders_without_clauses"] == 1
    colleague = web.signed_in(office.colleague).get(f"{API}/coverage").json()
    assert colleague["orders_without_clauses"] == 0


def test_the_minutes_from_order_to_armed_zone_are_told(web: Web, office: Office) -> None:
    with web.behind() as session:
        for minute in (15, 25, 40):
            clause = factories.a_clause(session, office.order)
            armed_at = NOW.replace(minute=13 + minute)
            factories.a_zone(session, office.order, order_clause_id=clause.id, armed_at=armed_at)
    web.clock.forward(3_600)
    found = coverage(web, office)
    assert (found["to_zone_minutes_p50"], found["to_zone_minutes_p95"]) == (15, 40)


def test_a_percentile_is_one_of_the_values() -> None:
    assert _percentile([], 0.5) is None
    assert _percentile([7], 0.5) == _percentile([7], 0.95) == 7
    assert (_percentile(range(1, 101), 0.5), _percentile(range(1, 101), 0.95)) == (50, 95)


def test_a_waiver_signed_over_the_web_clears_the_alert(
    web: Web, office: Office, bare: OrderClause
) -> None:
    web.clock.forward(900)
    with web.behind() as session:
        web.runtime.monitor.tell_of_coverage(session, [office.supervisee.id])
    client = web.signed_in(office.pretrial)
    asked = {"supervisee_id": str(office.supervisee.id)}
    alert, _ = client.get(f"{API}/alerts", params=asked).json()["items"]
    assert (alert["kind"], alert["officer_id"]) == ("clause_uncovered", office.pretrial.id)
    assert (alert["order_clause_id"], alert["cleared_at"]) == (bare.id, None)
    client.post(f"{API}/clauses/{bare.id}/waivers", json={"reason": "She lives abroad."})
    alert = client.get(f"{API}/alerts/{alert['id']}").json()
    assert (alert["handling"], alert["cleared_at"]) == ("new", "2026-09-21T14:28:20Z")


def test_pretrial_takes_an_alert_about_a_clause_in_hand_and_no_other(
    web: Web, office: Office, bare: OrderClause
) -> None:
    web.clock.forward(900)
    with web.behind() as session:
        web.runtime.monitor.tell_of_coverage(session, [bare.supervisee_id])
    client = web.signed_in(office.pretrial)
    alert, strap = client.get(f"{API}/alerts").json()["items"]
    assert client.post(f"{API}/alerts/{alert['id']}/acknowledge").status_code == 200
    closing = {"disposition": "other", "note": "The court is asked where she works."}
    assert client.post(f"{API}/alerts/{alert['id']}/close", json=closing).status_code == 200
    assert client.post(f"{API}/alerts/{strap['id']}/acknowledge").status_code == 403
