"""Handing people over while alerts are raised about them: nobody waits in a ring, none is lost."""

from datetime import timedelta

from sqlalchemy import text

from supervision.core.access import Role
from supervision.core.db import transaction
from supervision.core.fixes import Decoded, EventKind
from tests.at_once import at_once, deadlocks
from tests.harness import T0, World, an_event

ROUNDS = 15


def test_people_change_hands_while_alerts_are_raised_and_none_is_left_behind(world: World) -> None:
    before = deadlocks(world)
    him, successor = world.person(), world.officer()
    leaver, second = him.officer_id, world.another_worker()
    administrator = world.actor(Role.ADMINISTRATOR, world.officer(Role.ADMINISTRATOR))

    def leave_and_come_back(_: int) -> None:
        desk = world.monitor
        with transaction(world.engine) as session:
            desk.deactivate_officer(session, administrator, leaver, successor)
        with transaction(world.engine) as session:
            session.execute(
                text("UPDATE officer SET is_active = true WHERE id = :id"), {"id": leaver}
            )
        with transaction(world.engine) as session:
            desk.hand_over(session, administrator, him.supervisee_id, leaver)

    def cut(number: int) -> None:
        at = T0 + timedelta(seconds=number)
        world.send(events=[an_event(him.device_uid, EventKind.STRAP_CUT, at)])

    def jam(number: int) -> None:
        at = T0 + timedelta(seconds=number)
        event = an_event(him.device_uid, EventKind.JAMMING, at)
        second.on_messages(Decoded([], [event], [], []))

    assert at_once([leave_and_come_back, cut, jam], ROUNDS) == []
    assert deadlocks(world) == before
    assert {alert.officer_id for alert in world.alerts()} <= {leaver, successor}
    with transaction(world.engine) as session:
        world.monitor.hand_over(session, administrator, him.supervisee_id, successor)
    assert {alert.officer_id for alert in world.alerts()} == {successor}
    assert len(world.alerts()) == 2 * ROUNDS
