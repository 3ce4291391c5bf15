"""One agency at the time of the scenarios, for every room's tests."""

import pytest

from supervision.stack.postgres import DatabaseUrls
from tests.harness import World


@pytest.fixture
def world(database: DatabaseUrls) -> World:
    return World(database)
