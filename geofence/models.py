"""The geofence's tables: zones, their versions, and the stays found in them."""

from datetime import datetime

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, ForeignKey, Identity, Text
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from supervision.core.db import Base

Instant = TIMESTAMP(timezone=True)


class ExclusionZone(Base):
    """A place an order keeps someone away from; its shape lives in its versions."""

    __tablename__ = "exclusion_zone"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    supervisee_id: Mapped[int] = mapped_column(ForeignKey("supervisee.id"))
    court_order_id: Mapped[int] = mapped_column(ForeignKey("court_order.id"))
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant)


class ZoneVersion(Base):
    """One immutable drawing of a zone, in force from `armed_at` until `ends_at` or the next."""

    __tablename__ = "zone_version"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    supervisee_id: Mapped[int] = mapped_column(ForeignKey("supervisee.id"))
    zone_id: Mapped[int] = mapped_column(ForeignKey("exclusion_zone.id"))
    version: Mapped[int]
    epoch: Mapped[int] = mapped_column(BigInteger)
    shape: Mapped[str]
    geom: Mapped[WKBElement | None] = mapped_column(Geometry("GEOMETRY", 4326, spatial_index=False))
    buffer_m: Mapped[float]
    armed_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime | None] = mapped_column(Instant)
    notes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    drawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    drawn_at: Mapped[datetime] = mapped_column(Instant)


class ZoneEpoch(Base):
    """Counts an agency's zone changes, so that workers know when to read them again."""

    __tablename__ = "zone_epoch"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    epoch: Mapped[int] = mapped_column(BigInteger)


class ZoneStay(Base):
    """A time spent in a zone: one row however many pings, kept in step with all known fixes."""

    __tablename__ = "zone_stay"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    supervisee_id: Mapped[int] = mapped_column(ForeignKey("supervisee.id"))
    zone_id: Mapped[int] = mapped_column(ForeignKey("exclusion_zone.id"))
    zone_version_id: Mapped[int] = mapped_column(ForeignKey("zone_version.id"))
    grade: Mapped[str]
    entered_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    left_at: Mapped[datetime | None] = mapped_column(Instant)
    deepest_m: Mapped[float]
    deepest_accuracy_m: Mapped[float]
    entry_position_id: Mapped[int] = mapped_column(BigInteger)
    deepest_position_id: Mapped[int] = mapped_column(BigInteger)
    fix_count: Mapped[int]
    is_late: Mapped[bool]
    found_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
