"""What the database itself refuses of rotas, whoever asks: rewriting who was on call."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from alerts.service import NewOverride, NewTurns, add_rota, end_override, end_rota, override_rota
from supervision.core.access import Role
from supervision.core.db import transaction
from tests.harness import T0, World
from tests.integration.alerts.test_guards import attempt

TURNS = (date(2026, 9, 21), time(8), 7)


@pytest.fixture
def ended(world: World) -> None:
    """A rota and an override, both ended."""
    officer_id, actor = world.officer(), world.actor(Role.SUPERVISOR)
    with transaction(world.engine) as session:
        rota = add_rota(session, actor, "Nights", NewTurns((officer_id,), *TURNS), T0)
        new = NewOverride(officer_id, T0, T0 + timedelta(hours=2))
        override_id = override_rota(session, actor, rota.id, new, T0)
        end_override(session, actor, override_id, T0 + timedelta(hours=1))
        end_rota(session, actor, rota.id, T0 + timedelta(hours=1))


@pytest.mark.usefixtures("ended")
@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE rota_version SET officer_ids = '{1}'", "append-only"),
        ("DELETE FROM rota_version", "append-only"),
        ("UPDATE rota SET ended_at = NULL, ended_by_id = NULL", "rota is only ended"),
        ("UPDATE rota SET name = 'Days'", "rota is only ended"),
        ("UPDATE rota_override SET ended_at = ended_at + interval '1 s'", "is only ended"),
        ("UPDATE rota_override SET officer_id = made_by_id", "rota_override is only ended"),
        ("DELETE FROM rota_override", "rota_override is only ended"),
    ],
)
def test_who_was_on_call_is_never_rewritten(world: World, statement: str, said: str) -> None:
    with pytest.raises(DBAPIError, match=said):
        attempt(world, statement)
