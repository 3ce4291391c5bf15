"""What the software may do to an alert: tell, add, take note. Never close."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row
from sqlalchemy.orm import Session

from alerts import service
from alerts.catalogue import AlertKind
from alerts.rules import Disposition
from supervision.core.db import transaction
from supervision.core.errors import Broken
from tests.harness import T0, World

KEY = "zone_entry:1:stay:1"
LATER = T0 + timedelta(minutes=5)


def do(world: World, work: Callable[..., object], *arguments: object) -> None:
    with transaction(world.engine) as session:
        work(session, world.agency_id, KEY, *arguments)


def the_alert(world: World) -> Row[Any]:
    (alert,) = world.alerts()
    return alert


def test_a_new_alert_is_open_told_to_its_officer_and_on_record(
    world: World, raise_one: Callable[..., int]
) -> None:
    alert_id = raise_one()
    alert = the_alert(world)
    assert (alert.id, alert.handling, alert.severity, alert.version) == (alert_id, "new", "high", 1)
    (message,) = world.rows("SELECT * FROM notification")
    assert (message.alert_id, message.officer_id) == (alert_id, alert.officer_id)
    assert (message.state, message.due_at) == ("pending", T0)
    (entry,) = world.rows("SELECT * FROM audit_entry")
    assert (entry.tag, entry.subject, entry.actor) == (
        "alert:raised",
        f"alert:{alert_id}",
        "system",
    )


def test_the_same_occurrence_again_is_the_same_alert_and_a_suppressed_line(
    world: World, raise_one: Callable[..., int]
) -> None:
    assert raise_one() == raise_one()
    assert world.history(the_alert(world).id) == ["raised", "suppressed"]
    assert world.one("SELECT count(*) FROM notification") == 1


def test_another_occurrence_is_another_alert(world: World, raise_one: Callable[..., int]) -> None:
    assert raise_one() != raise_one(dedup_key="zone_entry:1:stay:2")
    assert len(world.alerts()) == 2


def test_a_confirmed_alert_is_critical_and_told_again_once(
    world: World, raise_one: Callable[..., int]
) -> None:
    raise_one()
    for _ in range(2):
        do(world, service.confirm, {"deepest_m": 40.0}, LATER)
    alert = the_alert(world)
    assert (alert.grade, alert.severity) == ("confirmed", "critical")
    assert alert.evidence == {"deepest_m": 40.0}
    keys = world.rows("SELECT idempotency_key FROM notification ORDER BY id")
    assert [key for (key,) in keys] == [
        f"alert:{alert.id}:raised:email:{alert.officer_id}",
        f"alert:{alert.id}:confirmed:email:{alert.officer_id}",
    ]


def test_a_cleared_alert_stays_open_and_is_cleared_once(
    world: World, raise_one: Callable[..., int]
) -> None:
    alert_id = raise_one()
    do(world, service.clear, LATER, LATER)
    do(world, service.clear, LATER, LATER + timedelta(minutes=1))
    alert = the_alert(world)
    assert (alert.handling, alert.cleared_at) == ("new", LATER)
    assert world.history(alert_id) == ["raised", "cleared"]


def test_a_condition_that_ended_at_another_time_is_told_so(
    world: World, raise_one: Callable[..., int]
) -> None:
    alert_id = raise_one()
    do(world, service.clear, LATER, LATER)
    do(world, service.clear, T0, LATER)
    assert the_alert(world).cleared_at == T0
    assert world.history(alert_id) == ["raised", "cleared", "cleared"]


def test_a_condition_that_was_not_over_lasts_again(
    world: World, raise_one: Callable[..., int]
) -> None:
    alert_id = raise_one()
    do(world, service.clear, LATER, LATER)
    do(world, service.reactivate, LATER)
    assert the_alert(world).cleared_at is None
    assert world.history(alert_id) == ["raised", "cleared", "active_again"]


def test_later_evidence_stands_beside_what_was_seen_before(
    world: World, raise_one: Callable[..., int]
) -> None:
    alert_id = raise_one(evidence={"deepest_m": 3.0, "fix_count": 1})
    do(world, service.add_evidence, {"deepest_m": 9.0}, LATER)
    assert the_alert(world).evidence == {"deepest_m": 9.0, "fix_count": 1}
    (detail,) = world.rows(
        "SELECT detail FROM alert_event WHERE alert_id = :id AND kind = 'evidence_added'",
        id=alert_id,
    )
    assert tuple(detail) == ({"before": {"deepest_m": 3.0}, "after": {"deepest_m": 9.0}},)


def test_what_made_an_alert_possible_stays_on_record_when_it_is_confirmed(
    world: World, raise_one: Callable[..., int]
) -> None:
    alert_id = raise_one(evidence={"probability": 0.7, "deepest_m": 3.0})
    do(world, service.confirm, {"probability": 0.9}, LATER)
    assert the_alert(world).evidence == {"probability": 0.9, "deepest_m": 3.0}
    ((detail,),) = world.rows(
        "SELECT detail FROM alert_event WHERE alert_id = :id AND kind = 'confirmed'", id=alert_id
    )
    assert detail["before"] == {"probability": 0.7}
    assert detail["after"] == {"probability": 0.9}


def closed(world: World, alert_id: int) -> None:
    with transaction(world.engine) as session:
        service.close(session, world.actor(), alert_id, Disposition.GPS_DRIFT, "", T0)


def test_nothing_the_software_learns_opens_a_closed_alert(
    world: World, raise_one: Callable[..., int]
) -> None:
    closed(world, raise_one())
    do(world, service.clear, LATER, LATER)
    do(world, service.reactivate, LATER)
    do(world, service.add_evidence, {"fix_count": 2}, LATER)
    do(world, service.confirm, {}, LATER)
    raise_one()
    old, new = world.alerts()
    assert (old.handling, old.disposition) == ("closed", "gps_drift")
    assert (new.handling, new.grade) == ("new", "confirmed")


CHANGES: list[Callable[[Session, int], None]] = [
    lambda session, agency: service.confirm(session, agency, "no such key", {}, T0),
    lambda session, agency: service.clear(session, agency, "no such key", T0, T0),
    lambda session, agency: service.reactivate(session, agency, "no such key", T0),
    lambda session, agency: service.add_evidence(session, agency, "no such key", {}, T0),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_finding_whose_alert_is_missing_is_a_broken_promise(
    world: World, change: Callable[[Session, int], None]
) -> None:
    with pytest.raises(Broken), transaction(world.engine) as session:
        change(session, world.agency_id)


def test_the_finding_and_its_alert_stand_or_fall_together(
    world: World, raise_one: Callable[..., int]
) -> None:
    with pytest.raises(Exception, match="fk_alert_supervisee_id"):
        raise_one(supervisee_id=999_999)
    for table in ("alert", "alert_event", "notification", "audit_entry"):
        assert world.one(f"SELECT count(*) FROM {table}") == 0
    assert world.one("SELECT alert_event_seq + audit_seq FROM agency_ledger") == 0


def test_a_closed_strap_clears_the_tampers_of_its_own_device_before_it(
    world: World, raise_one: Callable[..., int]
) -> None:
    tamper = {"kind": AlertKind.STRAP_TAMPER, "grade": None}
    before = raise_one(**tamper, dedup_key="a", evidence={"device_id": 5})
    other = raise_one(**tamper, dedup_key="b", evidence={"device_id": 6})
    after = raise_one(
        **tamper, dedup_key="c", evidence={"device_id": 5}, occurred_at=LATER + timedelta(seconds=1)
    )
    (supervisee_id,) = {alert.supervisee_id for alert in world.alerts()}
    with transaction(world.engine) as session:
        service.clear_tamper(session, world.agency_id, supervisee_id, 5, LATER, LATER)
    cleared = {alert.id: alert.cleared_at for alert in world.alerts()}
    assert cleared == {before: LATER, other: None, after: None}
