"""A way to raise alerts without a ping."""

from collections.abc import Callable
from typing import Any

import pytest

from alerts.catalogue import AlertKind
from alerts.service import NewAlert, raise_alert
from supervision.core.db import transaction
from tests.harness import Person, World

RaiseOne = Callable[..., int]


@pytest.fixture
def raise_one(world: World, him: Person) -> RaiseOne:
    """Raise an alert about him; say what is to be different from a possible zone entry."""

    def work(**other: object) -> int:
        values: dict[str, Any] = {
            "agency_id": world.agency_id,
            "supervisee_id": him.supervisee_id,
            "officer_id": him.officer_id,
            "kind": AlertKind.ZONE_ENTRY,
            "grade": "possible",
            "dedup_key": "zone_entry:1:stay:1",
            "zone_id": None,
            "zone_version_id": None,
            "occurred_at": world.clock.now,
            "is_late": False,
            "evidence": {"deepest_m": 3.0},
        }
        with transaction(world.engine) as session:
            alert_id, _ = raise_alert(session, NewAlert(**(values | other)), world.clock.now)
        return alert_id

    return work
