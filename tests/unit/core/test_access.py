import pytest

from supervision.core.access import GRANTS, Actor, Permission, Role
from supervision.core.errors import NotAllowed


def actor(role: Role) -> Actor:
    return Actor(7, 1, role, "O")


def roles_that_may(permission: Permission) -> set[Role]:
    return {role for role in Role if actor(role).may(permission)}


def test_every_role_has_its_grants_and_every_permission_somebody() -> None:
    assert set(GRANTS) == set(Role)
    assert all(roles_that_may(permission) for permission in Permission)


def test_only_pretrial_draws_zones_and_enters_protected_persons() -> None:
    assert roles_that_may(Permission.WRITE_ZONES) == {Role.PRETRIAL}
    assert roles_that_may(Permission.WRITE_PROTECTED) == {Role.PRETRIAL}


def test_an_administrator_sees_no_place_of_anybody() -> None:
    places = {Permission.READ_PROTECTED, Permission.READ_ZONES, Permission.READ_POSITIONS}
    assert not places & GRANTS[Role.ADMINISTRATOR]


def test_alerts_are_handled_by_those_who_supervise_and_some_by_pretrial() -> None:
    supervising = {Role.OFFICER, Role.SUPERVISOR}
    assert roles_that_may(Permission.HANDLE_ALERTS) == supervising | {Role.PRETRIAL}


def test_waivers_are_signed_by_pretrial_and_supervisors() -> None:
    assert roles_that_may(Permission.SIGN_WAIVERS) == {Role.PRETRIAL, Role.SUPERVISOR}


def test_what_a_role_may_not_do_stops_there() -> None:
    with pytest.raises(NotAllowed):
        actor(Role.OFFICER).require(Permission.WRITE_ZONES)
    actor(Role.PRETRIAL).require(Permission.WRITE_ZONES)


def test_an_officer_sees_the_own_caseload_and_everybody_else_the_agency() -> None:
    narrowed = {role: actor(role).caseload_officer_id for role in Role}
    assert narrowed == dict.fromkeys(Role, None) | {Role.OFFICER: 7}
