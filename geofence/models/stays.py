"""What was found: stays in zones and their warning rings, and silences that could hide one."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from supervision.core.db import Base

Instant = TIMESTAMP(timezone=True)


class ZoneStay(Base):
    """A time spent in a zone: one row however many pings, kept in step with all known fixes."""

    __tablename__ = "zone_stay"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    supervisee_id: Mapped[int] = mapped_column(ForeignKey("supervisee.id"))
    zone_id: Mapped[int] = mapped_column(ForeignKey("zone.id"))
    zone_version_id: Mapped[int] = mapped_column(ForeignKey("zone_version.id"))
    ring: Mapped[str]
    evidence_kind: Mapped[str]
    grade: Mapped[str]
    entered_after_at: Mapped[datetime | None] = mapped_column(Instant)
    entered_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    left_at: Mapped[datetime | None] = mapped_column(Instant)
    left_before_at: Mapped[datetime | None] = mapped_column(Instant)
    deepest_m: Mapped[float]
    deepest_accuracy_m: Mapped[float]
    decided_at: Mapped[datetime] = mapped_column(Instant)
    decided_share: Mapped[float]
    decided_distance_m: Mapped[float]
    decided_accuracy_m: Mapped[float]
    decided_position_id: Mapped[int] = mapped_column(BigInteger)
    closing_at: Mapped[datetime | None] = mapped_column(Instant)
    closing_mps: Mapped[float | None]
    eta_s: Mapped[float | None]
    entry_position_id: Mapped[int] = mapped_column(BigInteger)
    deepest_position_id: Mapped[int] = mapped_column(BigInteger)
    fix_count: Mapped[int]
    is_late: Mapped[bool]
    found_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


class ZoneSilence(Base):
    """A silence in which a zone, or zones of a set, could have been reached."""

    __tablename__ = "zone_silence"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    supervisee_id: Mapped[int] = mapped_column(ForeignKey("supervisee.id"))
    zone_id: Mapped[int] = mapped_column(ForeignKey("zone.id"))
    zone_version_id: Mapped[int] = mapped_column(ForeignKey("zone_version.id"))
    zone_set_id: Mapped[int | None] = mapped_column(ForeignKey("zone_set.id"))
    zones_in_reach: Mapped[int]
    from_at: Mapped[datetime] = mapped_column(Instant)
    until_at: Mapped[datetime] = mapped_column(Instant)
    spare_m: Mapped[float]
    found_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
