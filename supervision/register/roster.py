"""Looks up who wore a device at a fix's own time, many at once."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from supervision.core.access import Role
from supervision.core.clock import to_us
from supervision.register.contacts import Contact, Language


class Wearing(NamedTuple):
    """One person wearing one device, from `from_us` until before `until_us` (None: still)."""

    device_id: int
    agency_id: int
    supervisee_id: int
    from_us: int
    until_us: int | None

    def covers(self, instant_us: int) -> bool:
        """Whether the instant falls in this wearing."""
        return self.from_us <= instant_us and (self.until_us is None or instant_us < self.until_us)


class KnownDevice(NamedTuple):
    """A registered device and everyone who has worn it."""

    device_id: int
    agency_id: int
    wearings: tuple[Wearing, ...]

    def worn_at(self, instant_us: int) -> Wearing | None:
        """Who wore it then, if anybody."""
        for wearing in self.wearings:
            if wearing.covers(instant_us):
                return wearing
        return None


_FIND = text(
    "SELECT d.uid, d.id AS device_id, d.agency_id, a.supervisee_id, a.assigned_at, a.returned_at"
    " FROM device d LEFT JOIN device_assignment a ON a.device_id = d.id"
    " WHERE d.uid = ANY(:uids)"
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
    for uid, device_id, agency_id, supervisee_id, assigned_at, returned_at in session.execute(
        _FIND, {"uids": device_uids}
    ):
        known = found.get(uid) or KnownDevice(device_id, agency_id, ())
        if supervisee_id is not None:
            until_us = None if returned_at is None else to_us(returned_at)
            wearing = Wearing(device_id, agency_id, supervisee_id, to_us(assigned_at), until_us)
            known = known._replace(wearings=(*known.wearings, wearing))
        found[uid] = known
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
