"""Finds alerts, locked for whoever changes them.

Every transaction takes the agency's ledger row before any alert's row: an officer who handles one
alert while a batch changes two can then never wait for it in a circle.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, column, or_, select, table, text, tuple_
from sqlalchemy.orm import Session

from alerts.models import Alert, Notification
from alerts.rules import Handling


def hold_ledgers(session: Session, agency_ids: Iterable[int]) -> None:
    """Lock these agencies' ledger rows until the caller commits, in one order everywhere."""
    session.execute(
        text(
            "SELECT 1 FROM agency_ledger WHERE agency_id = ANY(:agencies)"
            " ORDER BY agency_id FOR UPDATE"
        ),
        {"agencies": sorted(set(agency_ids))},
    )


# Another room's table, by its name alone.
_SUPERVISEE = table("supervisee", column("id"), column("supervising_officer_id"))


def find_by_keys(session: Session, keys: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Alert]:
    """The alerts of these occurrences, by agency and key, as far as there are any.

    Args:
        session: Open transaction that holds the agencies' ledgers.
        keys: Agency and dedup key.

    Returns:
        Locked until the caller commits.
    """
    wanted = sorted(set(keys))
    found = session.scalars(
        select(Alert)
        .where(tuple_(Alert.agency_id, Alert.dedup_key).in_(wanted))
        .order_by(Alert.id)
        .with_for_update()
    )
    return {(alert.agency_id, alert.dedup_key): alert for alert in found}


def find_lasting(
    session: Session, supervisee_id: int, device_id: int, kind: str, at: datetime
) -> Sequence[Alert]:
    """Alerts of one kind whose condition lasted then, locked until the caller commits.

    Args:
        session: Open transaction that holds the agency's ledger.
        supervisee_id: About whom.
        device_id: Found by which device, as their evidence says.
        kind: Of which kind.
        at: Begun by then, and not known to be over by then.
    """
    return session.scalars(
        select(Alert)
        .where(
            Alert.supervisee_id == supervisee_id,
            Alert.kind == kind,
            Alert.evidence["device_id"].as_integer() == device_id,
            Alert.occurred_at <= at,
            or_(Alert.cleared_at.is_(None), Alert.cleared_at > at),
        )
        .order_by(Alert.id)
        .with_for_update()
    ).all()


def find_never_seen(
    session: Session, supervisee_id: int, kind: str, evidence: dict[str, int]
) -> Alert | None:
    """The newest alert with this in its evidence that nobody has ever seen; locked as these are.

    One that is new again, because it lay untouched, has been seen.
    """
    return session.scalars(
        select(Alert)
        .where(
            Alert.supervisee_id == supervisee_id,
            Alert.kind == kind,
            Alert.handling == Handling.NEW,
            Alert.acknowledged_at.is_(None),
            Alert.in_hand_at.is_(None),
            Alert.evidence.contains(evidence),
        )
        .order_by(Alert.id.desc())
        .limit(1)
        .with_for_update()
    ).one_or_none()


def in_caseload(officer_id: int | None) -> ColumnElement[bool]:
    """Which alerts an officer sees: of people he supervises now, and those that told him.

    So a person who changes officers leaves no alert behind with nobody, and whoever a ladder has
    told, as backup or from a rota, can see to it until it is closed; what he closed he still sees.
    A drill's is seen as a drill alone.

    Args:
        officer_id: Whose caseload; None for the whole agency's.
    """
    is_real = Alert.drill_id.is_(None)
    if officer_id is None:
        return is_real
    supervised = select(_SUPERVISEE.c.id).where(_SUPERVISEE.c.supervising_officer_id == officer_id)
    told = select(Notification.alert_id).where(Notification.officer_id == officer_id)
    is_his = or_(Alert.officer_id == officer_id, Alert.supervisee_id.in_(supervised))
    is_open_to_him = or_(Alert.handling != Handling.CLOSED, Alert.closed_by_id == officer_id)
    return is_real & or_(is_his, Alert.id.in_(told) & is_open_to_him)


def is_supervised(session: Session, supervisee_id: int, officer_id: int | None) -> bool:
    """Whether a person is in the caseload of this officer; None for the whole agency's."""
    query = select(_SUPERVISEE.c.id).where(_SUPERVISEE.c.id == supervisee_id)
    if officer_id is not None:
        query = query.where(_SUPERVISEE.c.supervising_officer_id == officer_id)
    return session.scalars(query).one_or_none() is not None


def find_for_handling(session: Session, alert_id: int, officer_id: int | None) -> Alert | None:
    """An alert to act on, locked until the caller commits.

    Args:
        session: Open transaction, bound to the agency.
        alert_id: Which.
        officer_id: Only if it is in this officer's caseload; None for the whole agency's.
    """
    session.execute(
        text(
            "SELECT 1 FROM agency_ledger l JOIN alert a ON a.agency_id = l.agency_id"
            " WHERE a.id = :alert FOR UPDATE OF l"
        ),
        {"alert": alert_id},
    )
    query = select(Alert).where(Alert.id == alert_id, in_caseload(officer_id)).with_for_update()
    return session.scalars(query).one_or_none()
