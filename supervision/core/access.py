"""Who may do what, and whose cases an officer sees: one table, asked everywhere."""

from dataclasses import dataclass
from enum import StrEnum

from supervision.core.errors import NotAllowed


class Role(StrEnum):
    """What an officer is in the agency."""

    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    PRETRIAL = "pretrial"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """What a request may need; each HTTP route names exactly one."""

    READ_AGENCY = "agency:read"
    READ_PEOPLE = "people:read"
    WRITE_PEOPLE = "people:write"
    WRITE_CONTACTS = "contacts:write"
    WRITE_PATROL_NOTES = "patrol_notes:write"
    READ_PROTECTED = "protected:read"
    WRITE_PROTECTED = "protected:write"
    SIGN_WAIVERS = "waivers:sign"
    READ_ZONES = "zones:read"
    WRITE_ZONES = "zones:write"
    READ_POSITIONS = "positions:read"
    READ_ALERTS = "alerts:read"
    HANDLE_ALERTS = "alerts:handle"
    SET_RESPONSES = "responses:set"
    READ_NUMBERS = "numbers:read"
    READ_ALL_NUMBERS = "numbers:read_all"
    READ_CHECKINS = "checkins:read"
    PLAN_CHECKINS = "checkins:plan"
    HANDLE_CHECKINS = "checkins:handle"
    READ_DEVICES = "devices:read"
    WRITE_DEVICES = "devices:write"
    WRITE_OFFICERS = "officers:write"


_CASEWORK = frozenset(
    {
        Permission.READ_AGENCY,
        Permission.READ_PEOPLE,
        Permission.READ_PROTECTED,
        Permission.READ_ZONES,
        Permission.READ_POSITIONS,
        Permission.READ_ALERTS,
        Permission.READ_NUMBERS,
        Permission.READ_CHECKINS,
        Permission.READ_DEVICES,
    }
)
# Whoever supervises says what must be done, and whether it was.
_SUPERVISION = frozenset(
    {
        Permission.HANDLE_ALERTS,
        Permission.PLAN_CHECKINS,
        Permission.HANDLE_CHECKINS,
        Permission.WRITE_CONTACTS,
        Permission.WRITE_PATROL_NOTES,
    }
)

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.OFFICER: _CASEWORK | _SUPERVISION,
    Role.SUPERVISOR: _CASEWORK
    | _SUPERVISION
    | {
        Permission.WRITE_PEOPLE,
        Permission.SIGN_WAIVERS,
        Permission.SET_RESPONSES,
        Permission.READ_ALL_NUMBERS,
    },
    Role.PRETRIAL: _CASEWORK
    | {
        Permission.HANDLE_ALERTS,
        Permission.WRITE_PEOPLE,
        Permission.WRITE_CONTACTS,
        Permission.WRITE_PATROL_NOTES,
        Permission.WRITE_PROTECTED,
        Permission.SIGN_WAIVERS,
        Permission.WRITE_ZONES,
        Permission.WRITE_DEVICES,
    },
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.READ_AGENCY,
            Permission.READ_NUMBERS,
            Permission.READ_ALL_NUMBERS,
            Permission.READ_DEVICES,
            Permission.WRITE_DEVICES,
            Permission.WRITE_OFFICERS,
            Permission.READ_PEOPLE,
            Permission.WRITE_PEOPLE,
            Permission.WRITE_CONTACTS,
        }
    ),
}

_WHOLE_AGENCY = {Role.SUPERVISOR, Role.PRETRIAL, Role.ADMINISTRATOR}


@dataclass(frozen=True, slots=True)
class Actor:
    """The officer on whose behalf something is done."""

    officer_id: int
    agency_id: int
    role: Role
    display_name: str

    def may(self, permission: Permission) -> bool:
        """Whether the role grants it."""
        return permission in GRANTS[self.role]

    def require(self, permission: Permission) -> None:
        """Stop here unless the role grants it.

        Raises:
            NotAllowed: It does not; nothing was read or written.
        """
        if not self.may(permission):
            raise NotAllowed

    @property
    def caseload_officer_id(self) -> int | None:
        """Whose people a query is narrowed to; None where the role sees the whole agency."""
        return None if self.role in _WHOLE_AGENCY else self.officer_id
