"""The door to PostgreSQL: engines, the table base, and the only place that commits."""

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import psycopg2
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, MetaData, create_engine, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import DeclarativeBase, Session

from supervision.core.errors import Unavailable

T = TypeVar("T")

# Serialisation failure and deadlock: PostgreSQL asks for the whole transaction again.
_RETRY_STATES = {"40001", "40P01"}
# A lost session shows in many ways; psycopg2's own come from cursors used without SQLAlchemy.
_UNREACHABLE = (
    OperationalError,
    InterfaceError,
    PoolTimeoutError,
    psycopg2.OperationalError,
    psycopg2.InterfaceError,
)


class Base(DeclarativeBase):
    """Every table's base; constraint names follow one convention, so migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def make_engine(url: str, pool_size: int = 5) -> Engine:
    """An engine whose half-open connections end in seconds rather than hang a worker.

    Args:
        url: `postgresql+psycopg2://...`; the scheme `postgresql://` would mean another driver.
        pool_size: Connections at most; none beyond it are opened.
    """
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_pre_ping=True,
        # An error's text goes to logs; the values of its statement may be names and places.
        hide_parameters=True,
        connect_args={
            "connect_timeout": 5,
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 3,
            "options": "-c timezone=UTC -c statement_timeout=60000"
            " -c idle_in_transaction_session_timeout=60000",
        },
    )


@contextmanager
def transaction(engine: Engine, agency_id: int | None = None) -> Generator[Session]:
    """One transaction: commits when the block ends well, rolls back when it raises.

    Args:
        engine: Whose role decides what row-level security lets through.
        agency_id: The tenant the web role acts for; without it that role sees no row at all.

    Raises:
        Unavailable: The database cannot be reached. Nothing was written.
    """
    try:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            if agency_id is not None:
                act_for(session, agency_id)
            yield session
    except _UNREACHABLE as error:
        raise Unavailable("The database cannot be reached.") from error


def act_for(session: Session, agency_id: int) -> None:
    """Bind the open transaction, and only it, to one agency's rows."""
    session.execute(
        text("SELECT set_config('app.agency', :agency, true)"), {"agency": str(agency_id)}
    )


def run_transaction(engine: Engine, work: Callable[[Session], T], attempts: int = 5) -> T:
    """Run `work` in a transaction, again from the start when PostgreSQL asks for it.

    Args:
        engine: Where.
        work: Idempotent until commit; called once per attempt with a fresh session.
        attempts: Tries at most, for deadlocks and serialisation failures only.

    Raises:
        Unavailable: The database cannot be reached. Nothing was written.
    """
    for attempt in range(1, attempts + 1):
        try:
            with transaction(engine) as session:
                return work(session)
        except DBAPIError as error:
            if getattr(error.orig, "pgcode", None) not in _RETRY_STATES or attempt == attempts:
                raise
        except Unavailable as error:
            cause = getattr(error.__cause__, "orig", error.__cause__)
            if getattr(cause, "pgcode", None) not in _RETRY_STATES or attempt == attempts:
                raise
    raise AssertionError("unreachable: the last attempt returns or raises")


def bigints(numbers: Iterable[int]) -> str:
    """Whole numbers as PostgreSQL writes an array; the statement must cast it to bigint[].

    It is read as one word. A list would become an expression of its own for each number, which
    for five hundred people costs more than looking them up.
    """
    return "{" + ",".join(map(str, numbers)) + "}"


def migrate(owner_url: str) -> None:
    """Bring the schema up to date.

    Args:
        owner_url: The schema's owner. Each migration commits by itself.
    """
    config = Config()
    config.set_main_option(
        "script_location", str(Path(__file__).resolve().parents[1] / "migrations")
    )
    config.attributes["url"] = owner_url
    command.upgrade(config, "head")
