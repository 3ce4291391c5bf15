"""Reads what a person's orders in force forbid, as a patrol may be told."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from supervision.register.clauses import MEANINGS
from supervision.register.service import (
    OrderRecord,
    get_protected_person,
    list_clauses,
    list_orders,
)

MOST_ORDERS = 50


@dataclass(frozen=True, slots=True)
class Terms:
    """What an order in force forbids: by the kinds of its clauses, not in the court's words.

    Attributes:
        order: Of which court, under which number.
        clauses: Code and meaning of each clause.
        safe_contact: How she is reached; None where the link does not show it.
    """

    order: OrderRecord
    clauses: list[tuple[str, str]]
    safe_contact: str | None


def read_terms(
    session: Session, supervisee_id: int, now: datetime, contacts_until: datetime | None
) -> list[Terms]:
    """The terms of a person's orders in force; showing a safe contact is to be audited.

    Args:
        session: Open transaction bound to the agency, only read.
        supervisee_id: Whose orders.
        now: Aware UTC.
        contacts_until: Orders entered by then show the safe contact; None: no order does.
    """
    orders = list_orders(session, None, None, MOST_ORDERS, supervisee_id)
    return [
        Terms(order, _clauses(session, order), _contact(session, order, contacts_until))
        for order in orders
        if order.begins_at <= now and (order.ends_at is None or now < order.ends_at)
    ]


def _clauses(session: Session, order: OrderRecord) -> list[tuple[str, str]]:
    codes = [clause.condition_code for clause in list_clauses(session, order.id, None)]
    return [(code, MEANINGS[code]) for code in dict.fromkeys(codes)]


def _contact(session: Session, order: OrderRecord, until: datetime | None) -> str | None:
    if until is None or order.created_at > until:
        return None
    return get_protected_person(session, order.protected_person_id, None).safe_contact
