"""Looks up who had a device at a fix's own time, many at once, and who must be told."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from supervision.core.access import Role
from supervision.core.clock import to_us
from supervision.register.contacts import Contact, Language


class Wearing(NamedTuple):
    """One person having one device, from `from_us` until before `until_us` (None: still).

    It is a supervisee who wears it, or else a protected person who carries it.
    """

    device_id: int
    agency_id: int
    supervisee_id: int | None
    from_us: int
    until_us: int | None
    protected_person_id: int | None = None

    def covers(self, instant_us: int) -> bool:
        """Whether the instant falls in this wearing."""
        return self.from_us <= instant_us and (self.until_us is None or instant_us < self.until_us)


class KnownDevice(NamedTuple):
    """A registered device and everyone who has had it, oldest first."""

    device_id: int
    agency_id: int
    wearings: tuple[Wearing, ...]

    def worn_at(self, instant_us: int) -> Wearing | None:
        """Who had it then, if anybody."""
        for wearing in self.wearings:
            if wearing.covers(instant_us):
                return wearing
        return None

    @property
    def last_carrying(self) -> Wearing | None:
        """The last time that a protected person had it, if ever."""
        carried = [one for one in self.wearings if one.protected_person_id is not None]
        return carried[-1] if carried else None


_FIND = text(
    "SELECT d.uid, d.id AS device_id, d.agency_id, a.supervisee_id, a.protected_person_id,"
    " a.assigned_at, a.returned_at"
    " FROM device d LEFT JOIN device_assignment a ON a.device_id = d.id"
    " WHERE d.uid = ANY(:uids) ORDER BY a.assigned_at"
)
_EPOCH = text("SELECT epoch FROM roster_epoch")


class Roster:
    """The registered devices one worker has met, kept until the register changes.

    It holds nothing the database does not have: every change to a device or to who wears it is
    counted there, in the change's own transaction, and empties this memory.
    """

    def __init__(self) -> None:
        self._epoch = -1
        self._known: dict[str, KnownDevice] = {}

    def find(self, session: Session, device_uids: Collection[str]) -> dict[str, KnownDevice]:
        """The registered devices among these names; unknown ones are absent.

        Args:
            session: Open transaction of the engine role, only read.
            device_uids: As the devices call themselves on the broker.
        """
        epoch: int = session.execute(_EPOCH).scalar_one()
        if epoch != self._epoch:
            self._known, self._epoch = {}, epoch
        missing = [uid for uid in device_uids if uid not in self._known]
        if missing:
            self._known |= _read_devices(session, missing)
        return {uid: self._known[uid] for uid in device_uids if uid in self._known}


def _read_devices(session: Session, device_uids: Sequence[str]) -> dict[str, KnownDevice]:
    found: dict[str, KnownDevice] = {}
    for row in session.execute(_FIND, {"uids": device_uids}):
        known = found.get(row.uid) or KnownDevice(row.device_id, row.agency_id, ())
        if row.assigned_at is not None:
            wearing = Wearing(
                row.device_id,
                row.agency_id,
                row.supervisee_id,
                to_us(row.assigned_at),
                None if row.returned_at is None else to_us(row.returned_at),
                row.protected_person_id,
            )
            known = known._replace(wearings=(*known.wearings, wearing))
        found[row.uid] = known
    return found


def worn_devices(session: Session, supervisee_id: int, at: datetime) -> list[int]:
    """The devices that a supervisee wears at an instant."""
    rows = session.execute(
        text(
            "SELECT device_id FROM device_assignment WHERE supervisee_id = :person"
            " AND assigned_at <= :at AND (returned_at IS NULL OR returned_at > :at)"
            " ORDER BY device_id"
        ),
        {"person": supervisee_id, "at": at},
    )
    return [row.device_id for row in rows]


class Guarding(NamedTuple):
    """An order that keeps a supervisee away from a protected person.

    Attributes:
        protected_person_id: Whom it protects.
        supervisee_id: From whom.
        officer_id: Who supervises him.
        is_in_force: Whether the order held at the instant that was asked for.
    """

    protected_person_id: int
    supervisee_id: int
    agency_id: int
    officer_id: int
    order_id: int
    is_in_force: bool


# Of each supervisee the order that held then, else the one that held last.
_GUARDING = text(
    "SELECT DISTINCT ON (o.protected_person_id, o.supervisee_id) o.protected_person_id,"
    " o.supervisee_id, o.agency_id, s.supervising_officer_id AS officer_id, o.id AS order_id,"
    " o.begins_at <= :at AND (o.ends_at IS NULL OR o.ends_at > :at) AS is_in_force"
    " FROM court_order o JOIN supervisee s ON s.id = o.supervisee_id"
    " WHERE o.protected_person_id = ANY(:ids)"
    " ORDER BY o.protected_person_id, o.supervisee_id, is_in_force DESC,"
    " o.ends_at DESC NULLS FIRST, o.id DESC"
)


def orders_guarding(
    session: Session, protected_person_ids: Collection[int], at: datetime
) -> list[Guarding]:
    """Whom each of these protected persons is to be guarded from, once for each supervisee.

    Where no order of hers was in force, the last ones name whom to tell: no alarm is nobody's.

    Args:
        session: Open transaction, only read.
        protected_person_ids: Of whom.
        at: The instant at which an order must have held.
    """
    values = {"ids": sorted(protected_person_ids), "at": at}
    found = [Guarding(*row) for row in session.execute(_GUARDING, values)]
    guarded = {one.protected_person_id for one in found if one.is_in_force}
    return [one for one in found if one.is_in_force or one.protected_person_id not in guarded]


class Responsible(NamedTuple):
    """Who must be told about a supervisee."""

    agency_id: int
    officer_id: int


def responsible_officers(session: Session, supervisee_ids: Sequence[int]) -> dict[int, Responsible]:
    """The supervising officer of each of these supervisees."""
    rows = session.execute(
        text("SELECT id, agency_id, supervising_officer_id FROM supervisee WHERE id = ANY(:ids)"),
        {"ids": list(supervisee_ids)},
    )
    return {row.id: Responsible(row.agency_id, row.supervising_officer_id) for row in rows}


def contacts_of(session: Session, supervisee_ids: Collection[int]) -> dict[int, Contact]:
    """How each of these supervisees is reached."""
    rows = session.execute(
        text("SELECT id, phone, email, language FROM supervisee WHERE id = ANY(:ids)"),
        {"ids": list(supervisee_ids)},
    )
    return {row.id: Contact(row.phone, row.email, Language(row.language)) for row in rows}


def pretrial_officers(session: Session, agency_ids: Collection[int]) -> dict[int, int]:
    """The pretrial officer of each of these agencies who has been there longest, if it has one."""
    rows = session.execute(
        text(
            "SELECT agency_id, min(id) AS id FROM officer WHERE agency_id = ANY(:agencies)"
            " AND role = :role AND is_active GROUP BY agency_id"
        ),
        {"agencies": sorted(agency_ids), "role": str(Role.PRETRIAL)},
    )
    return {row.agency_id: row.id for row in rows}
