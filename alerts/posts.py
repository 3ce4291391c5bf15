"""Finds out who stands on a rung of a ladder at an instant; only those who may still sign in."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from alerts.escalation import Post, Rung
from alerts.models import Alert, RotaOverride, RotaRow
from alerts.rota import Override, Rota, on_call


def who_stands(session: Session, rung: Rung, alert: Alert, at: datetime) -> list[int]:
    """The officers to be told on a rung; none where nobody, or somebody outside, stands there.

    Args:
        session: Open transaction, only read.
        rung: Of the alert's ladder.
        alert: Of which the officer responsible, his backup and his agency are meant.
        at: Aware UTC.
    """
    values = {
        "agency": alert.agency_id,
        "supervisee": alert.supervisee_id,
        "officer": alert.officer_id,
        "id": rung.id,
    }
    if rung.post is Post.OUTSIDE:
        return []
    if rung.post is Post.ROTA:
        values["id"] = _on_call(session, rung, alert, at)
    return list(session.scalars(_WHO[rung.post], values))


def read_rota(session: Session, row: RotaRow, at: datetime) -> tuple[Rota, list[Override]]:
    """A rota as the rules know it, and the overrides that cover an instant."""
    turns = Rota(
        tuple(row.officer_ids), row.starts_on, row.handover, row.shift_days, ZoneInfo(row.time_zone)
    )
    covering = session.scalars(
        select(RotaOverride).where(
            RotaOverride.rota_id == row.id, RotaOverride.begins_at <= at, RotaOverride.ends_at > at
        )
    )
    return turns, [Override(one.officer_id, one.begins_at, one.ends_at) for one in covering]


def _on_call(session: Session, rung: Rung, alert: Alert, at: datetime) -> int | None:
    row = session.get(RotaRow, rung.id)
    if row is None or row.agency_id != alert.agency_id:
        return None
    return on_call(*read_rota(session, row, at), at)


# The responsible officer is whoever supervises the person now, not when the alert was raised; of a
# drill, which is about nobody, the officer whom it names.
_ACTIVE = "SELECT o.id FROM officer o WHERE o.agency_id = :agency AND o.is_active AND "
_SUPERVISING = (
    "coalesce((SELECT supervising_officer_id FROM supervisee WHERE id = :supervisee), :officer)"
)
_WHO = {
    Post.RESPONSIBLE: text(f"{_ACTIVE} o.id = {_SUPERVISING}"),
    Post.BACKUP: text(
        f"{_ACTIVE} o.id = (SELECT backup_id FROM officer WHERE id = {_SUPERVISING})"
    ),
    Post.SUPERVISORS: text(f"{_ACTIVE} o.role = 'supervisor' ORDER BY o.id"),
    Post.OFFICER: text(f"{_ACTIVE} o.id = :id"),
    Post.ROTA: text(f"{_ACTIVE} o.id = :id"),
}
