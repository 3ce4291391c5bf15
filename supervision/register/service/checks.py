"""What is checked before the register believes it: owners, and what must be unique."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from supervision.core.errors import Conflict, NotFound
from supervision.register.models import (
    CourtOrder,
    Device,
    Officer,
    OrderClause,
    ProtectedPerson,
    Supervisee,
)

Owned = TypeVar("Owned", Officer, Supervisee, ProtectedPerson, CourtOrder, OrderClause, Device)


def owned(session: Session, kind: type[Owned], row_id: int, agency_id: int, what: str) -> Owned:
    """The row that a new one will point to.

    Foreign keys look past row-level security, so a row of another agency must be refused here.

    Raises:
        NotFound: It is not there, or another agency's.
    """
    row = session.get(kind, row_id)
    if row is None or row.agency_id != agency_id:
        message = f"There is no such {what}."
        raise NotFound(message)
    return row


def held_officer(session: Session, officer_id: int, agency_id: int) -> Officer:
    """An officer as he is now; he neither leaves nor changes until the caller commits.

    Raises:
        NotFound: There is none such in the agency.
    """
    officer = owned(session, Officer, officer_id, agency_id, "officer")
    session.refresh(officer, with_for_update={"read": True})
    return officer


@contextmanager
def conflict_if_refused(message: str) -> Generator[None]:
    """Tell a constraint's refusal as a Conflict; the transaction cannot go on after it.

    Raises:
        Conflict: With this message.
    """
    try:
        yield
    except IntegrityError as error:
        raise Conflict(message) from error
