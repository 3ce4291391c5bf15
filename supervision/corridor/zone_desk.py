"""What every change to zones has in common: on which clause it rests, who is locked and judged."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from geofence.zones import Pair, ZoneBook
from supervision.core import audit
from supervision.core.access import Actor, Permission
from supervision.core.errors import Invalid, NotFound
from supervision.core.locks import lock_people
from supervision.corridor.coverage import Patience, tell_of_coverage
from supervision.corridor.rejudging import judge_anew
from supervision.register.clauses import MAY_HAVE_A_ZONE, may_have_zone
from supervision.register.models import CourtOrder, OrderClause, Supervisee


class Basis(NamedTuple):
    """The clause on which a zone rests, its order and its person."""

    clause_id: int
    order_id: int
    agency_id: int
    supervisee_id: int
    time_zone: str
    begins_at: datetime
    ends_at: datetime | None

    def begin(self, at: datetime) -> datetime:
        """From when a zone counts that is wanted from `at` on: not before its order does.

        Raises:
            Invalid: The order is over by then.
        """
        begins_at = max(at, self.begins_at)
        if self.ends_at is not None and begins_at >= self.ends_at:
            message = "The order is over by then: a zone under it would never count."
            raise Invalid(message)
        return begins_at


@dataclass(frozen=True, slots=True)
class ZoneDesk:
    """One officer's changes to zones at one moment.

    Attributes:
        session: Open transaction; the caller commits.
        actor: Who changes something; must be allowed to.
        now: Aware UTC.
        late_after: A finding older than this is marked late.
        patience: Before whom a clause counts as uncovered.
    """

    session: Session
    actor: Actor
    now: datetime
    late_after: timedelta
    patience: Patience

    def require(self) -> None:
        """Stop here unless the actor may change zones.

        Raises:
            NotAllowed: The actor's role draws no zones.
        """
        self.actor.require(Permission.WRITE_ZONES)

    def basis(self, clause_id: int) -> Basis:
        """What a clause says, its person locked until the commit.

        Raises:
            NotFound: No such clause in the agency.
            Invalid: A zone cannot rest on it.
        """
        row = self.session.execute(
            select(OrderClause, CourtOrder, Supervisee.time_zone)
            .join(CourtOrder, CourtOrder.id == OrderClause.court_order_id)
            .join(Supervisee, Supervisee.id == OrderClause.supervisee_id)
            .where(OrderClause.id == clause_id, OrderClause.agency_id == self.actor.agency_id)
        ).one_or_none()
        if row is None:
            raise NotFound
        clause, order, time_zone = row
        if not may_have_zone(clause.condition_code):
            codes = ", ".join(sorted(map(str, MAY_HAVE_A_ZONE)))
            message = f"A zone cannot rest on this clause, only on one with code {codes}."
            raise Invalid(message)
        person = clause.supervisee_id
        self.lock(person)
        span = (order.begins_at, order.ends_at)
        return Basis(clause.id, order.id, clause.agency_id, person, time_zone, *span)

    def lock(self, supervisee_id: int) -> None:
        """Keep others from judging this person until the commit; before any row is touched.

        Whoever judges him meanwhile would else wait for the zone's row, and we for the person.
        """
        lock_people(self.session, [supervisee_id])

    def judge(self, supervisee_id: int, since: dict[Pair, int]) -> None:
        """Judge what is known of a person anew, pair by pair from a moment on, and tell of it."""
        book = ZoneBook.of_person(self.session, supervisee_id)
        judge_anew(self.session, book, since, self.now, self.late_after)

    def judge_set(self, supervisee_id: int, zone_set_id: int, since_us: int) -> None:
        """The same for all zones of a set."""
        book = ZoneBook.of_person(self.session, supervisee_id)
        since = dict.fromkeys(book.pairs_of(supervisee_id, zone_set_id), since_us)
        judge_anew(self.session, book, since, self.now, self.late_after)

    def tell_of_coverage(self, supervisee_id: int) -> None:
        """Tell of the person's clauses: a zone may cover one now, or no longer."""
        tell_of_coverage(self.session, [supervisee_id], self.now, self.patience)

    def record(self, tag: audit.Tag, subject: str, **detail: object) -> None:
        """Put the change on the audit trail; last, for it holds the trail until the commit."""
        audit.record_by(self.session, self.actor, self.now, tag, subject, **detail)
