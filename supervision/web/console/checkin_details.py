"""Reads what was asked and what happened at a check-in, as its page tells it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from supervision.checkins.rules import Attempt, Change
from supervision.web.console import checkin_words


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One thing that happened; `actor` is None where the software or the person did it."""

    kind: str
    at: datetime
    actor: str | None
    detail: dict[str, Any]

    @property
    def words(self) -> str:
        """What happened."""
        return checkin_words.CHANGES[Change(self.kind)]

    @property
    def remark(self) -> str:
        """Why, in the officer's words or those of the list of reasons; empty where none."""
        if "why" in self.detail:
            return checkin_words.ATTEMPTS[Attempt(self.detail["why"])]
        return str(self.detail.get("reason") or self.detail.get("note") or "")

    @property
    def happened_at(self) -> datetime | None:
        """When it was so, where that is not when it was written down."""
        told = self.detail.get("attended_at") or self.detail.get("seen_at")
        return datetime.fromisoformat(told) if told else None


_QUESTIONS = text(
    "SELECT v.questions FROM checkin c"
    " JOIN checkin_plan_version v ON v.id = c.checkin_plan_version_id WHERE c.id = :id"
)
_CHANGES = text(
    "SELECT e.kind, e.at, o.display_name AS actor, e.detail FROM checkin_event e"
    " LEFT JOIN officer o ON o.id = e.officer_id WHERE e.checkin_id = :id ORDER BY e.id"
)


def read_changes(session: Session, checkin_id: int) -> list[ChangeLine]:
    """All that happened to a check-in, in order; whether it may be seen is asked before."""
    rows = session.execute(_CHANGES, {"id": checkin_id}).mappings()
    return [ChangeLine(**row) for row in rows]


def read_asked(session: Session, checkin_id: int) -> dict[str, str]:
    """What was asked at a check-in, in English, by the keys under which answers stand."""
    questions = session.execute(_QUESTIONS, {"id": checkin_id}).scalar_one()
    return {str(one["key"]): str(one["en"]) for one in questions if {"key", "en"} <= one.keys()}
