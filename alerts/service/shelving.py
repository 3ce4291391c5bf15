"""Shelves a source of alerts that is known to be noise for now, and takes that back.

Whoever handles alerts of the kind may shelve it for a person of his caseload: the need comes at
night, nothing critical is held, and the first screen of his supervisor lists it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.catalogue import AlertKind
from alerts.climbs import read_ladder
from alerts.escalation import untouched_at
from alerts.holds import move_held
from alerts.ledger import Line, add_events
from alerts.models import Alert, ShelfRow
from alerts.rules import Change, may_handle
from alerts.shelving import Shelf, begin_shelf, reaches, require_shelvable
from alerts.store import hold_ledgers, is_supervised
from supervision.core import audit
from supervision.core.access import Actor, Permission
from supervision.core.errors import Conflict, Invalid, NotAllowed, NotFound


@dataclass(frozen=True, slots=True)
class NewShelf:
    """Alerts of a kind about somebody are to be held back until before `ends_at` (aware UTC)."""

    supervisee_id: int
    kind: AlertKind
    ends_at: datetime
    reason: str


def shelve(session: Session, actor: Actor, new: NewShelf, now: datetime) -> int:
    """Shelve a source from now on; the caller commits.

    Where it is shelved already, that shelf ends now and this one prolongs it, with its own reason
    and author. Alerts that were raised before go on as they were.

    Returns:
        The shelf's id.

    Raises:
        NotAllowed: The actor handles no alerts of this kind.
        NotFound: No such person, or not in the caseload.
        Invalid: The kind may become critical, there is no reason, it ends before it begins, or the
            source would be shelved for longer than a shift.
        Conflict: It is shelved for as long already. In each case nothing was changed.
    """
    _require_allowed(session, actor, new.supervisee_id, new.kind)
    require_shelvable(new.kind)
    if not new.reason.strip():
        raise Invalid("Say why this is shelved.")
    hold_ledgers(session, [actor.agency_id])
    last = _find_last(session, new.supervisee_id, new.kind)
    now = _after(last, now)
    shelf = begin_shelf(_as_shelf(last), now, new.ends_at)
    prolonged = last if reaches(_as_shelf(last), now) else None
    if prolonged is not None:
        _end(session, actor, prolonged, now)
    row = _write(session, actor, new, shelf, prolonged)
    if prolonged is not None:
        _hold_longer(session, actor, prolonged, row, now)
    _record(session, actor, audit.Tag.SHELF_MADE, row, now)
    return row.id


def end_shelf(session: Session, actor: Actor, shelf_id: int, now: datetime) -> None:
    """Take a shelf back: what it holds is told with the next sweep. The caller commits.

    Raises:
        NotAllowed: The actor handles no alerts of this kind.
        NotFound: No such shelf, or its person is not in the caseload.
        Conflict: It is over. Nothing was changed.
    """
    row = session.get(ShelfRow, shelf_id)
    if row is None:
        raise NotFound
    _require_allowed(session, actor, row.supervisee_id, AlertKind(row.kind))
    hold_ledgers(session, [actor.agency_id])
    session.refresh(row)
    now = _after(row, now)
    if row.ended_at is not None or row.ends_at <= now:
        raise Conflict("This shelf is over.")
    _end(session, actor, row, now)
    move_held(session, row.id, row.id, now, _untouched_at(session, row, now))
    _record(session, actor, audit.Tag.SHELF_ENDED, row, now)


def find_last_shelf(session: Session, supervisee_id: int, kind: AlertKind) -> Shelf | None:
    """The latest shelf of a source, over or not; whether it may be seen is asked before."""
    return _as_shelf(_find_last(session, supervisee_id, kind))


def _find_last(session: Session, supervisee_id: int, kind: AlertKind) -> ShelfRow | None:
    query = select(ShelfRow).where(ShelfRow.supervisee_id == supervisee_id, ShelfRow.kind == kind)
    return session.scalars(query.order_by(ShelfRow.id.desc()).limit(1)).one_or_none()


def _as_shelf(row: ShelfRow | None) -> Shelf | None:
    if row is None:
        return None
    return Shelf(row.begins_at, row.ended_at or row.ends_at, row.stretch_began_at)


def _require_allowed(session: Session, actor: Actor, supervisee_id: int, kind: AlertKind) -> None:
    actor.require(Permission.HANDLE_ALERTS)
    if not is_supervised(session, supervisee_id, actor.caseload_officer_id):
        raise NotFound
    if not may_handle(actor.role, kind):
        raise NotAllowed


def _after(last: ShelfRow | None, now: datetime) -> datetime:
    """Now; of two who act at one moment, the second acts no sooner than the first."""
    return now if last is None else max(now, last.begins_at, last.ended_at or now)


def _end(session: Session, actor: Actor, row: ShelfRow, now: datetime) -> None:
    """A shelf that is over already stays as it is."""
    if row.ended_at is None and row.ends_at > now:
        row.ended_at, row.ended_by_id = now, actor.officer_id
        session.flush()


def _write(
    session: Session, actor: Actor, new: NewShelf, shelf: Shelf, prolonged: ShelfRow | None
) -> ShelfRow:
    row = ShelfRow(
        agency_id=actor.agency_id,
        supervisee_id=new.supervisee_id,
        kind=new.kind,
        reason=new.reason.strip(),
        shelved_by_id=actor.officer_id,
        begins_at=shelf.begins_at,
        ends_at=shelf.ends_at,
        stretch_began_at=shelf.stretch_began_at,
        prolongs_id=None if prolonged is None else prolonged.id,
    )
    session.add(row)
    session.flush()
    return row


def _hold_longer(
    session: Session, actor: Actor, before: ShelfRow, after: ShelfRow, now: datetime
) -> None:
    """What the shelf before holds waits for the end of the one that prolongs it."""
    untouched = _untouched_at(session, after, after.ends_at)
    held = move_held(session, before.id, after.id, after.ends_at, untouched)
    told = {"shelf_id": after.id, "until": after.ends_at.isoformat()}
    alerts = session.scalars(select(Alert).where(Alert.id.in_(held)).order_by(Alert.id))
    lines = [Line(one, Change.SHELVED, actor.officer_id, told) for one in alerts]
    add_events(session, lines, now)


def _untouched_at(session: Session, row: ShelfRow, touched_at: datetime) -> datetime:
    return untouched_at(read_ladder(session, row.agency_id, AlertKind(row.kind)), touched_at)


def _record(session: Session, actor: Actor, tag: audit.Tag, row: ShelfRow, now: datetime) -> None:
    detail = {
        "supervisee_id": row.supervisee_id,
        "kind": row.kind,
        "ends_at": row.ends_at.isoformat(),
        "prolongs_id": row.prolongs_id,
    }
    audit.record_by(session, actor, now, tag, f"shelf:{row.id}", **detail)
