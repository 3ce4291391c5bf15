"""Fixes are kept once whatever is sent again, by whomever, and exactly as they were said."""

import threading
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from ingest.store import FixStore, OwnedFix
from supervision.core.clock import from_us
from supervision.core.db import transaction
from supervision.core.fixes import Fix, Source
from tests.harness import T0, Person, World, a_fix

WORDS = [
    "plain",
    "tab\there",
    "new\nline",
    "\r",
    "\\",
    r"\N",
    r"\.",
    r"\t",
    '"',
    "'",
    "ü \U0001f6b6",
]

fixes_said = st.lists(
    st.tuples(
        st.integers(0, 3 * 86_400),
        st.sampled_from([-180.0, -0.0, 0.1, 0.1 + 1e-16, 0.30000000000000004, 180.0]),
        st.sampled_from([-90.0, 1e-300, 1.0, 90.0]),
        st.sampled_from([None, 3.0, 3.0000000000000004, 100_000.0]),
        st.sampled_from(Source),
    ),
    min_size=1,
    max_size=25,
    unique=True,
)


def owned(world: World, him: Person, fix: Fix) -> OwnedFix:
    return OwnedFix(fix, him.device_id, world.agency_id, him.supervisee_id)


def store(world: World, keeper: FixStore, fixes: Sequence[OwnedFix]) -> list[int]:
    with transaction(world.engine) as session:
        new: list[int] = keeper.store(session, fixes).position_id.tolist()
    return new


def content(world: World, him: Person) -> list[tuple[object, ...]]:
    rows = world.rows(
        "SELECT fixed_at, lon, lat, accuracy_m, source FROM position WHERE device_id = :id",
        id=him.device_id,
    )
    return [tuple(row) for row in rows]


def words_of(fix: Fix) -> tuple[object, ...]:
    return (from_us(fix.fixed_at_us), fix.lon, fix.lat, fix.accuracy_m, int(fix.source))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(said=fixes_said, data=st.data())
def test_any_duplication_and_interleaving_over_two_workers_keeps_each_fix_once(
    world: World, said: list[tuple[int, float, float, float | None, Source]], data: st.DataObject
) -> None:
    him = world.person()
    fixes = [
        owned(world, him, a_fix(him.device_uid, T0 + timedelta(seconds=s), lon, lat, acc, source))
        for s, lon, lat, acc, source in said
    ]
    pick = st.lists(st.lists(st.sampled_from(fixes), max_size=12), max_size=4)
    plans = [data.draw(pick), [*data.draw(pick), data.draw(st.permutations(fixes))]]
    new: list[list[int]] = [[], []]

    def work(number: int) -> None:
        keeper = FixStore()
        for batch in plans[number]:
            new[number] += store(world, keeper, batch)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = {words_of(one.fix) for one in fixes}
    kept = content(world, him)
    assert len(kept) == len(expected)
    assert set(kept) == expected
    assert len(new[0]) + len(new[1]) == len(kept), "each was new to exactly one of them"


def test_what_is_new_is_told_in_the_order_given_with_its_own_row(world: World) -> None:
    him = world.person()
    fixes = [owned(world, him, a_fix(him.device_uid, T0, lon, 1.0)) for lon in (3.0, 1.0, 2.0)]
    store(world, FixStore(), fixes[1:2])
    with transaction(world.engine) as session:
        new = FixStore().store(session, [*fixes, *fixes])
    assert new.lon.tolist() == [3.0, 2.0]
    for row_id, lon in zip(new.position_id.tolist(), new.lon.tolist(), strict=True):
        assert world.one("SELECT lon FROM position WHERE id = :id", id=row_id) == lon


def test_row_ids_are_unique_over_workers_and_batches_of_any_size(world: World) -> None:
    him = world.person()
    keepers, start = [FixStore(), FixStore()], 0
    for number, size in enumerate((1, 999, 1001, 2500, 1, 0, 1500)):
        batch = [
            owned(world, him, a_fix(him.device_uid, T0 + timedelta(seconds=start + k), 1.0, 1.0))
            for k in range(size)
        ]
        start += size
        assert len(store(world, keepers[number % 2], batch)) == size
    assert world.one("SELECT count(DISTINCT id) FROM position") == start


def test_a_partition_that_was_rolled_back_is_made_again(world: World) -> None:
    him, keeper = world.person(), FixStore()
    fix = owned(world, him, a_fix(him.device_uid, T0, 1.0, 1.0))
    for _ in range(2):
        with Session(world.engine) as session:
            assert len(keeper.store(session, [fix])) == 1
            session.rollback()
    assert len(store(world, keeper, [fix])) == 1
    assert content(world, him) == [words_of(fix.fix)]


def test_two_workers_may_make_the_same_partition_at_once(world: World) -> None:
    him = world.person()
    together, stored = threading.Barrier(4), list[int]()

    def work(number: int) -> None:
        day = T0 + timedelta(days=100, seconds=number)
        together.wait()
        stored.extend(store(world, FixStore(), [owned(world, him, a_fix("d", day, 1.0, 1.0))]))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(stored)) == 4


def test_words_reach_the_table_letter_by_letter_and_bytes_byte_by_byte(
    world: World,
) -> None:
    him = world.person()
    fixes = [
        a_fix(him.device_uid, T0, float(number), 1.0)._replace(
            session=word, seq=number, raw=bytes(range(256)) + word.encode()
        )
        for number, word in enumerate([*WORDS, *[a + b for a in WORDS for b in WORDS]])
    ]
    store(world, FixStore(), [owned(world, him, fix) for fix in fixes])
    rows = world.rows("SELECT session, seq, raw FROM position ORDER BY seq")
    assert [(row.session, row.seq, bytes(row.raw)) for row in rows] == [
        (fix.session, fix.seq, fix.raw) for fix in fixes
    ]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    session=st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    numbers=st.lists(st.none() | st.floats(0, 360), min_size=4, max_size=4),
)
def test_any_session_and_any_number_can_be_kept(
    world: World, session: str | None, numbers: list[float | None]
) -> None:
    him = world.person()
    speed_mps, course_deg, altitude_m, battery_pct = numbers
    fix = a_fix(him.device_uid, T0, 1.0, 1.0)._replace(
        session=session,
        speed_mps=speed_mps,
        course_deg=course_deg,
        altitude_m=altitude_m,
        battery_pct=battery_pct,
    )
    store(world, FixStore(), [owned(world, him, fix)])
    with transaction(world.engine) as reading:
        row = reading.execute(
            text(
                "SELECT session, speed_mps, course_deg, altitude_m, battery_pct FROM position"
                " WHERE device_id = :id"
            ),
            {"id": him.device_id},
        ).one()
    assert row.session == session
    for kept, said in zip(row[1:], numbers, strict=True):
        assert kept == (None if said is None else pytest.approx(said, abs=1e-4))
