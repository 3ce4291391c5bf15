"""The zones a worker holds in memory are those of the database, whoever changed them when."""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from geofence.models import Zone
from geofence.service import AT_ALL_TIMES, InForce, amend_zone, arm_zone, retire_zone
from geofence.zones import NEVER_US, Pair, ZoneBook
from geofence.zones import book as book_module
from geofence.zones.probes import Probes, around_fixes
from supervision.core.clock import to_us
from supervision.core.db import transaction
from supervision.core.fixes import CARRY_US, LocatedFixes, Source
from tests.harness import LONG_AGO, T0, Person, World, circle

LON, LAT = -122.08, 37.4
FAR_LON = LON + 1.0


@pytest.fixture
def book() -> ZoneBook:
    return ZoneBook()


def refresh(world: World, book: ZoneBook) -> ZoneBook:
    with transaction(world.engine) as session:
        book.refresh(session)
    return book


def force(armed_minute: int = 0) -> InForce:
    return InForce(T0 + timedelta(minutes=armed_minute), None, "UTC", None, T0)


def draw(session: Session, world: World, person: Person, lon: float = LON) -> Pair:
    """Write a zone without judging it, in a transaction that stays open."""
    zone = Zone(
        agency_id=world.agency_id,
        supervisee_id=person.supervisee_id,
        court_order_id=person.order_id,
        order_clause_id=person.clause_id,
        name="Z",
        created_at=T0,
    )
    drawn = arm_zone(session, zone, circle(lon, LAT, 200), AT_ALL_TIMES, force())
    return Pair(person.supervisee_id, drawn.zone_id)


def draw_and_commit(world: World, person: Person, lon: float = LON) -> Pair:
    with transaction(world.engine) as session:
        return draw(session, world, person, lon)


def amend(world: World, pair: Pair, lon: float, armed_minute: int) -> None:
    with transaction(world.engine) as session:
        amend_zone(session, pair.zone_id, circle(lon, LAT, 200), force(armed_minute))


def fix_of(
    people: Sequence[Person], lon: float = LON, minute: int = 1, accuracy_m: float = 8.0
) -> Probes:
    """Where to look for zones when each of these people was seen there at this minute."""
    count = len(people)
    at_us = to_us(T0 + timedelta(minutes=minute))
    fixes = LocatedFixes(
        position_id=np.arange(count),
        supervisee_id=np.array([person.supervisee_id for person in people]),
        fixed_at_us=np.full(count, at_us),
        received_at_us=np.full(count, at_us),
        lon=np.full(count, lon),
        lat=np.full(count, LAT),
        accuracy_m=np.full(count, accuracy_m),
        source=np.full(count, int(Source.GPS)),
    )
    return around_fixes(fixes)


def minute_us(minute: int) -> int:
    return to_us(T0 + timedelta(minutes=minute))


def near(book: ZoneBook, probes: Probes, now_minute: int = 60) -> set[Pair]:
    return book.pairs_near(probes, minute_us(now_minute))


def spans(book: ZoneBook, pair: Pair) -> list[tuple[int, int]]:
    """When the zone counts for the person; nothing where the book knows no such zone."""
    zone = book.find(pair)
    ground = zone and zone.ground(to_us(LONG_AGO), minute_us(60))
    return [] if ground is None else [(span.from_us, span.until_us) for span in ground.spans]


def test_an_empty_book_knows_no_zone(world: World, book: ZoneBook) -> None:
    him = world.person()
    refresh(world, book)
    assert near(book, fix_of([him])) == set()
    assert book.find(Pair(him.supervisee_id, 1)) is None


def test_a_fix_near_a_zone_of_its_own_wearer_is_found(world: World, book: ZoneBook) -> None:
    him, other = world.person(), world.person()
    pair = draw_and_commit(world, him)
    refresh(world, book)
    assert near(book, fix_of([him, other])) == {pair}
    assert near(book, fix_of([him, other], lon=FAR_LON)) == set()
    coarse = fix_of([him], lon=LON + 0.02, accuracy_m=3000.0)
    assert near(book, coarse) == {pair}


def test_each_drawing_lasts_until_the_next(world: World, book: ZoneBook) -> None:
    pair = draw_and_commit(world, world.person())
    amend(world, pair, FAR_LON, 10)
    assert spans(refresh(world, book), pair) == [
        (minute_us(0), minute_us(10)),
        (minute_us(10), NEVER_US),
    ]
    zone = book.find(pair)
    assert zone is not None
    ground = zone.ground(0, NEVER_US)
    here_m, there_m = ground.measure(np.arange(2), np.full(2, LON), np.full(2, LAT))
    assert here_m == pytest.approx(-200)
    assert there_m > 80_000


