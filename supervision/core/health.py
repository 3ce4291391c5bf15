"""Heartbeats: every process says that it lives, so that a dead one can be seen."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """When a process was last heard, and what it said of itself."""

    name: str
    beat_at: datetime
    detail: dict[str, Any]


def beat(session: Session, name: str, now: datetime, **detail: object) -> None:
    """Note that the process `name` is alive; the caller commits."""
    session.execute(
        text(
            "INSERT INTO process_heartbeat (name, beat_at, detail)"
            " VALUES (:name, :now, CAST(:detail AS jsonb)) ON CONFLICT (name)"
            " DO UPDATE SET beat_at = excluded.beat_at, detail = excluded.detail"
        ),
        {"name": name, "now": now, "detail": json.dumps(detail)},
    )


def forget(session: Session, name: str) -> None:
    """Note that the process `name` has ended on purpose; the caller commits."""
    session.execute(text("DELETE FROM process_heartbeat WHERE name = :name"), {"name": name})


def heartbeats(session: Session) -> list[Heartbeat]:
    """Every process that was ever heard, by name."""
    rows = session.execute(
        text("SELECT name, beat_at, detail FROM process_heartbeat ORDER BY name")
    )
    return [Heartbeat(row.name, row.beat_at, row.detail) for row in rows]
