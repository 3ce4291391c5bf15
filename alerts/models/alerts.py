"""The alerts' own tables: alerts, and their append-only history."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from alerts.catalogue import CATALOGUE, AlertKind, Urgency
from supervision.core.db import Base
from supervision.core.errors import Broken

Instant = TIMESTAMP(timezone=True)


class Alert(Base):
    """A finding that an officer must handle; only a person closes it.

    One with a `drill_id` is a drill's: it is about nobody, and no list or number has it.
    """

    __tablename__ = "alert"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    supervisee_id: Mapped[int | None] = mapped_column(ForeignKey("supervisee.id"))
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    kind: Mapped[str]
    severity: Mapped[str]
    grade: Mapped[str | None]
    dedup_key: Mapped[str]
    zone_id: Mapped[int | None] = mapped_column(ForeignKey("zone.id"))
    zone_version_id: Mapped[int | None] = mapped_column(ForeignKey("zone_version.id"))
    order_clause_id: Mapped[int | None] = mapped_column(ForeignKey("order_clause.id"))
    drill_id: Mapped[int | None] = mapped_column(ForeignKey("alert_drill.id"), unique=True)
    occurred_at: Mapped[datetime] = mapped_column(Instant)
    found_at: Mapped[datetime] = mapped_column(Instant)
    is_late: Mapped[bool]
    handling: Mapped[str] = mapped_column(default="new")
    cleared_at: Mapped[datetime | None] = mapped_column(Instant)
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant)
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    in_hand_at: Mapped[datetime | None] = mapped_column(Instant)
    in_hand_by_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    disposition: Mapped[str | None]
    note: Mapped[str | None]
    evidence: Mapped[dict[str, Any]] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy reads a plain dict

    @property
    def person_id(self) -> int:
        """About whom it is.

        Raises:
            Broken: It is a drill's, which is about nobody.
        """
        if self.supervisee_id is None:
            raise Broken("A drill is about nobody.")
        return self.supervisee_id

    @property
    def condition(self) -> str:
        """What the evidence says, whoever has the alert in hand."""
        return "active" if self.cleared_at is None else "cleared"

    @property
    def urgency(self) -> Urgency:
        """The class of its kind."""
        return CATALOGUE[AlertKind(self.kind)].urgency


class AlertEvent(Base):
    """One thing that happened to an alert; `seq` is the live feed's number in the agency."""

    __tablename__ = "alert_event"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    alert_id: Mapped[int] = mapped_column(ForeignKey("alert.id"))
    seq: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB)