def test_a_zone_under_an_order_that_ends_lasts_until_then(world: World, book: ZoneBook) -> None:
    him = world.person()
    ends_at = T0 + timedelta(minutes=5)
    with transaction(world.engine) as session:
        session.execute(
            text("UPDATE court_order SET ends_at = :at WHERE id = :id"),
            {"at": ends_at, "id": him.order_id},
        )
    zone_id = world.zone(him, circle(LON, LAT, 200))
    (span,) = spans(refresh(world, book), Pair(him.supervisee_id, zone_id))
    assert span == (to_us(LONG_AGO), to_us(ends_at))


def test_a_retired_zone_is_near_nothing_afterwards(world: World, book: ZoneBook) -> None:
    him = world.person()
    pair = draw_and_commit(world, him)
    refresh(world, book)
    with transaction(world.engine) as session:
        retire_zone(session, pair.zone_id, force(5))
    refresh(world, book)
    assert near(book, fix_of([him], minute=5)) == set()
    assert near(book, fix_of([him], minute=4)) == {pair}


def test_a_fix_counts_for_a_zone_armed_within_a_day_after_it(world: World, book: ZoneBook) -> None:
    him = world.person()
    pair = draw_and_commit(world, him)
    refresh(world, book)
    a_day = CARRY_US // 60_000_000
    assert near(book, fix_of([him], minute=-a_day)) == {pair}
    assert near(book, fix_of([him], minute=-a_day - 1)) == set()


def test_nothing_is_read_again_when_nothing_changed(world: World, book: ZoneBook) -> None:
    draw_and_commit(world, world.person())
    refresh(world, book)
    asked: list[str] = []
    event.listen(world.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    refresh(world, book)
    assert asked == ["SELECT agency_id, epoch FROM zone_epoch"]


def test_a_changed_person_moves_to_the_recent_page_and_is_found_there_alone(
    world: World, book: ZoneBook
) -> None:
    him, other = world.person(), world.person()
    his, others = draw_and_commit(world, him), draw_and_commit(world, other)
    refresh(world, book)
    amend(world, his, FAR_LON, 0)
    refresh(world, book)
    assert [len(page) for page in book._pages] == [2, 2]
    assert book._pages[0].is_hidden.tolist() == [True, False]
    assert spans(book, his) == [(minute_us(0), NEVER_US)]
    assert near(book, fix_of([him, other], minute=0)) == {others}
    assert near(book, fix_of([him, other], lon=FAR_LON)) == {his}


def test_too_many_changed_people_go_back_onto_one_page(
    world: World, book: ZoneBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book_module, "RECENT_PEOPLE_MOST", 2)
    people = [world.person() for _ in range(4)]
    pairs = [draw_and_commit(world, people[0])]
    refresh(world, book)
    sizes = []
    for person in people[1:]:
        pairs.append(draw_and_commit(world, person))
        refresh(world, book)
        sizes.append(len(book._pages))
        assert near(book, fix_of(people)) == set(pairs)
    assert sizes == [2, 2, 1]


def test_a_change_that_is_not_committed_is_not_known(world: World, book: ZoneBook) -> None:
    him = world.person()
    with Session(world.engine) as session:
        pair = draw(session, world, him)
        assert spans(refresh(world, book), pair) == []
        assert spans(ZoneBook.of_person(session, him.supervisee_id), pair) != []
        session.rollback()
    assert spans(refresh(world, book), pair) == []


def test_of_two_changes_at_once_neither_is_overlooked(world: World, book: ZoneBook) -> None:
    him, other = world.person(), world.person()
    refresh(world, book)
    with Session(world.engine) as first, Session(world.engine) as second:
        his = draw(first, world, him)
        second.execute(text("SET LOCAL lock_timeout = '200ms'"))
        with pytest.raises(Exception, match="lock timeout"):
            draw(second, world, other)
        second.rollback()
        first.commit()
        assert spans(refresh(world, book), his) != []
        others = draw(second, world, other)
        assert spans(refresh(world, book), others) == []
        second.commit()
    assert spans(refresh(world, book), others) != []
    assert len(spans(book, his)) == 1
