"""The table of shelves: which source of alerts is held back, by whom, why, until when."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from supervision.core.db import Base

Instant = TIMESTAMP(timezone=True)


class ShelfRow(Base):
    """A kind of alert about a person is shelved (`alerts.shelving.Shelf`).

    Until before `ends_at`, or until `ended_at` if somebody took it back or prolonged it.
    """

    __tablename__ = "alert_shelf"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    supervisee_id: Mapped[int] = mapped_column(ForeignKey("supervisee.id"))
    kind: Mapped[str]
    reason: Mapped[str]
    shelved_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    begins_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    stretch_began_at: Mapped[datetime] = mapped_column(Instant)
    prolongs_id: Mapped[int | None] = mapped_column(ForeignKey("alert_shelf.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
