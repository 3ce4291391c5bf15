"""Real servers for the tests: a PostGIS and a broker of this run alone, gone afterwards."""

import gc
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg2
import pytest
from hypothesis import settings
from psycopg2 import extensions

from supervision.core.db import migrate
from supervision.stack.mosquitto import PrivateMosquitto
from supervision.stack.postgres import DatabaseUrls, PrivatePostgres
from tests.clean_database import CleanDatabase

# The same examples in every run, so that what passed once passes again; others are looked for with
# --hypothesis-profile=exploring.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("exploring", print_blob=True, deadline=None)
settings.load_profile("repeatable")

_numbers = count(1)


def pytest_collection_finish() -> None:
    """Thousands of collected tests stay to the end: no collection of garbage need look at them."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def stack_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="supervision-test-", dir="/tmp"))
    folder.chmod(0o755)  # the servers' own accounts must get in
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres(stack_folder: Path) -> Iterator[PrivatePostgres]:
    with PrivatePostgres(stack_folder / "postgres", is_throwaway=True) as server:
        yield server


@pytest.fixture(scope="session")
def blank_database(postgres: PrivatePostgres) -> str:
    postgres.create_database("blank")
    return "blank"


@pytest.fixture(scope="session")
def template_database(postgres: PrivatePostgres, blank_database: str) -> str:
    postgres.create_database("migrated", template=blank_database)
    migrate(postgres.urls("migrated").owner_url)
    return "migrated"


@pytest.fixture(scope="module")
def postgis(postgres: PrivatePostgres, blank_database: str) -> Iterator[extensions.connection]:
    """An empty PostGIS database for the tests of one module, which share what they leave."""
    with _clone(postgres, blank_database) as urls:
        connection = psycopg2.connect(urls.owner_url.replace("+psycopg2", ""))
        yield connection
        connection.close()


@pytest.fixture(scope="session")
def clean_database(postgres: PrivatePostgres, template_database: str) -> Iterator[CleanDatabase]:
    with _clone(postgres, template_database) as urls:
        yield CleanDatabase(urls)


@pytest.fixture
def database(clean_database: CleanDatabase) -> Iterator[DatabaseUrls]:
    """A migrated database without rows, for one test at a time: leave its schema as it is."""
    with clean_database.lent() as urls:
        yield urls


@pytest.fixture
def database_of_its_own(
    postgres: PrivatePostgres, template_database: str
) -> Iterator[DatabaseUrls]:
    """The same for a test that changes the schema."""
    with _clone(postgres, template_database) as urls:
        yield urls


@pytest.fixture(scope="session")
def broker(stack_folder: Path) -> Iterator[PrivateMosquitto]:
    """The broker that all tests share: use device ids of your own, and do not stop it."""
    with PrivateMosquitto(stack_folder / "broker", is_demonstration=True) as server:
        yield server


@pytest.fixture
def broker_of_its_own(stack_folder: Path) -> Iterator[PrivateMosquitto]:
    """A broker for one test alone, which may stop or kill it."""
    folder = stack_folder / f"broker-{next(_numbers)}"
    with PrivateMosquitto(folder, is_demonstration=True) as server:
        yield server


@contextmanager
def _clone(postgres: PrivatePostgres, template: str) -> Iterator[DatabaseUrls]:
    name = f"test_{next(_numbers)}"
    postgres.create_database(name, template=template)
    yield postgres.urls(name)
    postgres.drop_database(name)
