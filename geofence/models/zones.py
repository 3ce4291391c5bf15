"""Zones, what they have been, whom they apply to and when they do not."""

from datetime import datetime
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, ForeignKey, Identity, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from supervision.core.db import Base

Instant = TIMESTAMP(timezone=True)


class ZoneSet(Base):
    """Places drawn once for many people: all schools of a county."""

    __tablename__ = "zone_set"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant)


class ZoneSetMember(Base):
    """One person to whom a set applies, by which clause of his order, from when until when."""

    __tablename__ = "zone_set_member"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    zone_set_id: Mapped[int] = mapped_column(ForeignKey("zone_set.id"))
    supervisee_id: Mapped[int] = mapped_column(ForeignKey("supervisee.id"))
    order_clause_id: Mapped[int] = mapped_column(ForeignKey("order_clause.id"))
    epoch: Mapped[int] = mapped_column(BigInteger)
    begins_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime | None] = mapped_column(Instant)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    added_at: Mapped[datetime] = mapped_column(Instant)


class Zone(Base):
    """A place someone is kept away from, or kept in; its shape lives in its versions.

    It is one person's, by a clause of his order, or one of a set.
    """

    __tablename__ = "zone"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    kind: Mapped[str]
    supervisee_id: Mapped[int | None] = mapped_column(ForeignKey("supervisee.id"))
    court_order_id: Mapped[int | None] = mapped_column(ForeignKey("court_order.id"))
    order_clause_id: Mapped[int | None] = mapped_column(ForeignKey("order_clause.id"))
    zone_set_id: Mapped[int | None] = mapped_column(ForeignKey("zone_set.id"))
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant)


class ZoneVersion(Base):
    """One immutable drawing of a zone, in force from `armed_at` until `ends_at` or the next."""

    __tablename__ = "zone_version"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    supervisee_id: Mapped[int | None] = mapped_column(ForeignKey("supervisee.id"))
    zone_id: Mapped[int] = mapped_column(ForeignKey("zone.id"))
    version: Mapped[int]
    epoch: Mapped[int] = mapped_column(BigInteger)
    shape: Mapped[str]
    geom: Mapped[WKBElement | None] = mapped_column(Geometry("GEOMETRY", 4326, spatial_index=False))
    buffer_m: Mapped[float]
    inradius_m: Mapped[float]
    warning_m: Mapped[float]
    schedule: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    time_zone: Mapped[str]
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


class ZoneException(Base):
    """A time in which a zone does not count for somebody, who granted it and why."""

    __tablename__ = "zone_exception"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    supervisee_id: Mapped[int] = mapped_column(ForeignKey("supervisee.id"))
    zone_id: Mapped[int] = mapped_column(ForeignKey("zone.id"))
    epoch: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]
    reason: Mapped[str]
    begins_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    granted_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    granted_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))


class ZoneBoundary(Base):
    """A moment at which a zone begins or ceases to count for somebody, swept when due."""

    __tablename__ = "zone_boundary"

    supervisee_id: Mapped[int] = mapped_column(ForeignKey("supervisee.id"), primary_key=True)
    zone_id: Mapped[int] = mapped_column(ForeignKey("zone.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    swept_at: Mapped[datetime | None] = mapped_column(Instant)
