"""`supervision alerts tail` as its users meet it, a database that goes away included."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from queue import Queue
from threading import Thread
from typing import IO

import pytest
from sqlalchemy import Engine

from alerts import service as alerting
from alerts.catalogue import AlertKind
from alerts.rules import Disposition
from supervision.core.access import Actor, Role
from supervision.core.db import make_engine, migrate, transaction
from supervision.register.models import Supervisee
from supervision.stack.installation import Installation
from tests import factories
from tests.integration.cli.conftest import Command

USAGE, DOWN = 2, 3
SOON_S = 30


class Tail:
    """The command under way, its lines read by threads."""

    def __init__(self, installation: Installation, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "supervision", "alerts", "tail", *arguments],
            env=os.environ | installation.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines: Queue[str] = Queue()
        self.notes: Queue[str] = Queue()
        self._readers = [
            Thread(target=_read, args=(self.process.stdout, self.lines)),
            Thread(target=_read, args=(self.process.stderr, self.notes)),
        ]
        for reader in self._readers:
            reader.start()

    def line(self) -> str:
        return self.lines.get(timeout=SOON_S)

    def end(self) -> int:
        """As Ctrl-C would; its exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(SOON_S)

    def leave(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for reader in self._readers:
            reader.join()


def _read(stream: IO[str], lines: Queue[str]) -> None:
    with stream:
        for line in stream:
            lines.put(line.rstrip())


@pytest.fixture(scope="module")
def engine(installation: Installation) -> Iterator[Engine]:
    migrate(installation.settings().owner_database_url.get_secret_value())
    made = make_engine(installation.settings().engine_database_url.get_secret_value())
    yield made
    made.dispose()


@pytest.fixture
def person(engine: Engine) -> Supervisee:
    """Somebody of an agency of his own."""
    with transaction(engine) as session:
        return factories.a_supervisee(
            session, factories.an_officer(session, factories.a_agency(session))
        )


@pytest.fixture
def follow(installation: Installation) -> Iterator[Callable[..., Tail]]:
    begun: list[Tail] = []

    def begin(*arguments: str) -> Tail:
        begun.append(Tail(installation, *arguments))
        return begun[-1]

    yield begin
    for one in begun:
        one.leave()


def an_alert(engine: Engine, person: Supervisee) -> int:
    with transaction(engine) as session:
        return factories.an_alert(session, person, kind=AlertKind.JAMMING).id


def test_a_line_for_each_step_those_before_first_and_ctrl_c_is_no_failure(
    engine: Engine, person: Supervisee, follow: Callable[..., Tail]
) -> None:
    agency = str(person.agency_id)
    before = an_alert(engine, person)
    tail = follow("--agency", agency, "--since", "2026-09-21T14:00Z")
    assert tail.line() == f"2026-09-21 14:13:20Z  high      jamming            {before:<8}  new"
    alert = an_alert(engine, person)
    assert tail.line().split()[2:] == ["high", "jamming", str(alert), "new"]
    actor = Actor(person.supervising_officer_id, person.agency_id, Role.OFFICER, "O")
    with transaction(engine) as session:
        now = factories.NOW + timedelta(hours=1)
        alerting.close(session, actor, alert, Disposition.OTHER, "A note.", now)
    said = tail.line()
    assert said.split()[2:] == ["high", "jamming", str(alert), "closed"]
    assert tail.end() == 0
    assert tail.notes.empty()


def test_programs_get_an_object_a_line_with_ids_and_nobodys_name(
    engine: Engine, person: Supervisee, follow: Callable[..., Tail]
) -> None:
    alert = an_alert(engine, person)
    tail = follow("--agency", str(person.agency_id), "--since", "2026-09-21T14:00Z", "--json")
    assert json.loads(tail.line()) == {
        "agency_id": person.agency_id,
        "seq": 1,
        "at": "2026-09-21T14:13:20+00:00",
        "alert_id": alert,
        "kind": "jamming",
        "severity": "high",
        "change": "raised",
        "handling": "new",
        "is_drill": False,
    }
    assert tail.end() == 0


def test_a_database_that_goes_away_is_waited_for_and_nothing_is_missed_or_said_twice(
    installation: Installation, engine: Engine, person: Supervisee, follow: Callable[..., Tail]
) -> None:
    first = an_alert(engine, person)
    tail = follow("--agency", str(person.agency_id), "--since", "2026-09-21T14:00Z")
    assert str(first) in tail.line().split()
    engine.dispose()
    installation.postgres.stop()
    assert "out of reach" in tail.notes.get(timeout=SOON_S)
    installation.postgres.start()
    alerts = [an_alert(engine, person) for _ in range(3)]
    assert [int(tail.line().split()[4]) for _ in alerts] == alerts
    assert "is back" in tail.notes.get(timeout=SOON_S)
    assert tail.end() == 0
    assert tail.lines.empty()
    assert tail.notes.empty()


def test_an_agency_that_is_not_there_is_one_line_and_exit_code_2(
    engine: Engine, command: Command
) -> None:
    done = command("alerts", "tail", "--agency", "987654")
    assert (done.returncode, done.stdout) == (USAGE, "")
    assert done.stderr == "supervision: There is no agency 987654.\n"
    engine.dispose()
