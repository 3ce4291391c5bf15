"""How far a periodic sweep has come: kept in the database, so that no stretch is left out."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from supervision.core.clock import EPOCH


def claim_sweep(session: Session, name: str, until: datetime) -> datetime | None:
    """Take upon us everything that fell due since the last sweep of this name.

    Args:
        session: Open transaction; its commit moves the mark, its rollback gives the claim back.
        name: Which sweep.
        until: Now; the next sweep begins here.

    Returns:
        From when to sweep (exclusive): on the very first sweep, from the beginning. None when
        another process is at it.
    """
    # Asked before: where a mark is, an insert would wait for the process that holds it.
    session.execute(
        text(
            "INSERT INTO sweep_mark (name, swept_to) SELECT :name, :epoch"
            " WHERE NOT EXISTS (SELECT FROM sweep_mark WHERE name = :name)"
            " ON CONFLICT (name) DO NOTHING"
        ),
        {"name": name, "epoch": EPOCH},
    )
    row = session.execute(
        text("SELECT swept_to FROM sweep_mark WHERE name = :name FOR UPDATE SKIP LOCKED"),
        {"name": name},
    ).one_or_none()
    if row is None:
        return None
    session.execute(
        text("UPDATE sweep_mark SET swept_to = :until WHERE name = :name AND swept_to < :until"),
        {"name": name, "until": until},
    )
    since: datetime = row.swept_to
    return since
