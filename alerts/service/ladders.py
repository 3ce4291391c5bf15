"""Sets how alerts climb in an agency: its ladders, and who is on call."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from alerts.catalogue import AlertKind
from alerts.escalation import Ladder, Post, Rung, require_sense
from alerts.models import EscalationLadder, RotaOverride, RotaRow
from alerts.posts import read_rota
from alerts.rota import on_call
from alerts.service.contact_points import require_outside
from alerts.store import hold_ledgers
from supervision.core import audit
from supervision.core.access import Actor, Permission
from supervision.core.errors import Conflict, Invalid, NotFound

LONGEST_SHIFT_DAYS = 31


@dataclass(frozen=True, slots=True)
class NewRota:
    """Officers who shall take turns, handing over at a local time of the agency."""

    name: str
    officer_ids: tuple[int, ...]
    starts_on: date
    handover: time
    shift_days: int


def write_ladder(
    session: Session, actor: Actor, kind: AlertKind, ladder: Ladder, now: datetime
) -> None:
    """Set how alerts of a kind climb; a new version, for what is raised and climbs from now on.

    The caller commits.

    Raises:
        NotAllowed: The actor does not set responses.
        Invalid: It makes no sense, or is slower than a critical kind allows.
        NotFound: It names an officer or a rota that the agency has not. Nothing was written.
    """
    actor.require(Permission.SET_RESPONSES)
    require_sense(kind, ladder)
    _require_there(session, actor.agency_id, ladder.rungs)
    hold_ledgers(session, [actor.agency_id])
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


def add_rota(session: Session, actor: Actor, new: NewRota, now: datetime) -> RotaRow:
    """Let officers take turns in being on call; the caller commits.

    Raises:
        NotAllowed: The actor does not set responses.
        Invalid: Nobody takes turns, or a shift makes no sense.
        NotFound: One of the officers is none of the agency's.
        Conflict: The agency has a rota of this name. Nothing was written.
    """
    actor.require(Permission.SET_RESPONSES)
    if not new.officer_ids or not 1 <= new.shift_days <= LONGEST_SHIFT_DAYS:
        message = f"Name who takes turns, for shifts of 1 to {LONGEST_SHIFT_DAYS} days."
        raise Invalid(message)
    _require_officers(session, actor.agency_id, new.officer_ids)
    hold_ledgers(session, [actor.agency_id])
    if session.scalars(select(RotaRow.id).where(RotaRow.name == new.name)).first() is not None:
        raise Conflict("There is a rota of this name.")
    zone = session.execute(_ZONE, {"agency": actor.agency_id}).scalar_one()
    row = RotaRow(
        agency_id=actor.agency_id,
        time_zone=zone,
        made_by_id=actor.officer_id,
        made_at=now,
        **asdict(new) | {"officer_ids": list(new.officer_ids)},
    )
    session.add(row)
    session.flush()
    audit.record_by(session, actor, now, audit.Tag.ROTA_MADE, f"rota:{row.id}")
    return row


def override_rota(
    session: Session,
    actor: Actor,
    rota_id: int,
    officer_id: int,
    span: tuple[datetime, datetime],
    now: datetime,
) -> None:
    """Put somebody on call from one instant until before another; the caller commits.

    Raises:
        NotAllowed: The actor does not set responses.
        NotFound: No such rota or officer.
        Invalid: The time is empty. Nothing was written.
    """
    actor.require(Permission.SET_RESPONSES)
    begins_at, ends_at = span
    if begins_at >= ends_at:
        raise Invalid("It must begin before it ends.")
    _rota(session, rota_id)
    _require_officers(session, actor.agency_id, [officer_id])
    session.add(
        RotaOverride(
            agency_id=actor.agency_id,
            rota_id=rota_id,
            officer_id=officer_id,
            begins_at=begins_at,
            ends_at=ends_at,
            made_by_id=actor.officer_id,
            made_at=now,
        )
    )
    session.flush()
    audit.record_by(session, actor, now, audit.Tag.ROTA_OVERRIDDEN, f"rota:{rota_id}")


def list_rotas(session: Session) -> Sequence[RotaRow]:
    """The agency's rotas, oldest first."""
    return session.scalars(select(RotaRow).order_by(RotaRow.id)).all()


def who_is_on_call(session: Session, rota_id: int, at: datetime) -> int | None:
    """The officer on call at an instant; None before the rota begins.

    Raises:
        NotFound: No such rota.
    """
    row = _rota(session, rota_id)
    return on_call(*read_rota(session, row, at), at)


def _rota(session: Session, rota_id: int) -> RotaRow:
    row = session.get(RotaRow, rota_id)
    if row is None:
        raise NotFound
    return row


def _require_there(session: Session, agency_id: int, rungs: Sequence[Rung]) -> None:
    named = [rung.id for rung in rungs if rung.post is Post.OFFICER and rung.id is not None]
    _require_officers(session, agency_id, named)
    for rung in rungs:
        if rung.post is Post.ROTA and rung.id is not None:
            _rota(session, rung.id)
        if rung.post is Post.OUTSIDE and rung.id is not None:
            require_outside(session, rung.id)


def _require_officers(session: Session, agency_id: int, officer_ids: Sequence[int]) -> None:
    wanted = sorted(set(officer_ids))
    known = session.execute(_KNOWN, {"agency": agency_id, "ids": wanted}).scalar_one()
    if known != len(wanted):
        raise NotFound("No such officer in the agency.")


_ZONE = text("SELECT time_zone FROM agency WHERE id = :agency")
_KNOWN = text(
    "SELECT count(*) FROM officer WHERE agency_id = :agency AND id = ANY(:ids) AND is_active"
)
