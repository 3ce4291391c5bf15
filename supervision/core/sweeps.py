"""How far a periodic sweep has come: kept in the database, so that no stretch is left out."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session


def claim_sweep(session: Session, name: str, until: datetime) -> datetime | None:
    """Take upon us everything that fell due since the last sweep of this name.

    Args:
        session: Open transaction; its commit moves the mark, its rollback gives the claim back.
        name: Which sweep.
        until: Now; the next sweep begins here.

    Returns:
        From when to sweep (exclusive), or None when another process is at it, or on the very
        first sweep, which only sets the mark.
    """
    row = session.execute(
        text("SELECT swept_to FROM sweep_mark WHERE name = :name FOR UPDATE SKIP LOCKED"),
        {"name": name},
    ).one_or_none()
    if row is None:
        session.execute(
            text(
                "INSERT INTO sweep_mark (name, swept_to) VALUES (:name, :until)"
                " ON CONFLICT (name) DO NOTHING"
            ),
            {"name": name, "until": until},
        )
        return None
    session.execute(
        text("UPDATE sweep_mark SET swept_to = :until WHERE name = :name AND swept_to < :until"),
        {"name": name, "until": until},
    )
    since: datetime = row.swept_to
    return since
