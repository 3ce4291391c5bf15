"""Promises about the response: what was done stays written, by whom and when."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from alerts.catalogue import AlertKind
from alerts.protocols import Medium, Outcome, Step, Whom, catalogued
from alerts.rules import Disposition
from alerts.service import (
    Contact,
    Tick,
    acknowledge,
    clear,
    close,
    close_many,
    log_contact,
    read_protocol,
    take_in_hand,
    tick,
    write_protocol,
)
from supervision.core.access import Role
from supervision.core.db import transaction
from supervision.core.errors import Conflict, Invalid, NotAllowed
from tests.harness import T0, World

LATER = T0 + timedelta(minutes=5)
Raise = Callable[..., int]
CALLED = Tick("call_participant", Outcome.DONE)
SPOKEN = Contact(Whom.POLICE, Medium.PHONE, was_reached=True, at=T0)


def do(world: World, act: Callable[..., Any], *arguments: Any, role: Role = Role.OFFICER) -> Any:
    with transaction(world.engine) as session:
        return act(session, world.actor(role), *arguments, LATER)


def test_whoever_ticks_a_step_has_the_alert_in_hand_from_then_on(
    world: World, raise_one: Raise
) -> None:
    alert_id = raise_one()
    do(world, tick, alert_id, CALLED)
    (alert,) = world.alerts()
    assert (alert.handling, alert.in_hand_by_id, alert.in_hand_at) == (
        "in_hand",
        world.officer_id,
        LATER,
    )
    do(world, tick, alert_id, replace(CALLED, outcome=Outcome.IN_VAIN))
    assert world.history(alert_id) == ["raised", "taken_in_hand", "step_ticked", "step_ticked"]
    rows = world.rows("SELECT step, wording, outcome, at, officer_id FROM alert_step ORDER BY id")
    assert [tuple(row) for row in rows] == [
        ("call_participant", "Call the supervised person", outcome, LATER, world.officer_id)
        for outcome in ("done", "in_vain")
    ]


def test_what_was_not_needed_says_why(world: World, raise_one: Raise) -> None:
    alert_id = raise_one()
    unneeded = Tick("call_participant", Outcome.NOT_NEEDED, "  ")
    with pytest.raises(Invalid, match="why"):
        do(world, tick, alert_id, unneeded)
    assert world.history(alert_id) == ["raised"]
    do(world, tick, alert_id, replace(unneeded, note="He was with the officer."))


def test_whom_somebody_spoke_to_is_on_the_alert_and_the_trail(
    world: World, raise_one: Raise
) -> None:
    alert_id = raise_one()
    do(world, log_contact, alert_id, replace(SPOKEN, note=" Unit 4 is on its way. "))
    (row,) = world.rows("SELECT whom, means, was_reached, note, at, told_at FROM alert_contact")
    assert tuple(row) == ("police", "phone", True, "Unit 4 is on its way.", T0, LATER)
    tags = [row.tag for row in world.rows("SELECT tag FROM audit_entry ORDER BY seq OFFSET 1")]
    assert tags == ["alert:taken_in_hand", "alert:contact_logged"]
    with pytest.raises(Invalid, match="future"):
        do(world, log_contact, alert_id, replace(SPOKEN, at=LATER + timedelta(seconds=1)))


def test_a_closed_alert_takes_no_more_steps(world: World, raise_one: Raise) -> None:
    alert_id = raise_one()
    do(world, close, alert_id, Disposition.GPS_DRIFT, "")
    for act, what in ((tick, CALLED), (log_contact, SPOKEN)):
        with pytest.raises(Conflict, match="closed"):
            do(world, act, alert_id, what)


def test_another_officer_may_take_it_over_and_both_stay_in_its_history(
    world: World, raise_one: Raise
) -> None:
    alert_id = raise_one()
    do(world, acknowledge, alert_id)
    do(world, take_in_hand, alert_id)
    other = world.actor(Role.SUPERVISOR, world.officer(Role.SUPERVISOR))
    with transaction(world.engine) as session:
        take_in_hand(session, other, alert_id, LATER)
    (alert,) = world.alerts()
    assert (alert.handling, alert.in_hand_by_id) == ("in_hand", other.officer_id)
    assert world.history(alert_id) == ["raised", "acknowledged", "taken_in_hand", "taken_in_hand"]


def test_a_condition_that_ends_leaves_the_handling_where_it_is(
    world: World, raise_one: Raise
) -> None:
    alert_id = raise_one()
    do(world, take_in_hand, alert_id)
    with transaction(world.engine) as session:
        clear(session, world.agency_id, "zone_entry:1:stay:1", LATER, LATER)
    (alert,) = world.alerts()
    assert (alert.handling, alert.cleared_at) == ("in_hand", LATER)


def test_several_are_closed_together_but_never_a_critical_one(
    world: World, raise_one: Raise
) -> None:
    some = [raise_one(dedup_key=f"zone_entry:1:stay:{number}") for number in (1, 2)]
    worst = raise_one(dedup_key="zone_entry:1:stay:3", grade="confirmed")
    with pytest.raises(Conflict, match=f"by itself: {worst}"):
        do(world, close_many, [*some, worst], Disposition.GPS_DRIFT, "A reflected signal.")
    assert {alert.handling for alert in world.alerts()} == {"new"}
    do(world, close_many, some, Disposition.GPS_DRIFT, "A reflected signal.")
    assert [alert.handling for alert in world.alerts()] == ["closed", "closed", "new"]


def test_an_agency_sets_its_own_response_and_every_version_is_kept(
    world: World, raise_one: Raise
) -> None:
    kind = AlertKind.ZONE_ENTRY
    own = [*catalogued(kind)[:2], Step("call_shelter", "Call the shelter")]
    do(world, write_protocol, kind, own[:2], role=Role.SUPERVISOR)
    do(world, write_protocol, kind, own, role=Role.SUPERVISOR)
    with transaction(world.engine) as session:
        assert read_protocol(session, world.agency_id, kind) == tuple(own)
        assert read_protocol(session, world.agency_id + 1, kind) == catalogued(kind)
    do(world, tick, raise_one(), Tick("call_shelter", Outcome.DONE))
    assert world.one("SELECT wording FROM alert_step") == "Call the shelter"
    assert world.one("SELECT count(*) FROM response_protocol") == 2


def test_only_a_supervisor_sets_the_response_and_not_below_the_floor(world: World) -> None:
    kind = AlertKind.STRAP_TAMPER
    with pytest.raises(NotAllowed):
        do(world, write_protocol, kind, catalogued(kind))
    with pytest.raises(Invalid, match="Warn the protected person"):
        do(world, write_protocol, kind, catalogued(kind)[:1], role=Role.SUPERVISOR)
    assert world.one("SELECT count(*) FROM response_protocol") == 0
