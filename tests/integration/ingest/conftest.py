import pytest

from ingest import delivery
from supervision.core.clock import system_clock
from supervision.stack.postgres import DatabaseUrls
from tests.harness import FakeClock, World


@pytest.fixture
def world(database: DatabaseUrls) -> World:
    """A world at the machine's own time, for messages that come through a broker."""
    return World(database, FakeClock(system_clock()))


@pytest.fixture
def looked_for_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each round of a worker look for commands, not only one in a while."""
    monkeypatch.setattr(delivery, "EVERY_S", 0.0)
