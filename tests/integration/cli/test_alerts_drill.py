"""`supervision alerts drill` as its users meet it: the processes run beside it, or do not."""

import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import Engine, text

from alerts.delivery import Delivery
from alerts.rules import Means
from supervision.bootstrap import build_monitor
from supervision.core.clock import system_clock
from supervision.core.db import make_engine, migrate, transaction
from supervision.core.links import CheckinLinks
from supervision.register.models import Officer
from supervision.stack.installation import Installation
from tests import factories
from tests.integration.cli.conftest import Command
from tests.outbox import FakeChannel

USAGE = 2
AT_ONCE = ("alerts", "drill", "--at-once")


@pytest.fixture(scope="module")
def engine(installation: Installation) -> Iterator[Engine]:
    migrate(installation.settings().owner_database_url.get_secret_value())
    made = make_engine(installation.settings().engine_database_url.get_secret_value())
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def officer(engine: Engine) -> Officer:
    """The only agency's only officer who supervises anybody."""
    with transaction(engine) as session:
        made = factories.an_officer(session, factories.a_agency(session))
        factories.a_supervisee(session, made)
        return made


@pytest.fixture
def processes(installation: Installation, engine: Engine) -> Iterator[None]:
    """What scheduler and delivery do, until the test is over."""
    over = Event()
    monitor = build_monitor(installation.settings(), engine, system_clock)
    links = CheckinLinks("https://console.example", "a key for tests")
    delivery = Delivery(engine, {Means.EMAIL: FakeChannel()}, system_clock, links)

    def work() -> None:
        while not over.is_set():
            if not monitor.escalate() + delivery.deliver_due():
                over.wait(0.05)

    with ThreadPoolExecutor(1) as thread:
        worked = thread.submit(work)
        yield
        over.set()
        worked.result()


def lines(answer: "subprocess.CompletedProcess[str]") -> list[str]:
    return [" ".join(line.split()) for line in answer.stdout.splitlines()]


@pytest.mark.usefixtures("processes")
def test_a_drill_says_who_was_reached_and_that_nobody_stands_on_a_rung(
    command: Command, officer: Officer
) -> None:
    answer = command(*AT_ONCE)
    assert answer.returncode == 1, answer.stderr
    first, told, *empty, verdict = lines(answer)
    assert first.endswith(f"zone entry (critical), at once, beginning with {officer.display_name}")
    assert f"Z responsible {officer.display_name} email sent after" in told
    assert [line.split(maxsplit=1)[1] for line in empty] == [
        "backup nobody stands here",
        "supervisors nobody stands here",
    ]
    assert verdict == "NOT everybody was reached, or not by every way"


@pytest.mark.usefixtures("processes")
def test_the_report_is_json_and_whoever_has_a_supervisor_passes(
    command: Command, engine: Engine, officer: Officer
) -> None:
    with transaction(engine) as session:
        agency_id = session.get_one(Officer, officer.id).agency_id
        session.execute(
            text("UPDATE officer SET role = 'supervisor' WHERE id = :id"), {"id": officer.id}
        )
    answer = command(*AT_ONCE, "--json", "--agency", str(agency_id), "--officer", str(officer.id))
    assert answer.returncode == 0, answer.stderr
    said = json.loads(answer.stdout)
    assert (said["officer_id"], said["has_passed"]) == (officer.id, True)
    assert said["ended_at"] is not None


def test_whom_a_drill_does_not_find_is_said_in_one_line(command: Command, officer: Officer) -> None:
    answer = command(*AT_ONCE, "--officer", str(officer.id + 10**9))
    assert (answer.returncode, answer.stdout) == (USAGE, "")
    assert answer.stderr.strip() == "supervision: The agency has no such active officer."
