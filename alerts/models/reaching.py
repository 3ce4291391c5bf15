"""The tables of reaching people: ways to do so, messages that wait or went out, and attempts."""

from datetime import datetime, time

from sqlalchemy import BigInteger, ForeignKey, Identity, Text, Time
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from supervision.core.db import Base

Instant = TIMESTAMP(timezone=True)


class ContactPoint(Base):
    """A way to reach an officer, or without one somebody outside the agency, about alerts."""

    __tablename__ = "contact_point"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    name: Mapped[str]
    means: Mapped[str]
    address: Mapped[str]
    severities: Mapped[list[str]] = mapped_column(ARRAY(Text))
    after_s: Mapped[int] = mapped_column(default=0)
    quiet_from: Mapped[time | None] = mapped_column(Time)
    quiet_until: Mapped[time | None] = mapped_column(Time)
    secrets: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Notification(Base):
    """A message that waits to be sent, or was: about an alert, or to somebody about a check-in."""

    __tablename__ = "notification"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alert.id"))
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    contact_point_id: Mapped[int | None] = mapped_column(ForeignKey("contact_point.id"))
    checkin_id: Mapped[int | None] = mapped_column(ForeignKey("checkin.id"))
    supervisee_id: Mapped[int | None] = mapped_column(ForeignKey("supervisee.id"))
    kind: Mapped[str] = mapped_column(default="alert")
    channel: Mapped[str]
    idempotency_key: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(Instant)
    is_only_while_new: Mapped[bool] = mapped_column(default=False)
    bundle_id: Mapped[int | None] = mapped_column(ForeignKey("notification.id"))
    claimed_at: Mapped[datetime | None] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    delivered_at: Mapped[datetime | None] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    last_error: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(Instant)


class NotificationAttempt(Base):
    """One attempt to send a message; without outcome where the process died in it."""

    __tablename__ = "notification_attempt"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    notification_id: Mapped[int] = mapped_column(ForeignKey("notification.id"))
    number: Mapped[int]
    began_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str | None]
    reason: Mapped[str | None]


class DeliveryReceipt(Base):
    """What a gateway said became of a message, as it came; without reason where it arrived."""

    __tablename__ = "delivery_receipt"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    notification_id: Mapped[int] = mapped_column(ForeignKey("notification.id"))
    status: Mapped[str]
    reason: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
