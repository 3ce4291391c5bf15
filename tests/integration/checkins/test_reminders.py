"""Reminders are rows that are made with their check-ins, by what the plan says."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from supervision.core.db import transaction
from tests.checkin_world import checkins
from tests.harness import T0, World
from tests.reminding_world import reach

# In force since yesterday, and not one of its check-ins written down yet.
_PLAN = text(
    "WITH plan AS (INSERT INTO checkin_plan (agency_id, supervisee_id, made_by_id, made_at)"
    " VALUES (:agency, :person, :officer, :now) RETURNING id)"
    " INSERT INTO checkin_plan_version (agency_id, checkin_plan_id, version, is_current, method,"
    " rrule, starts_on, at_local, quiet_from, quiet_until, reminders_s, time_zone, window_s,"
    " grace_s, written_by_id, written_at) SELECT :agency, id, 1, true, 'phone', 'FREQ=DAILY',"
    " '2026-09-20', '06:30', '22:00', '07:00', '{0,1800,86400}', 'America/Denver', 3600, 0,"
    " :officer, :now FROM plan"
)


def test_a_check_in_is_made_with_its_reminders_and_again_with_none(world: World) -> None:
    him = world.person()
    values = {"agency": world.agency_id, "person": him.supervisee_id, "officer": him.officer_id}
    with transaction(world.engine) as session:
        session.execute(_PLAN, values | {"now": T0})
    for _ in range(2):
        world.monitor.make_checkins()
    made = checkins(world)
    found = world.rows("SELECT * FROM checkin_reminder ORDER BY checkin_id, due_at")
    assert len(found) == 3 * len(made) > 0
    opens_at = datetime(2026, 9, 22, 12, 30, tzinfo=UTC)
    evening = datetime(2026, 9, 22, 3, 59, tzinfo=UTC)  # 21:59 in Denver
    assert [(one.kind, one.due_at) for one in found[:3]] == [
        ("ahead", evening - timedelta(days=1)),
        ("ahead", evening),
        ("open", opens_at),
    ]


def test_one_that_should_have_come_before_the_night_wakes_nobody(world: World) -> None:
    him = world.person()
    reach(world, him, email="alex@example.org")
    values = {"agency": world.agency_id, "person": him.supervisee_id, "officer": him.officer_id}
    with transaction(world.engine) as session:
        session.execute(_PLAN, values | {"now": T0})
    world.monitor.make_checkins()
    world.clock.now = datetime(2026, 9, 22, 8, 0, tzinfo=UTC)  # two in the morning in Denver
    world.monitor.send_reminders()
    assert world.rows("SELECT FROM notification") == []
    world.clock.now = datetime(2026, 9, 22, 12, 30, tzinfo=UTC)
    world.monitor.send_reminders()
    (message,) = world.rows("SELECT * FROM notification")
    assert message.kind == "checkin_open"
