from collections.abc import Iterator

import pytest

from supervision.stack.postgres import DatabaseUrls
from tests.harness import World
from tests.reaching import Office


@pytest.fixture
def world(database: DatabaseUrls) -> Iterator[World]:
    made = World(database)
    yield made
    made.close()


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)
