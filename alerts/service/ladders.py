"""Sets how alerts climb in an agency: its ladders."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from alerts.catalogue import AlertKind
from alerts.escalation import Ladder, Post, Rung, catalogued, require_sense
from alerts.models import EscalationLadder
from alerts.posts import require_officers
from alerts.service.contact_points import require_outside
from alerts.service.rotas import require_rota
from alerts.store import hold_ledgers
from supervision.core import audit
from supervision.core.access import Actor, Permission


def write_ladder(
    session: Session, actor: Actor, kind: AlertKind, ladder: Ladder, now: datetime
) -> None:
    """Set how alerts of a kind climb; a new version, for what is raised and climbs from now on.

    The caller commits.

    Raises:
        NotAllowed: The actor does not set responses.
        Invalid: It makes no sense, or is slower than a critical kind allows.
        NotFound: It names an officer, a rota or a contact point that the agency has not. Nothing
            was written.
    """
    actor.require(Permission.SET_RESPONSES)
    require_sense(kind, ladder)
    hold_ledgers(session, [actor.agency_id])
    _require_there(session, actor.agency_id, ladder.rungs)
    last = session.scalars(
        select(func.max(EscalationLadder.version)).where(
            EscalationLadder.agency_id == actor.agency_id, EscalationLadder.kind == kind
        )
    ).one()
    session.add(
        EscalationLadder(
            agency_id=actor.agency_id,
            kind=kind,
            version=(last or 0) + 1,
            rungs=[asdict(rung) for rung in ladder.rungs],
            again_s=ladder.again_s,
            untouched_s=ladder.untouched_s,
            written_by_id=actor.officer_id,
            written_at=now,
        )
    )
    session.flush()
    audit.record_by(session, actor, now, audit.Tag.LADDER_SET, f"alert_kind:{kind}")


def restore_ladder(session: Session, actor: Actor, kind: AlertKind, now: datetime) -> Ladder:
    """Let alerts of a kind climb as the catalogue has it, by a new version; the caller commits.

    Raises:
        NotAllowed: The actor does not set responses. Nothing was written.
    """
    ladder = catalogued(kind)
    write_ladder(session, actor, kind, ladder, now)
    return ladder


def _require_there(session: Session, agency_id: int, rungs: Sequence[Rung]) -> None:
    named = [(rung.post, rung.id) for rung in rungs if rung.id is not None]
    require_officers(session, agency_id, [one for post, one in named if post is Post.OFFICER])
    for post, named_id in named:
        if post is Post.ROTA:
            require_rota(session, named_id)
        if post is Post.OUTSIDE:
            require_outside(session, named_id)
