"""A world in which people are reminded of their check-ins."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select, text

from alerts.delivery import Delivery
from supervision.bootstrap import build_channels
from supervision.checkins.models import CheckinPlanVersion
from supervision.checkins.service.made import Made
from supervision.checkins.service.reminders import plan_reminders
from supervision.core.db import transaction
from tests.checkin_world import checkins, plan_for
from tests.harness import Person, World, settings_for
from tests.outbox import LINKS
from tests.receivers import Gateway


def reach(world: World, him: Person, **contact: str) -> None:
    """Say how he is reached."""
    values = {"phone": None, "email": None, "language": "en"} | contact
    with transaction(world.engine) as session:
        session.execute(
            text(
                "UPDATE supervisee SET phone = :phone, email = :email, language = :language"
                " WHERE id = :id"
            ),
            values | {"id": him.supervisee_id},
        )


def reminded(world: World, him: Person, *ahead_s: int) -> None:
    """Ask daily check-ins of him, with reminders so many seconds ahead."""
    plan_for(world, him)
    with transaction(world.engine) as session:
        version = session.scalars(
            select(CheckinPlanVersion).order_by(CheckinPlanVersion.id.desc())
        ).first()
        assert version
        session.expunge(version)
        version.reminders_s = list(ahead_s)
        made = [Made(one.id, one.opens_at, one.closes_at) for one in checkins(world, him)]
        plan_reminders(session, version, made)


def reminders(world: World) -> Sequence[Row[Any]]:
    """Those that are settled."""
    return world.rows(
        "SELECT * FROM checkin_reminder WHERE outcome IS NOT NULL ORDER BY due_at, id"
    )


def messages(world: World) -> Sequence[Row[Any]]:
    return world.rows("SELECT * FROM notification WHERE kind <> 'alert' ORDER BY id")


def installed(world: World, smtp_port: int | None, gateway: Gateway | None) -> Delivery:
    """Let the system have a mail server and a gateway; returns what sends by them."""
    knobs: dict[str, Any] = {}
    if smtp_port:
        knobs |= {"smtp_host": "127.0.0.1", "smtp_port": smtp_port}
    if gateway:
        knobs |= {
            "sms_gateway_url": gateway.url,
            "gateway_account": "county",
            "gateway_secret": "sesame",
            "gateway_sender": "+13035550100",
        }
    world.settings = settings_for(world.database, **knobs)
    world.monitor = world.another_worker()
    channels = build_channels(world.settings, world.clock)
    return Delivery(world.engine, channels, world.clock, LINKS, chance=lambda: 0.5)
