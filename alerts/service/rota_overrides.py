"""Puts somebody else on call for a time, whoever's turn it is, and takes that back."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from alerts.models import RotaOverride
from alerts.posts import require_officers
from alerts.service.rotas import get_rota, require_rota
from alerts.store import hold_ledgers
from supervision.core import audit
from supervision.core.access import Actor, Permission
from supervision.core.errors import Conflict, Invalid, NotFound

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class NewOverride:
    """An officer shall be on call from `begins_at` until before `ends_at`, aware UTC."""

    officer_id: int
    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class OverrideRecord:
    """An override that is neither over nor ended, and who made it."""

    id: int
    officer_id: int
    begins_at: datetime
    ends_at: datetime
    made_by: str
    made_at: datetime


def override_rota(
    session: Session, actor: Actor, rota_id: int, new: NewOverride, now: datetime
) -> int:
    """Put somebody on call for a time; the caller commits.

    Returns:
        The override's id.

    Raises:
        NotAllowed: The actor does not set responses.
        NotFound: No such rota or officer.
        Invalid: The time is empty, over, or longer than a year. Nothing was written.
    """
    actor.require(Permission.SET_RESPONSES)
    _require_sense(new, now)
    hold_ledgers(session, [actor.agency_id])
    require_rota(session, rota_id)
    require_officers(session, actor.agency_id, [new.officer_id])
    by = {"made_by_id": actor.officer_id, "made_at": now}
    row = RotaOverride(agency_id=actor.agency_id, rota_id=rota_id, **asdict(new), **by)
    session.add(row)
    session.flush()
    tag, subject = audit.Tag.ROTA_OVERRIDDEN, f"rota:{rota_id}"
    audit.record_by(session, actor, now, tag, subject, override_id=row.id)
    return row.id


def end_override(session: Session, actor: Actor, override_id: int, now: datetime) -> None:
    """Take an override back: from now on it is the turn's again. The caller commits.

    Raises:
        NotAllowed: The actor does not set responses.
        NotFound: No such override.
        Conflict: It is over, or was taken back. Nothing was changed.
    """
    actor.require(Permission.SET_RESPONSES)
    row = session.get(RotaOverride, override_id, with_for_update=True)
    if row is None:
        raise NotFound
    if row.ended_at is not None or row.ends_at <= now:
        raise Conflict("This override is over.")
    row.ended_at, row.ended_by_id = now, actor.officer_id
    session.flush()
    tag, subject = audit.Tag.ROTA_OVERRIDE_ENDED, f"rota_override:{row.id}"
    audit.record_by(session, actor, now, tag, subject, rota_id=row.rota_id)


def list_overrides(session: Session, rota_id: int, now: datetime) -> list[OverrideRecord]:
    """Those of a rota that last or are to come, the first to begin first.

    Raises:
        NotFound: No such rota.
    """
    get_rota(session, rota_id)
    rows = session.execute(_COMING, {"rota": rota_id, "now": now}).mappings()
    return [OverrideRecord(**row) for row in rows]


def _require_sense(new: NewOverride, now: datetime) -> None:
    if new.begins_at >= new.ends_at:
        raise Invalid("It must begin before it ends.")
    if new.ends_at <= now:
        raise Invalid("It is over already.")
    if new.ends_at - new.begins_at > LONGEST:
        raise Invalid("It lasts a year at most.")


_COMING = text(
    "SELECT v.id, v.officer_id, v.begins_at, v.ends_at, o.display_name AS made_by, v.made_at"
    " FROM rota_override v JOIN officer o ON o.id = v.made_by_id"
    " WHERE v.rota_id = :rota AND v.ended_at IS NULL AND v.ends_at > :now"
    " ORDER BY v.begins_at, v.id"
)
