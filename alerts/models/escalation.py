"""The tables of escalation: ladders, rotas, and where each alert is on its ladder."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import BigInteger, Date, ForeignKey, Identity, Time
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from supervision.core.db import Base

Instant = TIMESTAMP(timezone=True)


class EscalationLadder(Base):
    """How alerts of a kind climb in an agency; the highest version is in force."""

    __tablename__ = "escalation_ladder"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    kind: Mapped[str]
    version: Mapped[int]
    rungs: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    again_s: Mapped[int]
    untouched_s: Mapped[int]
    written_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    written_at: Mapped[datetime] = mapped_column(Instant)


class RotaRow(Base):
    """A rota that ladders name; who takes turns on it is in its versions."""

    __tablename__ = "rota"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    name: Mapped[str]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))


class RotaVersion(Base):
    """Officers who are on call in turn (`alerts.rota.Turns`), as it was written at a time."""

    __tablename__ = "rota_version"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    rota_id: Mapped[int] = mapped_column(ForeignKey("rota.id"))
    version: Mapped[int]
    officer_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    starts_on: Mapped[date] = mapped_column(Date)
    handover: Mapped[time] = mapped_column(Time)
    shift_days: Mapped[int]
    time_zone: Mapped[str]
    written_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    written_at: Mapped[datetime] = mapped_column(Instant)


class RotaOverride(Base):
    """Somebody else is on call from `begins_at` until before `ends_at`, or until `ended_at`."""

    __tablename__ = "rota_override"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    rota_id: Mapped[int] = mapped_column(ForeignKey("rota.id"))
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    begins_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))


class AlertClimb(Base):
    """Where an alert that is not closed is on its ladder, and when something is due.

    What a shelf holds has not begun to climb; a shelf that is over holds nothing any more.
    """

    __tablename__ = "alert_climb"

    alert_id: Mapped[int] = mapped_column(ForeignKey("alert.id"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    began_at: Mapped[datetime] = mapped_column(Instant)
    rung: Mapped[int]
    round: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(Instant)
    shelf_id: Mapped[int | None] = mapped_column(ForeignKey("alert_shelf.id"))
