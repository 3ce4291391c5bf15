"""What devices said and are to be told, as kept: positions, events, rejections, commands."""

from datetime import datetime
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, Computed, ForeignKey, Identity
from sqlalchemy.dialects.postgresql import INT8MULTIRANGE, JSONB, SMALLINT, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from supervision.core.db import Base

Instant = TIMESTAMP(timezone=True)


class Position(Base):
    """A stored fix; append-only, partitioned by the day (UTC) of `fixed_at`."""

    __tablename__ = "position"

    # The table has no primary key: partitions are keyed by content (ADR-0002).
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    agency_id: Mapped[int] = mapped_column(BigInteger)
    supervisee_id: Mapped[int] = mapped_column(BigInteger)
    device_id: Mapped[int] = mapped_column(BigInteger)
    fixed_at: Mapped[datetime] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    received_at: Mapped[datetime] = mapped_column(Instant)
    lon: Mapped[float]
    lat: Mapped[float]
    accuracy_m: Mapped[float | None]
    source: Mapped[int] = mapped_column(SMALLINT)
    speed_mps: Mapped[float | None]
    course_deg: Mapped[float | None]
    altitude_m: Mapped[float | None]
    battery_pct: Mapped[float | None]
    session: Mapped[str | None]
    seq: Mapped[int | None] = mapped_column(BigInteger)
    raw: Mapped[bytes]
    geom: Mapped[WKBElement] = mapped_column(
        Geometry("POINT", 4326, spatial_index=False),
        Computed("ST_SetSRID(ST_MakePoint(lon, lat), 4326)", persisted=True),
    )


class DeviceEventRow(Base):
    """Something a device reported that is not a fix."""

    __tablename__ = "device_event"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    supervisee_id: Mapped[int] = mapped_column(ForeignKey("supervisee.id"))
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    kind: Mapped[str]
    occurred_at: Mapped[datetime] = mapped_column(Instant)
    received_at: Mapped[datetime] = mapped_column(Instant)
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB)


class ProtectedEventRow(Base):
    """Something that a protected person's device reported; where she was, only of a press."""

    __tablename__ = "protected_event"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    protected_person_id: Mapped[int] = mapped_column(ForeignKey("protected_person.id"))
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    kind: Mapped[str]
    occurred_at: Mapped[datetime] = mapped_column(Instant)
    received_at: Mapped[datetime] = mapped_column(Instant)
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    accuracy_m: Mapped[float | None]


class DeviceSession(Base):
    """Which sequence numbers of a device's session are stored."""

    __tablename__ = "device_session"

    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"), primary_key=True)
    session: Mapped[str] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    received: Mapped[Any] = mapped_column(INT8MULTIRANGE)
    updated_at: Mapped[datetime] = mapped_column(Instant)


class RejectedMessage(Base):
    """What was not believed, why, and the bytes themselves."""

    __tablename__ = "rejected_message"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    digest: Mapped[bytes] = mapped_column(unique=True)
    topic: Mapped[str]
    device_uid: Mapped[str | None]
    reason: Mapped[str]
    detail: Mapped[str]
    payload: Mapped[bytes]
    is_ignored: Mapped[bool]
    first_received_at: Mapped[datetime] = mapped_column(Instant)
    last_received_at: Mapped[datetime] = mapped_column(Instant)
    times_seen: Mapped[int] = mapped_column(BigInteger, default=1)


class DeviceCommand(Base):
    """What a device is to be told, and what became of it; the reason is ours alone."""

    __tablename__ = "device_command"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    supervisee_id: Mapped[int] = mapped_column(ForeignKey("supervisee.id"))
    kind: Mapped[str]
    interval_s: Mapped[int | None]
    ends_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str]
    idempotency_key: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    claimed_at: Mapped[datetime | None] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    superseded_by_id: Mapped[int | None] = mapped_column(ForeignKey("device_command.id"))
    last_error: Mapped[str | None]
