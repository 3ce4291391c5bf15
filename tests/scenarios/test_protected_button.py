"""Promises about a protected person's own device: its button is her alarm, her way a secret."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError

from alerts.service import acknowledge
from supervision.core.access import Role
from supervision.core.clock import to_us
from supervision.core.db import transaction
from supervision.core.errors import Conflict, NotAllowed
from supervision.core.fixes import DeviceEvent, EventKind, RejectedPing
from tests.harness import LONG_AGO, T0, Person, World, a_fix, an_event

MINUTE = timedelta(minutes=1)
BUTTON = EventKind.BUTTON
PLACE = {"lon": -100.5, "lat": 41.625, "accuracy_m": 12}


class Her(NamedTuple):
    """A protected person and the device that she carries."""

    id: int
    device_id: int
    device_uid: str


@pytest.fixture
def her(world: World, him: Person) -> Her:
    person_id = world.one(
        "SELECT protected_person_id FROM court_order WHERE id = :id", id=him.order_id
    )
    return entrusted(world, person_id)


def entrusted(world: World, person_id: int, uid: str = "alarm-1") -> Her:
    device_id = world.one(
        "INSERT INTO device (agency_id, uid, model) VALUES (:agency, :uid, 'M') RETURNING id",
        agency=world.agency_id,
        uid=uid,
    )
    with transaction(world.engine) as session:
        actor = world.actor(Role.PRETRIAL)
        world.monitor.entrust_device(session, actor, device_id, person_id, LONG_AGO)
    return Her(person_id, device_id, uid)


def pressed(her: Her, minute: float = 0, **detail: Any) -> DeviceEvent:
    return an_event(her.device_uid, BUTTON, T0 + minute * MINUTE)._replace(detail=detail)


def events_kept(world: World) -> Sequence[Row[Any]]:
    return world.rows("SELECT * FROM protected_event ORDER BY occurred_at")


def test_a_press_is_a_critical_alert_about_whom_her_order_keeps_away(
    world: World, him: Person, her: Her
) -> None:
    world.send(events=[pressed(her, **PLACE)])
    (alert,) = world.alerts()
    assert (alert.kind, alert.severity, alert.handling) == ("protected_button", "critical", "new")
    assert (alert.supervisee_id, alert.officer_id) == (him.supervisee_id, him.officer_id)
    assert alert.evidence["is_order_in_force"]
    assert world.one("SELECT count(*) FROM notification WHERE alert_id = :id", id=alert.id) > 0


def test_where_she_pressed_is_kept_beside_the_alert_and_not_in_it(world: World, her: Her) -> None:
    world.send(events=[pressed(her, **PLACE)])
    (kept,) = events_kept(world)
    assert (kept.lon, kept.lat, kept.accuracy_m) == (-100.5, 41.625, 12)
    (alert,) = world.alerts()
    assert alert.evidence["event_ids"] == [kept.id]
    told = world.rows("SELECT to_jsonb(e)::text AS words FROM alert_event e")
    told = [*told, *world.rows("SELECT to_jsonb(a)::text AS words FROM alert a")]
    told = [*told, *world.rows("SELECT to_jsonb(t)::text AS words FROM audit_entry t")]
    assert not any("100.5" in row.words or "41.625" in row.words for row in told)


@pytest.mark.parametrize(
    "place",
    [
        {},
        {"lon": -100.5},
        {"lon": 500, "lat": 41.6},
        {"lon": 0.0, "lat": 0.0},
        {"lon": "nan", "lat": 41.6},
        {"lon": [1], "lat": None},
    ],
)
def test_a_press_without_a_place_that_can_be_is_told_all_the_same(
    world: World, her: Her, place: dict[str, Any]
) -> None:
    world.send(events=[pressed(her, **place)])
    assert [alert.kind for alert in world.alerts()] == ["protected_button"]
    (kept,) = events_kept(world)
    assert (kept.lon, kept.lat, kept.accuracy_m) == (None, None, None)


def test_the_same_press_told_again_changes_nothing(world: World, her: Her) -> None:
    for _ in range(3):
        world.send(events=[pressed(her), pressed(her)])
    (alert,) = world.alerts()
    assert world.history(alert.id) == ["raised"]


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("is_one_batch", [True, False])
def test_where_she_pressed_is_known_whichever_telling_of_the_press_comes_first(
    world: World, her: Her, *, first: bool, is_one_batch: bool
) -> None:
    told = [pressed(her, **PLACE), pressed(her)] if first else [pressed(her), pressed(her, **PLACE)]
    for batch in [told] if is_one_batch else [[one] for one in told]:
        world.send(events=batch)
    assert [one.lon for one in events_kept(world)] == [-100.5]
    (alert,) = world.alerts()
    assert world.history(alert.id) == ["raised"]


def test_where_she_pressed_is_never_changed(world: World, her: Her) -> None:
    world.send(events=[pressed(her, **PLACE)])
    world.send(events=[pressed(her, lon=1.0, lat=2.0)])
    assert [(one.lon, one.lat) for one in events_kept(world)] == [(-100.5, 41.625)]
    with pytest.raises(IntegrityError, match="append-only"):
        world.rows("UPDATE protected_event SET lon = 1, lat = 2 RETURNING 1")


def test_presses_that_nobody_has_seen_yet_are_one_alert_and_the_next_one_is_another(
    world: World, her: Her
) -> None:
    world.send(events=[pressed(her, 0), pressed(her, 0.1)])
    world.send(events=[pressed(her, 0.2)])
    (alert,) = world.alerts()
    assert len(alert.evidence["event_ids"]) == 3
    with transaction(world.engine) as session:
        acknowledge(session, world.actor(), alert.id, world.clock.now)
    world.send(events=[pressed(her, 5)])
    assert [one.handling for one in world.alerts()] == ["acknowledged", "new"]


def test_a_press_after_an_alert_that_lay_untouched_is_an_alert_of_its_own(
    world: World, her: Her
) -> None:
    world.send(events=[pressed(her, 0)])
    (morning,) = world.alerts()
    with transaction(world.engine) as session:
        acknowledge(session, world.actor(), morning.id, world.clock.now)
    world.clock.forward(3600)
    world.monitor.escalate()
    assert "reopened" in world.history(morning.id)
    world.send(events=[pressed(her, 60)])
    assert [one.handling for one in world.alerts()] == ["new", "new"]


def test_a_device_that_another_carries_now_tells_of_her_and_not_of_the_one_before(
    world: World, him: Person, her: Her
) -> None:
    another = world.person()
    second = world.one(
        "SELECT protected_person_id FROM court_order WHERE id = :id", id=another.order_id
    )
    world.rows(
        "UPDATE court_order SET supervisee_id = :him WHERE id = :id RETURNING 1",
        him=him.supervisee_id,
        id=another.order_id,
    )
    world.send(events=[pressed(her, 0)])
    world.clock.forward(3600)
    with transaction(world.engine) as session:
        pretrial, at = world.actor(Role.PRETRIAL), T0 + 10 * MINUTE
        world.monitor.return_device(session, pretrial, her.device_id, at)
        world.monitor.entrust_device(session, pretrial, her.device_id, second, at)
    world.send(events=[pressed(her, 20)])
    told = [one.evidence["protected_person_id"] for one in world.alerts()]
    assert told == [her.id, second]


def stale(her: Her, at: datetime) -> DeviceEvent:
    """A press that reaches us now, of a device whose clock is at another time."""
    return pressed(her)._replace(occurred_at_us=to_us(at), detail=PLACE)


def test_a_stale_clock_makes_her_press_nobody_elses(world: World, him: Person, her: Her) -> None:
    with transaction(world.engine) as session:
        pretrial = world.actor(Role.PRETRIAL)
        world.monitor.return_device(session, pretrial, her.device_id, T0 - 60 * MINUTE)
    world.rows(
        "UPDATE device_assignment SET supervisee_id = :him, protected_person_id = NULL"
        " WHERE device_id = :device RETURNING 1",
        him=him.supervisee_id,
        device=her.device_id,
    )
    with transaction(world.engine) as session:
        at = T0 - 30 * MINUTE
        world.monitor.entrust_device(session, pretrial, her.device_id, her.id, at)
    world.send(events=[stale(her, T0 - 90 * MINUTE)])
    assert [alert.kind for alert in world.alerts()] == ["protected_button"]
    assert world.one("SELECT count(*) FROM device_event") == 0


def test_with_a_stale_clock_the_orders_of_now_say_whom_to_tell(
    world: World, him: Person, her: Her
) -> None:
    another = world.person(officer_id=world.officer())
    for order_id, begins, ends in (
        (him.order_id, LONG_AGO, T0 - 1000 * MINUTE),
        (another.order_id, T0 - 500 * MINUTE, None),
    ):
        world.rows(
            "UPDATE court_order SET protected_person_id = :her, begins_at = :begins,"
            " ends_at = :ends WHERE id = :id RETURNING 1",
            her=her.id,
            begins=begins,
            ends=ends,
            id=order_id,
        )
    world.send(events=[stale(her, T0 - 2000 * MINUTE)])
    told = {one.supervisee_id for one in world.alerts()}
    assert told == {him.supervisee_id, another.supervisee_id}


def test_a_button_that_is_stuck_is_one_alert_of_bounded_size(world: World, her: Her) -> None:
    for batch in range(3):
        world.send(events=[pressed(her, (1000 * batch + n) / 100) for n in range(1000)])
    (alert,) = world.alerts()
    assert alert.evidence["times"] == 3000
    ids = alert.evidence["event_ids"]
    assert (len(ids), ids[0]) == (50, world.one("SELECT min(id) FROM protected_event"))
    assert ids[-1] == world.one("SELECT max(id) FROM protected_event")
    assert world.history(alert.id) == ["raised", "evidence_added", "evidence_added"]
    assert world.one("SELECT count(*) FROM device_command") == 3


def test_what_a_device_said_before_it_was_noted_as_hers_is_forgotten(
    world: World, him: Person
) -> None:
    uid = "alarm-9"
    device_id = world.one(
        "INSERT INTO device (agency_id, uid, model) VALUES (:agency, :uid, 'M') RETURNING id",
        agency=world.agency_id,
        uid=uid,
    )
    there = a_fix(uid, T0, -100.5, 41.625)._replace(raw=b'{"lat": 41.625}')
    world.send(fixes=[there, there._replace(device_uid="stranger")])
    person_id = world.one(
        "SELECT protected_person_id FROM court_order WHERE id = :id", id=him.order_id
    )
    with transaction(world.engine) as session:
        at = T0 - 60 * MINUTE
        world.monitor.entrust_device(session, world.actor(Role.PRETRIAL), device_id, person_id, at)
    kept = world.rows("SELECT device_uid, payload FROM rejected_message ORDER BY device_uid")
    words = [(one.device_uid, bytes(one.payload)) for one in kept]
    assert words == [(uid, b""), ("stranger", b'{"lat": 41.625}')]


def test_everyone_whom_an_order_keeps_away_from_her_has_an_alert_of_his_own(
    world: World, him: Person, her: Her
) -> None:
    another = world.person(officer_id=world.officer())
    world.rows(
        "UPDATE court_order SET protected_person_id = :her WHERE id = :order RETURNING 1",
        her=her.id,
        order=another.order_id,
    )
    world.send(events=[pressed(her)])
    told = {(one.supervisee_id, one.officer_id) for one in world.alerts()}
    assert told == {
        (him.supervisee_id, him.officer_id),
        (another.supervisee_id, another.officer_id),
    }


def test_an_order_that_has_ended_still_says_whom_to_tell(
    world: World, him: Person, her: Her
) -> None:
    world.rows("UPDATE court_order SET ends_at = :at RETURNING 1", at=T0 - MINUTE)
    world.send(events=[pressed(her)])
    (alert,) = world.alerts()
    assert (alert.supervisee_id, alert.evidence["is_order_in_force"]) == (him.supervisee_id, False)


@pytest.mark.parametrize("minute", [-60 * 24 * 365 * 40, 120])
def test_a_press_of_a_device_that_was_hers_is_never_nobodys(
    world: World, her: Her, minute: float
) -> None:
    world.clock.forward(7200)
    with transaction(world.engine) as session:
        at = T0 + 60 * MINUTE
        world.monitor.return_device(session, world.actor(Role.PRETRIAL), her.device_id, at)
    world.send(events=[pressed(her, minute)])
    assert [alert.kind for alert in world.alerts()] == ["protected_button"]


def test_nothing_is_kept_of_where_she_goes(world: World, her: Her) -> None:
    world.send(fixes=[a_fix(her.device_uid, T0 + n * MINUTE, -100.5, 41.625) for n in range(5)])
    assert world.one("SELECT count(*) FROM position") == 0
    (kept,) = world.rows("SELECT reason, payload, times_seen, is_ignored FROM rejected_message")
    assert tuple(kept) == ("place_not_kept", b"", 5, True)


def test_what_her_device_says_wrongly_leaves_a_reason_and_no_words(world: World, her: Her) -> None:
    bad = RejectedPing("t", her.device_uid, "malformed", "No.", b'{"lat": 41.625}', to_us(T0))
    before = a_fix(her.device_uid, LONG_AGO - MINUTE, -100.5, 41.625)
    world.send(rejected=[bad], fixes=[before._replace(raw=b'{"lat": 41.625}')])
    kept = world.rows("SELECT reason, payload FROM rejected_message ORDER BY reason")
    assert [tuple(one) for one in kept] == [("device_not_assigned", b""), ("malformed", b"")]


def test_an_almost_empty_battery_of_her_device_is_told_and_says_no_place(
    world: World, her: Her
) -> None:
    flat = an_event(her.device_uid, EventKind.BATTERY_CRITICAL, T0)._replace(detail=PLACE)
    world.send(events=[flat, an_event(her.device_uid, EventKind.MOTION, T0)])
    assert [(one.kind, one.severity) for one in world.alerts()] == [("protected_battery", "high")]
    assert [(one.kind, one.lon) for one in events_kept(world)] == [
        ("battery_critical", None),
        ("motion", None),
    ]


def test_while_she_calls_his_tracker_is_asked_for_faster_fixes(
    world: World, him: Person, her: Her
) -> None:
    world.send(events=[pressed(her)])
    (asked,) = world.rows("SELECT device_id, interval_s, reason FROM device_command")
    assert (asked.device_id, asked.interval_s) == (him.device_id, 15)


def test_a_press_told_hours_later_is_late_and_asks_his_tracker_for_nothing(
    world: World, her: Her
) -> None:
    world.clock.forward(6 * 3600)
    world.send(events=[pressed(her)])
    (alert,) = world.alerts()
    assert alert.is_late
    assert world.one("SELECT count(*) FROM device_command") == 0


def test_his_own_button_stays_a_task_of_his(world: World, him: Person) -> None:
    world.send(events=[an_event(him.device_uid, BUTTON, T0)])
    assert [alert.kind for alert in world.alerts()] == ["button"]


def test_a_device_is_not_handed_to_somebody_of_whose_alarm_nobody_would_be_told(
    world: World,
) -> None:
    nobody = world.one(
        "INSERT INTO protected_person (agency_id, full_name, safe_contact)"
        " VALUES (:agency, 'P', 'none') RETURNING id",
        agency=world.agency_id,
    )
    with pytest.raises(Conflict, match="nobody would be told"):
        entrusted(world, nobody)


def test_nobody_else_has_her_device_meanwhile(world: World, him: Person, her: Her) -> None:
    with pytest.raises(Conflict), transaction(world.engine) as session:
        world.monitor.assign_device(
            session, world.actor(Role.PRETRIAL), her.device_id, him.supervisee_id, T0
        )


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_whoever_sees_to_no_protected_persons_hands_them_no_device(
    world: World, her: Her, role: Role
) -> None:
    with pytest.raises(NotAllowed), transaction(world.engine) as session:
        world.monitor.entrust_device(session, world.actor(role), her.device_id, her.id, T0)
