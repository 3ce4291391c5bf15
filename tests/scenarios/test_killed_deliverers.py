"""Messages that wait while their sender is killed again and again: each goes out, under one key."""

import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from sqlalchemy import text

from alerts.rules import Means
from supervision.core.clock import system_clock
from supervision.core.db import transaction
from supervision.stack.postgres import DatabaseUrls
from tests.harness import FakeClock, World
from tests.ingest_rig import until
from tests.reaching import Office
from tests.receivers import Gateway, sms_gateway
from tests.service_process import ServiceProcess

log = structlog.get_logger()

# As if the time in which a claim lasts had passed: its process is dead.
_LAPSE = (
    "UPDATE notification SET claimed_at = claimed_at - interval '1 day' WHERE state = 'sending'"
)


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with sms_gateway() as server:
        yield server


@pytest.fixture
def deliverer(database: DatabaseUrls, gateway: Gateway, tmp_path: Path) -> Iterator[ServiceProcess]:
    account = {"gateway_account": "county", "gateway_secret": "s", "gateway_sender": "+13035550100"}
    log_file = tmp_path / "deliverer.log"
    process = ServiceProcess("deliver", database, log_file, sms_gateway_url=gateway.url, **account)
    yield process
    process.end()


@pytest.mark.parametrize(
    ("kills", "messages"), [(3, 60), pytest.param(100, 1_000, marks=pytest.mark.heavy)]
)
def test_a_delivery_process_killed_at_any_moment_loses_no_message_and_doubles_none(
    database: DatabaseUrls, gateway: Gateway, deliverer: ServiceProcess, kills: int, messages: int
) -> None:
    world = World(database, FakeClock(system_clock()))
    office = Office(world)
    office.reach_by(Means.SMS)
    office.find(["confirmed"] * messages)
    amid = 0
    for kill in range(kills):
        deliverer.start()
        wanted = messages * (kill + 1) // (kills + 1)
        until(lambda wanted=wanted: len(gateway.posts) >= wanted)  # type: ignore[misc]
        assert deliverer.end() == -signal.SIGKILL, "it had died by itself"
        with transaction(world.engine) as session:
            amid += session.execute(text(_LAPSE)).rowcount  # type: ignore[attr-defined]
    deliverer.start()
    left = "SELECT count(*) FROM notification WHERE state <> 'sent'"
    until(lambda: world.one(left) == 0)
    posted = Counter(post.headers["Idempotency-Key"] for post in gateway.posts)
    log.info("killed", kills=kills, amid_sending=amid, posts=posted.total(), messages=len(posted))
    assert len(posted) == messages
    assert posted.total() <= messages + amid
