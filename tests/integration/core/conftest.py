"""The migrated database of one test, and a door past its guards."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from supervision.stack.postgres import DatabaseUrls
from supervision.stack.postgres_config import SUPERUSER
from tests.clean_database import lasting_engine


@pytest.fixture
def engine(database: DatabaseUrls) -> Engine:
    """Under the engine's own role."""
    return lasting_engine(database.engine_url)


@pytest.fixture
def intruder(database: DatabaseUrls) -> Iterator[Session]:
    """A superuser whom no trigger stops; what he does is rolled back."""
    made = create_engine(database.engine_url.replace("supervision_engine@", f"{SUPERUSER}@"))
    with Session(made) as session:
        session.execute(text("SET session_replication_role = replica"))
        yield session
    made.dispose()
