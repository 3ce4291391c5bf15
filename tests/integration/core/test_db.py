"""A transaction is whole or not at all, and is done again when PostgreSQL asks for it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from supervision.core.db import act_for, make_engine, run_transaction, transaction
from supervision.core.errors import Conflict, Unavailable
from supervision.stack.postgres import DatabaseUrls


@pytest.fixture
def serializable(database: DatabaseUrls) -> Iterator[Engine]:
    made = create_engine(database.engine_url, isolation_level="SERIALIZABLE")
    yield made
    made.dispose()


def put(session: Session, name: str) -> None:
    session.execute(
        text("INSERT INTO process_heartbeat VALUES (:name, now(), '{}')"), {"name": name}
    )


def touch(session: Session, name: str) -> None:
    session.execute(
        text("UPDATE process_heartbeat SET beat_at = now() WHERE name = :name"), {"name": name}
    )


def names(engine: Engine) -> list[str]:
    with transaction(engine) as session:
        return list(session.scalars(text("SELECT name FROM process_heartbeat ORDER BY name")))


def test_an_error_in_the_block_undoes_everything(engine: Engine) -> None:
    def work() -> None:
        with transaction(engine) as session:
            put(session, "a")
            raise Conflict

    with pytest.raises(Conflict):
        work()
    assert names(engine) == []


def test_a_deadlock_ends_with_both_pieces_of_work_done(engine: Engine) -> None:
    with transaction(engine) as session:
        put(session, "a")
        put(session, "b")
    both_hold_one = Barrier(2)
    tries: list[str] = []

    def work(first: str, second: str) -> None:
        is_first_try = True

        def cross(session: Session) -> None:
            nonlocal is_first_try
            tries.append(first)
            touch(session, first)
            if is_first_try:
                is_first_try = False
                both_hold_one.wait(10)
            touch(session, second)
            put(session, f"done {first}")

        run_transaction(engine, cross)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, "ab", "ba"))
    assert names(engine) == ["a", "b", "done a", "done b"]
    assert len(tries) == 3


def test_a_serialisation_failure_is_tried_again(serializable: Engine) -> None:
    with transaction(serializable) as session:
        put(session, "a")
    tries = []

    def work(session: Session) -> None:
        tries.append(1)
        session.execute(text("SELECT * FROM process_heartbeat")).all()
        if len(tries) == 1:
            with transaction(serializable) as other:
                touch(other, "a")
        touch(session, "a")

    run_transaction(serializable, work)
    assert len(tries) == 2


def test_a_circle_that_never_ends_is_given_up(serializable: Engine) -> None:
    with transaction(serializable) as session:
        put(session, "a")
    tries = []

    def work(session: Session) -> None:
        tries.append(1)
        session.execute(text("SELECT * FROM process_heartbeat")).all()
        with transaction(serializable) as other:
            touch(other, "a")
        touch(session, "a")

    with pytest.raises((DBAPIError, Unavailable)):
        run_transaction(serializable, work, attempts=3)
    assert len(tries) == 3


def test_what_fails_for_good_is_tried_once(engine: Engine) -> None:
    tries = []

    def work(session: Session) -> None:
        tries.append(1)
        put(session, "a")
        put(session, "a")

    with pytest.raises(IntegrityError):
        run_transaction(engine, work)
    assert len(tries) == 1
    assert names(engine) == []


def test_a_database_that_is_away_is_unavailable_and_the_next_call_finds_it_again(
    engine: Engine,
) -> None:
    def work() -> None:
        with transaction(engine) as session:
            put(session, "a")
            session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(Unavailable):
        work()
    assert names(engine) == []


def test_a_database_that_does_not_exist_is_unavailable(database: DatabaseUrls) -> None:
    nowhere = make_engine(database.engine_url.replace("/test_", "/nowhere_"))
    with pytest.raises(Unavailable), transaction(nowhere) as session:
        session.execute(text("SELECT 1"))
    nowhere.dispose()


def test_a_transaction_acts_for_its_agency_and_the_next_one_for_none(
    database: DatabaseUrls,
) -> None:
    web = make_engine(database.web_url, pool_size=1)
    query = text("SELECT nullif(current_setting('app.agency', true), '')")
    with transaction(web, agency_id=7) as session:
        assert session.execute(query).scalar_one() == "7"
        act_for(session, 8)
        assert session.execute(query).scalar_one() == "8"
    with transaction(web) as session:
        assert session.execute(query).scalar_one() is None
    web.dispose()


def test_no_statement_runs_for_ever_and_instants_come_in_utc(engine: Engine) -> None:
    with transaction(engine) as session:
        settings = {
            name: session.execute(text(f"SHOW {name}")).scalar_one()
            for name in ("statement_timeout", "idle_in_transaction_session_timeout", "timezone")
        }
    assert settings == {
        "statement_timeout": "1min",
        "idle_in_transaction_session_timeout": "1min",
        "timezone": "UTC",
    }
