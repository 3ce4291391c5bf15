"""An exception has an author, a reason and an end; it is taken back, but never rewritten."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geofence.service import ExceptionKind, NewException
from supervision.core.access import Actor, Role
from supervision.core.db import transaction
from supervision.core.errors import Conflict, Invalid, NotAllowed, NotFound
from supervision.corridor.excepting import Excepting
from tests.harness import Person, World
from tests.zoning import (
    HOME,
    LON,
    Boundary,
    apply_set,
    boundaries,
    end_membership,
    epoch,
    except_from,
    make_set,
    minute,
    retire,
    withdraw,
)


@pytest.fixture
def zone_id(world: World, him: Person) -> int:
    return world.zone(him, HOME)


def test_an_exception_keeps_who_granted_it_when_and_why(
    world: World, him: Person, zone_id: int
) -> None:
    except_from(world, him, zone_id, minute(10), minute(70), reason="  Hearing at two. ")
    (row,) = world.rows("SELECT * FROM zone_exception")
    assert (row.granted_by_id, row.granted_at) == (world.officer_id, world.clock.now)
    assert (row.kind, row.reason) == ("court_hearing", "Hearing at two.")
    assert (row.begins_at, row.ends_at, row.withdrawn_at) == (minute(10), minute(70), None)


def test_an_exception_is_counted_so_that_every_worker_reads_it(
    world: World, him: Person, zone_id: int
) -> None:
    before = epoch(world)
    exception_id = except_from(world, him, zone_id, minute(10), minute(70))
    assert world.one("SELECT epoch FROM zone_exception") == epoch(world) == before + 1
    withdraw(world, exception_id)
    assert world.one("SELECT epoch FROM zone_exception") == epoch(world) == before + 2


def test_its_ends_are_boundaries(world: World, him: Person, zone_id: int) -> None:
    except_from(world, him, zone_id, minute(10), minute(70))
    pair = (him.supervisee_id, zone_id)
    assert boundaries(world) == [Boundary(*pair, 10), Boundary(*pair, 70)]


def test_a_beginning_in_the_past_is_judged_at_once_and_is_no_boundary(
    world: World, him: Person, zone_id: int
) -> None:
    except_from(world, him, zone_id, minute(-10), minute(70))
    assert [one.minute for one in boundaries(world)] == [70]


def test_yesterdays_breach_is_not_excused(world: World, him: Person, zone_id: int) -> None:
    with pytest.raises(Invalid, match="at most an hour ago"):
        except_from(world, him, zone_id, minute(-60.1), minute(70))
    assert except_from(world, him, zone_id, minute(-60), minute(70))


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_an_exception_without_a_reason_is_refused(
    world: World, him: Person, zone_id: int, reason: str
) -> None:
    with pytest.raises(Invalid, match="reason"):
        except_from(world, him, zone_id, minute(10), minute(70), reason=reason)


@pytest.mark.parametrize(("begins", "ends"), [(10, 10), (10, 9), (-50, -10), (-50, 0)])
def test_an_exception_that_excuses_nothing_to_come_is_refused(
    world: World, him: Person, zone_id: int, begins: float, ends: float
) -> None:
    before = epoch(world)
    with pytest.raises(Invalid):
        except_from(world, him, zone_id, minute(begins), minute(ends))
    assert epoch(world) == before


def test_nobody_is_excepted_from_a_zone_that_is_not_his(world: World, zone_id: int) -> None:
    for where in (zone_id, 1_000_000):
        with pytest.raises(NotFound):
            except_from(world, world.person(), where, minute(10), minute(70))


def test_nobody_is_excepted_from_a_zone_that_is_retired(
    world: World, him: Person, zone_id: int
) -> None:
    retire(world, zone_id, world.clock.now)
    with pytest.raises(Conflict, match="retired"):
        except_from(world, him, zone_id, minute(10), minute(70))


def test_only_people_of_a_set_are_excepted_from_its_zones(world: World, him: Person) -> None:
    zone_set_id = make_set(world, LON)
    zone_id = world.one("SELECT id FROM zone WHERE zone_set_id IS NOT NULL")
    with pytest.raises(NotFound):
        except_from(world, him, zone_id, minute(10), minute(70))
    member_id = apply_set(world, zone_set_id, him)
    assert except_from(world, him, zone_id, minute(10), minute(70))
    end_membership(world, member_id)
    with pytest.raises(NotFound):
        except_from(world, him, zone_id, minute(10), minute(70))


def test_an_exception_is_withdrawn_once_by_somebody(
    world: World, him: Person, zone_id: int
) -> None:
    exception_id = except_from(world, him, zone_id, minute(10), minute(70))
    world.clock.forward(1200)
    withdraw(world, exception_id)
    (row,) = world.rows("SELECT * FROM zone_exception")
    assert (row.withdrawn_at, row.withdrawn_by_id) == (minute(20), world.officer_id)
    with pytest.raises(Conflict, match="withdrawn already"):
        withdraw(world, exception_id)


def test_an_exception_that_is_over_is_not_withdrawn(
    world: World, him: Person, zone_id: int
) -> None:
    exception_id = except_from(world, him, zone_id, minute(10), minute(70))
    world.clock.now = minute(70)
    with pytest.raises(Conflict, match="over"):
        withdraw(world, exception_id)
    with pytest.raises(NotFound):
        withdraw(world, exception_id + 1)


def test_granting_and_withdrawing_are_on_the_trail(world: World, him: Person, zone_id: int) -> None:
    exception_id = except_from(world, him, zone_id, minute(10), minute(70))
    withdraw(world, exception_id)
    rows = world.rows("SELECT tag, subject FROM audit_entry WHERE subject LIKE 'zone_ex%'")
    subject = f"zone_exception:{exception_id}"
    assert [tuple(row) for row in rows] == [
        ("zone:excepted", subject),
        ("zone_exception:withdrawn", subject),
    ]


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_only_pretrial_services_except(world: World, him: Person, zone_id: int, role: Role) -> None:
    exception_id = except_from(world, him, zone_id, minute(10), minute(70))
    kind, times = ExceptionKind.COURT_HEARING, (minute(80), minute(90))
    new = NewException(zone_id, him.supervisee_id, kind, "Hearing.", *times)
    acts: list[Callable[[Excepting], object]] = [
        lambda desk: desk.grant(new),
        lambda desk: desk.withdraw(exception_id),
    ]
    for act in acts:
        with pytest.raises(NotAllowed), transaction(world.engine) as session:
            act(world.monitor.excepting(session, world.actor(role)))


def test_an_exception_of_another_agency_is_not_there(
    world: World, him: Person, zone_id: int
) -> None:
    exception_id = except_from(world, him, zone_id, minute(10), minute(70))
    stranger = Actor(world.officer_id, world.agency_id + 1, Role.PRETRIAL, "O")
    with pytest.raises(NotFound), transaction(world.engine) as session:
        world.monitor.excepting(session, stranger).withdraw(exception_id)


def test_the_database_lets_nothing_of_it_be_rewritten(
    world: World, him: Person, zone_id: int
) -> None:
    except_from(world, him, zone_id, minute(10), minute(70))
    later = {"at": minute(70) + timedelta(days=365)}
    for column in ("begins_at", "ends_at", "granted_at"):
        with pytest.raises(DBAPIError, match="permission denied"), transaction(world.engine) as s:
            s.execute(text(f"UPDATE zone_exception SET {column} = :at"), later)
