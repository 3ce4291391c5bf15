"""Two schedulers come back after a standstill in which 20,000 check-ins fell due."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import monotonic
from typing import Any

import pytest
import structlog
from sqlalchemy import text

from supervision.core.db import transaction
from tests.harness import World
from tests.reminding_world import messages
from tests.scenarios.test_missed_checkins import MISSED, planned_for_many

log = structlog.get_logger()

TOLD_WITHIN_S = 30.0


def come_back(monitor: Any) -> int:
    missed: int = monitor.sweep_checkins()
    monitor.send_reminders()
    return missed


@pytest.mark.parametrize("hours", [2, 26])
@pytest.mark.parametrize("people", [200, pytest.param(20_000, marks=pytest.mark.heavy)])
def test_each_miss_of_a_standstill_is_told_once_and_nobody_is_reminded_of_what_is_over(
    world: World, hours: int, people: int
) -> None:
    planned_for_many(world, people)
    world.clock.now = MISSED + timedelta(hours=hours)
    with transaction(world.engine) as session:
        session.execute(
            text(
                "INSERT INTO checkin_reminder (agency_id, checkin_id, kind, due_at)"
                " SELECT agency_id, id, 'open', opens_at FROM checkin"
            )
        )
        session.execute(text("UPDATE supervisee SET email = 'alex@example.org'"))
    due = world.one("SELECT count(*) FROM checkin WHERE missed_at <= :now", now=world.clock.now)
    began_s = monotonic()
    with ThreadPoolExecutor(2) as both:
        found = sum(both.map(come_back, [world.monitor, world.another_worker()]))
    seconds = monotonic() - began_s
    log.info("came_back", hours=hours, missed=due, seconds=round(seconds, 1))
    assert found == due == people + (hours > 24)
    assert world.one("SELECT count(DISTINCT evidence ->> 'checkin_id') FROM alert") == due
    assert world.one("SELECT count(*) FROM alert") == due
    assert world.one("SELECT count(*) FROM alert WHERE NOT is_late OR occurred_at >= found_at") == 0
    assert world.one("SELECT count(*) FROM alert_event WHERE kind = 'suppressed'") == 0
    assert messages(world) == []
    assert seconds < TOLD_WITHIN_S
