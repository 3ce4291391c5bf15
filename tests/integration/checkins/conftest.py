from collections.abc import Iterator

import pytest

from supervision.stack.postgres import DatabaseUrls
from tests.harness import World


@pytest.fixture
def world(database: DatabaseUrls) -> Iterator[World]:
    made = World(database)
    yield made
    made.close()
