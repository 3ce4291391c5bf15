"""The tables of the response to alerts: protocols, steps that were ticked, and contacts."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from supervision.core.db import Base

Instant = TIMESTAMP(timezone=True)


class ResponseProtocol(Base):
    """What an agency wants done about a kind of alert; the highest version is in force."""

    __tablename__ = "response_protocol"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    kind: Mapped[str]
    version: Mapped[int]
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    written_at: Mapped[datetime] = mapped_column(Instant)


class AlertStep(Base):
    """A step of the response that somebody ticked, in the words it had then."""

    __tablename__ = "alert_step"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    alert_id: Mapped[int] = mapped_column(ForeignKey("alert.id"))
    step: Mapped[str]
    wording: Mapped[str]
    outcome: Mapped[str]
    note: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))


class AlertContact(Base):
    """Who was spoken to about an alert, how, and whether he was reached."""

    __tablename__ = "alert_contact"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    alert_id: Mapped[int] = mapped_column(ForeignKey("alert.id"))
    whom: Mapped[str]
    means: Mapped[str]
    was_reached: Mapped[bool]
    note: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    told_at: Mapped[datetime] = mapped_column(Instant)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
