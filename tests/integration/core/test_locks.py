"""One person is judged by one transaction at a time, and nobody waits in a circle."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from supervision.core.db import transaction
from supervision.core.errors import Unavailable
from supervision.core.locks import lock_people


def hurry(session: Session) -> Session:
    session.execute(text("SET LOCAL lock_timeout = '200ms'"))
    return session


def test_a_person_is_held_until_the_other_transaction_ends(engine: Engine) -> None:
    with transaction(engine) as first:
        lock_people(first, [1, 2])
        with pytest.raises(Unavailable), transaction(engine) as second:
            lock_people(hurry(second), [2, 3])
    with transaction(engine) as second:
        lock_people(hurry(second), [2, 3])


def test_different_people_do_not_wait_for_each_other(engine: Engine) -> None:
    with transaction(engine) as first, transaction(engine) as second:
        lock_people(first, [1, 2])
        lock_people(hurry(second), [3, 4])


def test_nobody_and_somebody_twice_may_be_locked(engine: Engine) -> None:
    with transaction(engine) as session:
        lock_people(session, [])
        lock_people(session, [7, 7])
        lock_people(session, [7])


def test_people_whose_ids_outgrow_32_bits_can_be_locked(engine: Engine) -> None:
    with transaction(engine) as session:
        lock_people(session, [2**31 - 1, 2**31, 2**62])


def test_what_the_other_transaction_wrote_is_seen_afterwards(engine: Engine) -> None:
    with transaction(engine) as session:
        session.execute(text("INSERT INTO process_heartbeat VALUES ('n', now(), '{\"n\": 0}')"))

    def count_up(_: int) -> None:
        for _ in range(10):
            with transaction(engine) as session:
                session.execute(text("SELECT 1"))
                lock_people(session, [1])
                n = session.execute(
                    text("SELECT (detail ->> 'n')::integer FROM process_heartbeat")
                ).scalar_one()
                session.execute(
                    text("UPDATE process_heartbeat SET detail = jsonb_build_object('n', :n)"),
                    {"n": n + 1},
                )

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count_up, range(4)))
    with transaction(engine) as session:
        total = session.execute(text("SELECT detail ->> 'n' FROM process_heartbeat")).scalar_one()
    assert total == "40"


def test_batches_that_name_people_in_any_order_never_wait_in_a_circle(engine: Engine) -> None:
    def work(number: int) -> None:
        for turn in range(25):
            with transaction(engine) as session:
                people = [turn % 7, 7, 3, 11, 5]
                lock_people(session, people if number % 2 else reversed(people))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
