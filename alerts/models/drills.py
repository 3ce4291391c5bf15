"""The table of drills; what a drill tells walks the ladder as an alert of its own (`Alert`)."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from supervision.core.db import Base


class DrillRow(Base):
    """A drill of how alerts of a kind reach people, beginning with one officer."""

    __tablename__ = "alert_drill"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    kind: Mapped[str]
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    is_at_once: Mapped[bool]
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    started_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True))
