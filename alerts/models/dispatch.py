"""The tables of dispatch packets: links by which patrols read them, and each opening."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from supervision.core.db import Base

Instant = TIMESTAMP(timezone=True)


class DispatchLink(Base):
    """A link to the packet about an alert, until before `expires_at` or until it is withdrawn."""

    __tablename__ = "dispatch_link"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    alert_id: Mapped[int] = mapped_column(ForeignKey("alert.id"))
    token_hash: Mapped[bytes]
    shows_safe_contact: Mapped[bool]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))


class DispatchOpening(Base):
    """That somebody read a packet, when, and in which form."""

    __tablename__ = "dispatch_opening"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    dispatch_link_id: Mapped[int] = mapped_column(ForeignKey("dispatch_link.id"))
    form: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
