import pytest

from supervision.stack.postgres import DatabaseUrls
from tests.harness import Person, World
from tests.reaching import Office


@pytest.fixture
def world(database: DatabaseUrls) -> World:
    return World(database)


@pytest.fixture
def him(world: World) -> Person:
    return world.person()


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)
