"""Promises about a protected person's device: what is kept of her way, and who hands it to her."""

from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from supervision.core.access import Role
from supervision.core.clock import to_us
from supervision.core.db import transaction
from supervision.core.errors import Conflict, NotAllowed
from supervision.core.fixes import EventKind, RejectedPing
from tests.harness import LONG_AGO, T0, Person, World, a_fix, an_event
from tests.her_device import MINUTE, PLACE, Her, entrusted, events_kept, pressed, protected_by


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
    person_id = protected_by(world, him.order_id)
    with transaction(world.engine) as session:
        at = T0 - 60 * MINUTE
        world.monitor.entrust_device(session, world.actor(Role.PRETRIAL), device_id, person_id, at)
    kept = world.rows("SELECT device_uid, payload FROM rejected_message ORDER BY device_uid")
    words = [(one.device_uid, bytes(one.payload)) for one in kept]
    assert words == [(uid, b""), ("stranger", b'{"lat": 41.625}')]


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
