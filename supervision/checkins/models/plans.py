"""The tables of what is asked: plans, their versions, pauses, each duty, and its history."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import BigInteger, Date, ForeignKey, Identity, Integer, Time
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from supervision.core.db import Base

Instant = TIMESTAMP(timezone=True)


class CheckinPlan(Base):
    """What somebody must do regularly, until it is ended; what it asks is in its versions."""

    __tablename__ = "checkin_plan"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    supervisee_id: Mapped[int] = mapped_column(ForeignKey("supervisee.id"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))


class CheckinPlanVersion(Base):
    """What a plan asked from `written_at` on; rows exist up to the local date `made_until`."""

    __tablename__ = "checkin_plan_version"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    checkin_plan_id: Mapped[int] = mapped_column(ForeignKey("checkin_plan.id"))
    version: Mapped[int]
    is_current: Mapped[bool]
    method: Mapped[str]
    purpose: Mapped[str]
    rrule: Mapped[str | None]
    starts_on: Mapped[date] = mapped_column(Date)
    at_local: Mapped[time | None] = mapped_column(Time)
    per_week: Mapped[int | None]
    allowed: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    least_gap_s: Mapped[int | None]
    ends_on: Mapped[date | None] = mapped_column(Date)
    except_on: Mapped[list[date]] = mapped_column(ARRAY(Date), server_default="{}")
    skips_holidays: Mapped[bool] = mapped_column(default=False)
    quiet_from: Mapped[time | None] = mapped_column(Time)
    quiet_until: Mapped[time | None] = mapped_column(Time)
    reminders_s: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default="{}")
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    place: Mapped[str | None]
    time_zone: Mapped[str]
    window_s: Mapped[int]
    grace_s: Mapped[int]
    made_until: Mapped[date | None] = mapped_column(Date)
    clocks: Mapped[str] = mapped_column(default="")
    draws: Mapped[int] = mapped_column(default=0)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    written_at: Mapped[datetime] = mapped_column(Instant)


class CheckinPause(Base):
    """A time in which nothing is asked of somebody, such as in hospital; until it is ended."""

    __tablename__ = "checkin_pause"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    supervisee_id: Mapped[int] = mapped_column(ForeignKey("supervisee.id"))
    begins_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))


class Checkin(Base):
    """One date's duty: done from `opens_at` until before `closes_at`, missed at `missed_at`."""

    __tablename__ = "checkin"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    supervisee_id: Mapped[int] = mapped_column(ForeignKey("supervisee.id"))
    checkin_plan_id: Mapped[int] = mapped_column(ForeignKey("checkin_plan.id"))
    checkin_plan_version_id: Mapped[int] = mapped_column(ForeignKey("checkin_plan_version.id"))
    method: Mapped[str]
    purpose: Mapped[str]
    slot: Mapped[str]
    is_unannounced: Mapped[bool]
    room: Mapped[str]
    local_date: Mapped[date] = mapped_column(Date)
    opens_at: Mapped[datetime] = mapped_column(Instant)
    closes_at: Mapped[datetime] = mapped_column(Instant)
    missed_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str]
    attended_at: Mapped[datetime | None] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    reviewed_at: Mapped[datetime | None] = mapped_column(Instant)
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    call_asked_at: Mapped[datetime | None] = mapped_column(Instant)
    made_at: Mapped[datetime] = mapped_column(Instant)


class CheckinEvent(Base):
    """One thing that happened to a check-in; `officer_id` is None where the software did it."""

    __tablename__ = "checkin_event"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    checkin_id: Mapped[int] = mapped_column(ForeignKey("checkin.id"))
    kind: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
