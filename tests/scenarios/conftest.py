import pytest

from supervision.stack.postgres import DatabaseUrls
from tests.harness import Person, World
from tests.her_device import Her, entrusted, protected_by
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


@pytest.fixture
def her(world: World, him: Person) -> Her:
    """Whom his order protects."""
    return entrusted(world, protected_by(world, him.order_id))
