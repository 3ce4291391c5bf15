"""Every stretch of time is swept once, whoever is at it, and none is left out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from supervision.core.clock import EPOCH
from supervision.core.db import transaction
from supervision.core.sweeps import claim_sweep

T0 = datetime(2026, 9, 21, 12, tzinfo=UTC)


def sweep(engine: Engine, until: datetime, name: str = "s") -> datetime | None:
    with transaction(engine) as session:
        return claim_sweep(session, name, until)


def minute(number: int) -> datetime:
    return T0 + timedelta(minutes=number)


def test_the_first_sweep_goes_back_to_the_beginning(engine: Engine) -> None:
    assert sweep(engine, T0) == EPOCH


def test_each_sweep_begins_where_the_last_ended_however_long_ago(engine: Engine) -> None:
    sweep(engine, T0)
    assert sweep(engine, minute(1)) == T0
    assert sweep(engine, minute(300)) == minute(1)


def test_sweeps_of_different_names_do_not_disturb_each_other(engine: Engine) -> None:
    sweep(engine, T0, "one")
    assert sweep(engine, minute(1), "other") == EPOCH


def test_a_sweep_that_fails_leaves_its_stretch_to_the_next(engine: Engine) -> None:
    sweep(engine, T0)
    with Session(engine) as session:
        assert claim_sweep(session, "s", minute(1)) == T0
        session.rollback()
    assert sweep(engine, minute(2)) == T0


def test_a_clock_that_goes_back_moves_no_mark_back(engine: Engine) -> None:
    sweep(engine, minute(5))
    sweep(engine, T0)
    assert sweep(engine, minute(6)) == minute(5)


def test_a_second_process_does_not_wait_for_the_first(engine: Engine) -> None:
    sweep(engine, T0)
    with transaction(engine) as first:
        assert claim_sweep(first, "s", minute(1)) == T0
        with transaction(engine) as second:
            second.execute(text("SET LOCAL lock_timeout = '500ms'"))
            assert claim_sweep(second, "s", minute(2)) is None
    assert sweep(engine, minute(3)) == minute(1)


def test_processes_side_by_side_sweep_every_stretch_once(engine: Engine) -> None:
    swept: list[tuple[datetime, datetime]] = []

    def work(first: int) -> None:
        for number in range(first, 60, 4):
            with transaction(engine) as session:
                since = claim_sweep(session, "s", minute(number))
                if since is not None and since < minute(number):
                    swept.append((since, minute(number)))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    stretches = sorted(swept)
    assert stretches[0][0] == EPOCH
    assert all(one[1] == following[0] for one, following in pairwise(stretches))
