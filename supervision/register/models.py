"""The register's tables: agencies, officers, supervisees, orders, devices and who wears them."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, ForeignKey, Identity
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from supervision.core.db import Base

Instant = TIMESTAMP(timezone=True)


class Agency(Base):
    """A probation or pretrial agency: the tenant every other row belongs to."""

    __tablename__ = "agency"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    time_zone: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant)


class Officer(Base):
    """Someone who signs in: supervises, sets zones, or runs the agency's side."""

    __tablename__ = "officer"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    email: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True)
    backup_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    duty_phone: Mapped[str | None]
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)


class Supervisee(Base):
    """A person under supervision, pretrial or convicted."""

    __tablename__ = "supervisee"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    case_number: Mapped[str]
    full_name: Mapped[str]
    time_zone: Mapped[str]
    supervising_officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    phone: Mapped[str | None]
    email: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="en")
    description: Mapped[str | None]
    vehicle: Mapped[str | None]
    safety_notes: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(Instant)


class SuperviseePhoto(Base):
    """How a person looks, for a patrol: one picture, as `pictures.as_kept` makes it."""

    __tablename__ = "supervisee_photo"

    supervisee_id: Mapped[int] = mapped_column(ForeignKey("supervisee.id"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    jpeg: Mapped[bytes]
    put_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    put_at: Mapped[datetime] = mapped_column(Instant)


class PublicHoliday(Base):
    """A day on which the agency asks for less; each county has its own."""

    __tablename__ = "public_holiday"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    on_date: Mapped[date] = mapped_column(Date)
    name: Mapped[str]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    added_at: Mapped[datetime] = mapped_column(Instant)


class ProtectedPerson(Base):
    """Whom an order protects; where she can be found is the secret of the whole system."""

    __tablename__ = "protected_person"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    full_name: Mapped[str]
    safe_contact: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant)


class CourtOrder(Base):
    """A protective order: why an exclusion zone exists, for whom, from when until when."""

    __tablename__ = "court_order"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    supervisee_id: Mapped[int] = mapped_column(ForeignKey("supervisee.id"))
    protected_person_id: Mapped[int] = mapped_column(ForeignKey("protected_person.id"))
    court: Mapped[str]
    court_case_number: Mapped[str]
    begins_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)


class OrderClause(Base):
    """One condition of an order; `condition_code` is NCIC's (04: stay away from a place)."""

    __tablename__ = "order_clause"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    supervisee_id: Mapped[int] = mapped_column(ForeignKey("supervisee.id"))
    court_order_id: Mapped[int] = mapped_column(ForeignKey("court_order.id"))
    condition_code: Mapped[str]
    wording: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant)


class ClauseWaiver(Base):
    """An officer's signature under why a clause has no zone, until when."""

    __tablename__ = "clause_waiver"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    order_clause_id: Mapped[int] = mapped_column(ForeignKey("order_clause.id"))
    reason: Mapped[str]
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    signed_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))


class Device(Base):
    """A tracker, known by the name it uses on the broker."""

    __tablename__ = "device"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    uid: Mapped[str] = mapped_column(unique=True)
    model: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant)


class DeviceAssignment(Base):
    """Who had a device, from `assigned_at` until before `returned_at`.

    A supervisee wears it, or a protected person carries it for its button.
    """

    __tablename__ = "device_assignment"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    supervisee_id: Mapped[int | None] = mapped_column(ForeignKey("supervisee.id"))
    protected_person_id: Mapped[int | None] = mapped_column(ForeignKey("protected_person.id"))
    assigned_at: Mapped[datetime] = mapped_column(Instant)
    returned_at: Mapped[datetime | None] = mapped_column(Instant)


class WebSession(Base):
    """A sign-in; only the hash of its token is kept."""

    __tablename__ = "web_session"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    csrf_token: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
