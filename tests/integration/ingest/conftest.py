import pytest

from supervision.core.clock import system_clock
from supervision.stack.postgres import DatabaseUrls
from tests.harness import FakeClock, World


@pytest.fixture
def world(database: DatabaseUrls) -> World:
    """A world at the machine's own time, for messages that come through a broker."""
    return World(database, FakeClock(system_clock()))
