"""Reads what kind of zone each is."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from geofence.models import Zone


def zone_kinds(session: Session, zone_ids: Sequence[int]) -> dict[int, str]:
    """Whether each of these zones is an exclusion or an inclusion zone."""
    rows = session.execute(select(Zone.id, Zone.kind).where(Zone.id.in_(zone_ids)))
    return {row.id: row.kind for row in rows}
