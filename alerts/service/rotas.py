"""Sets who takes turns in being on call: rotas, which ladders name."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from alerts.climbs import require_unnamed
from alerts.escalation import Post
from alerts.models import RotaRow, RotaVersion
from alerts.posts import require_officers
from alerts.rota import Stint, on_call, stints
from alerts.rota_rows import read_rota
from alerts.store import hold_ledgers
from supervision.core import audit
from supervision.core.access import Actor, Permission
from supervision.core.errors import Conflict, Invalid, NotFound

LONGEST_SHIFT_DAYS = 31
MOST_TURNS = 50
FARTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class NewTurns:
    """Officers who shall take turns, handing over at a local time of the agency."""

    officer_ids: tuple[int, ...]
    starts_on: date
    handover: time
    shift_days: int


@dataclass(frozen=True, slots=True)
class RotaRecord:
    """A rota that is not ended, as it was written last, by the clocks of `time_zone`."""

    id: int
    name: str
    officer_ids: Sequence[int]
    starts_on: date
    handover: time
    shift_days: int
    time_zone: str
    written_at: datetime


def add_rota(session: Session, actor: Actor, name: str, new: NewTurns, now: datetime) -> RotaRecord:
    """Let officers take turns in being on call; the caller commits.

    Raises:
        NotAllowed: The actor does not set responses.
        Invalid: Nobody takes turns, or a shift or the first hand-over makes no sense.
        NotFound: One of the officers is none of the agency's.
        Conflict: The agency has a rota of this name. Nothing was written.
    """
    actor.require(Permission.SET_RESPONSES)
    _require_sense(session, actor, new, now)
    hold_ledgers(session, [actor.agency_id])
    if session.execute(_NAMED, {"agency": actor.agency_id, "name": name}).one_or_none() is not None:
        raise Conflict("There is a rota of this name.")
    row = RotaRow(agency_id=actor.agency_id, name=name, made_by_id=actor.officer_id, made_at=now)
    session.add(row)
    session.flush()
    _write(session, actor, row.id, 1, new, now)
    audit.record_by(session, actor, now, audit.Tag.ROTA_MADE, f"rota:{row.id}")
    return get_rota(session, row.id)


def change_rota(
    session: Session, actor: Actor, rota_id: int, new: NewTurns, now: datetime
) -> RotaRecord:
    """Change who takes turns, from the new first hand-over on; the caller commits.

    Until then it goes on as it was; overrides stay.

    Raises:
        NotAllowed, Invalid, NotFound: As for `add_rota`, and where there is no such rota.
    """
    actor.require(Permission.SET_RESPONSES)
    _require_sense(session, actor, new, now)
    hold_ledgers(session, [actor.agency_id])
    require_rota(session, rota_id)
    last = session.execute(_LAST, {"rota": rota_id}).scalar_one()
    _write(session, actor, rota_id, last + 1, new, now)
    audit.record_by(session, actor, now, audit.Tag.ROTA_CHANGED, f"rota:{rota_id}")
    return get_rota(session, rota_id)


def end_rota(session: Session, actor: Actor, rota_id: int, now: datetime) -> None:
    """End a rota: nobody is on call by it any more; the caller commits.

    Raises:
        NotAllowed: The actor does not set responses.
        NotFound: No such rota.
        Conflict: A ladder leads to it. Nothing was changed.
    """
    actor.require(Permission.SET_RESPONSES)
    hold_ledgers(session, [actor.agency_id])
    row = require_rota(session, rota_id)
    require_unnamed(session, actor.agency_id, Post.ROTA, rota_id)
    row.ended_at, row.ended_by_id = now, actor.officer_id
    session.flush()
    audit.record_by(session, actor, now, audit.Tag.ROTA_ENDED, f"rota:{rota_id}")


def list_rotas(session: Session) -> list[RotaRecord]:
    """The agency's rotas that are not ended, oldest first."""
    return [_record(row) for row in session.execute(_ROTAS, {"rota": None}).mappings()]


def get_rota(session: Session, rota_id: int) -> RotaRecord:
    """One of them; raises NotFound."""
    row = session.execute(_ROTAS, {"rota": rota_id}).mappings().one_or_none()
    if row is None:
        raise NotFound
    return _record(row)


def who_is_on_call(session: Session, rota_id: int, at: datetime) -> int | None:
    """The officer on call at an instant; None before the rota begins.

    Raises:
        NotFound: No such rota.
    """
    get_rota(session, rota_id)
    return on_call(read_rota(session, rota_id, at), at)


def list_stints(session: Session, rota_id: int, since: datetime, until: datetime) -> list[Stint]:
    """Who is on call from an instant until before another, in order and without a gap.

    Raises:
        NotFound: No such rota.
    """
    get_rota(session, rota_id)
    return stints(read_rota(session, rota_id, since), since, until)


def require_rota(session: Session, rota_id: int) -> RotaRow:
    """The rota, unless it is ended or not there; raises NotFound."""
    row = session.get(RotaRow, rota_id)
    if row is None or row.ended_at is not None:
        raise NotFound("There is no such rota.")
    return row


def _require_sense(session: Session, actor: Actor, new: NewTurns, now: datetime) -> None:
    if not 0 < len(new.officer_ids) <= MOST_TURNS or not 0 < new.shift_days <= LONGEST_SHIFT_DAYS:
        message = f"Name who takes turns, for shifts of 1 to {LONGEST_SHIFT_DAYS} days."
        raise Invalid(message)
    if abs(new.starts_on - now.date()) > FARTHEST:
        raise Invalid("The first hand-over is within a year of today.")
    if new.handover.tzinfo is not None:
        raise Invalid("The hand-over is by the agency's clocks, without a time zone.")
    require_officers(session, actor.agency_id, new.officer_ids)


def _write(
    session: Session, actor: Actor, rota_id: int, version: int, new: NewTurns, now: datetime
) -> None:
    zone = session.execute(_ZONE, {"agency": actor.agency_id}).scalar_one()
    row = RotaVersion(
        agency_id=actor.agency_id,
        rota_id=rota_id,
        version=version,
        time_zone=zone,
        written_by_id=actor.officer_id,
        written_at=now,
        **asdict(new) | {"officer_ids": list(new.officer_ids)},
    )
    session.add(row)
    session.flush()


def _record(row: RowMapping) -> RotaRecord:
    return RotaRecord(**row)


_ZONE = text("SELECT time_zone FROM agency WHERE id = :agency")
_NAMED = text("SELECT id FROM rota WHERE agency_id = :agency AND name = :name AND ended_at IS NULL")
_LAST = text("SELECT max(version) FROM rota_version WHERE rota_id = :rota")
_ROTAS = text(
    "SELECT DISTINCT ON (r.id) r.id, r.name, v.officer_ids, v.starts_on, v.handover, v.shift_days,"
    " v.time_zone, v.written_at FROM rota r JOIN rota_version v ON v.rota_id = r.id"
    " WHERE r.ended_at IS NULL AND (CAST(:rota AS bigint) IS NULL OR r.id = :rota)"
    " ORDER BY r.id, v.version DESC"
)
