"""One agency at the time of the scenarios, for every room's tests."""

import pytest

from supervision.stack.postgres import DatabaseUrls
from tests.harness import Person, World


@pytest.fixture
def world(database: DatabaseUrls) -> World:
    return World(database)


@pytest.fixture
def him(world: World) -> Person:
    return world.person()
