"""Finds out who stands on a rung of a ladder at an instant; only those who may still sign in."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from alerts.escalation import Post, Rung
from alerts.models import Alert, RotaRow
from alerts.rota import on_call
from alerts.rota_rows import read_rota
from supervision.core.errors import NotFound


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


def require_officers(session: Session, agency_id: int, officer_ids: Sequence[int]) -> None:
    """Stop here unless all of them are officers of the agency who may sign in.

    Raises:
        NotFound: One is not.
    """
    wanted = sorted(set(officer_ids))
    known = session.execute(_KNOWN, {"agency": agency_id, "ids": wanted}).scalar_one()
    if known != len(wanted):
        raise NotFound("No such officer in the agency.")


def _on_call(session: Session, rung: Rung, alert: Alert, at: datetime) -> int | None:
    row = session.get(RotaRow, rung.id)
    if row is None or row.agency_id != alert.agency_id or row.ended_at is not None:
        return None
    return on_call(read_rota(session, row.id, at), at)


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
_KNOWN = text(
    "SELECT count(*) FROM officer WHERE agency_id = :agency AND id = ANY(:ids) AND is_active"
)
