"""The tables of what came of a check-in: what was told, seen and sent, and who reads along."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from supervision.core.db import Base

Instant = TIMESTAMP(timezone=True)


class CheckinSubmission(Base):
    """What somebody told by himself; the engine's side compares the position at `judged_at`."""

    __tablename__ = "checkin_submission"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    checkin_id: Mapped[int] = mapped_column(ForeignKey("checkin.id"), unique=True)
    submitted_at: Mapped[datetime] = mapped_column(Instant)
    language: Mapped[str]
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB)
    wants_call: Mapped[bool]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    accuracy_m: Mapped[float | None]
    located_at: Mapped[datetime | None] = mapped_column(Instant)
    no_position_reason: Mapped[str | None]
    device_position_id: Mapped[int | None] = mapped_column(BigInteger)
    device_fixed_at: Mapped[datetime | None] = mapped_column(Instant)
    distance_m: Mapped[float | None]
    concerns: Mapped[list[str]] = mapped_column(ARRAY(Text))
    judged_at: Mapped[datetime | None] = mapped_column(Instant)


class CheckinSighting(Base):
    """An officer saw the person from a distance while they telephoned, and from where."""

    __tablename__ = "checkin_sighting"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    checkin_id: Mapped[int] = mapped_column(ForeignKey("checkin.id"))
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    seen_at: Mapped[datetime] = mapped_column(Instant)
    told_at: Mapped[datetime] = mapped_column(Instant)
    lon: Mapped[float]
    lat: Mapped[float]
    accuracy_m: Mapped[float | None]
    place: Mapped[str]


class CheckinReminder(Base):
    """A message to the person, planned with the check-in; `outcome` says what came of it."""

    __tablename__ = "checkin_reminder"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    checkin_id: Mapped[int] = mapped_column(ForeignKey("checkin.id"))
    kind: Mapped[str]
    due_at: Mapped[datetime] = mapped_column(Instant)
    outcome: Mapped[str | None]
    settled_at: Mapped[datetime | None] = mapped_column(Instant)


class CalendarFeed(Base):
    """A calendar that an officer's or a person's own program reads, by a token's hash."""

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    supervisee_id: Mapped[int | None] = mapped_column(ForeignKey("supervisee.id"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
