"""Entering clauses and answering for those without a zone: written and told of together."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from supervision.core import audit
from supervision.core.access import Actor, Permission
from supervision.corridor.coverage import Patience, tell_of_coverage
from supervision.register import service as register


@dataclass(frozen=True, slots=True)
class Clauses:
    """One officer's changes to clauses and waivers at one moment.

    Attributes:
        session: Open transaction; the caller commits.
        actor: Who changes something; must be allowed to.
        now: Aware UTC.
        patience: Before whom a clause counts as uncovered.
    """

    session: Session
    actor: Actor
    now: datetime
    patience: Patience

    def add(self, order_id: int, new: register.NewClause) -> register.ClauseRecord:
        """Enter a clause of an order; from now on it needs cover, if its kind does.

        Raises:
            NotAllowed: The actor's role enters no orders.
            NotFound: No such order in the agency. In each case nothing was written.
        """
        self.actor.require(Permission.WRITE_PROTECTED)
        by = audit.officer(self.actor.officer_id)
        agency_id = self.actor.agency_id
        clause = register.add_clause(self.session, agency_id, order_id, new, self.now, by)
        self._tell(clause)
        return clause

    def sign_waiver(self, clause_id: int, new: register.NewWaiver) -> register.WaiverRecord:
        """Sign why a clause has no zone; its alert, if it has one, is cleared and stays open.

        Raises:
            NotAllowed: The actor's role signs no waivers.
            NotFound: No such clause in the agency.
            Invalid: See `register.sign_waiver`. In each case nothing was written.
        """
        agency_id, officer_id = self._signer()
        waiver = register.sign_waiver(self.session, agency_id, clause_id, new, officer_id, self.now)
        self._tell(register.get_clause(self.session, waiver.order_clause_id, None))
        return waiver

    def withdraw_waiver(self, waiver_id: int) -> register.WaiverRecord:
        """Take a waiver back; the clause is uncovered at once, unless something else covers it.

        Raises:
            NotAllowed: The actor's role signs no waivers.
            NotFound: No such waiver in the agency.
            Conflict: It is over already. In each case nothing was changed.
        """
        agency_id, officer_id = self._signer()
        waiver = register.withdraw_waiver(self.session, agency_id, waiver_id, officer_id, self.now)
        self._tell(register.get_clause(self.session, waiver.order_clause_id, None))
        return waiver

    def _signer(self) -> tuple[int, int]:
        self.actor.require(Permission.SIGN_WAIVERS)
        return self.actor.agency_id, self.actor.officer_id

    def _tell(self, clause: register.ClauseRecord) -> None:
        tell_of_coverage(self.session, [clause.supervisee_id], self.now, self.patience)
