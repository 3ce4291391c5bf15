"""Reads rotas from their rows, as the rules know them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from alerts.models import RotaOverride, RotaVersion
from alerts.rota import Override, Rota, Turns


def read_rota(session: Session, rota_id: int, since: datetime) -> Rota:
    """A rota with every version of its turns, and the overrides that were not over by then.

    Args:
        session: Open transaction, only read.
        rota_id: A rota that is there.
        since: Aware UTC; what is asked of the rota is asked of no earlier instant.
    """
    versions = session.scalars(
        select(RotaVersion).where(RotaVersion.rota_id == rota_id).order_by(RotaVersion.version)
    )
    ends_at = func.coalesce(RotaOverride.ended_at, RotaOverride.ends_at)
    overrides = session.scalars(
        select(RotaOverride)
        .where(RotaOverride.rota_id == rota_id, ends_at > since)
        .order_by(RotaOverride.id)
    )
    return Rota(
        tuple(_turns(row) for row in versions),
        tuple(
            Override(row.officer_id, row.begins_at, row.ended_at or row.ends_at)
            for row in overrides
        ),
    )


def _turns(row: RotaVersion) -> Turns:
    return Turns(
        tuple(row.officer_ids),
        row.starts_on,
        row.handover,
        row.shift_days,
        ZoneInfo(row.time_zone),
        row.written_at,
    )
