"""Photographs of supervised people: put, seen and taken away by whoever writes a patrol's notes."""

from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from supervision.core import audit
from supervision.core.access import Actor, Permission
from supervision.core.errors import NotFound
from supervision.register.models import SuperviseePhoto
from supervision.register.pictures import as_kept
from supervision.register.service.supervisees import get_supervisee

# Decoding takes memory, and alerts are shown by the same process.
_one_at_a_time = Lock()


@dataclass(frozen=True, slots=True)
class PhotoRecord:
    """A photograph as a JPEG, and since when it is the one."""

    jpeg: bytes = field(repr=False)
    put_at: datetime


def put_photo(
    session: Session, supervisee_id: int, sent: bytes, actor: Actor, at: datetime
) -> PhotoRecord:
    """Show a patrol this picture of somebody of the actor's caseload from now on.

    The one before is not kept. The caller commits.

    Args:
        session: Open transaction, bound to the agency.
        supervisee_id: Of whom.
        sent: A file in JPEG, PNG or WebP; what is kept is made of it by `pictures.as_kept`.
        actor: Who does it.
        at: Now, aware UTC.

    Raises:
        NotAllowed: The actor writes no patrol notes.
        NotFound: There is no such person, or not in this caseload.
        Invalid: It is no picture. In each case nothing was changed.
    """
    actor.require(Permission.WRITE_PATROL_NOTES)
    get_supervisee(session, supervisee_id, actor.caseload_officer_id)
    with _one_at_a_time:
        kept = PhotoRecord(as_kept(sent), at)
    values = {"jpeg": kept.jpeg, "put_by_id": actor.officer_id, "put_at": at}
    whose = {"supervisee_id": supervisee_id, "agency_id": actor.agency_id}
    written = insert(SuperviseePhoto).values(**whose, **values)
    key = [SuperviseePhoto.supervisee_id]
    session.execute(written.on_conflict_do_update(index_elements=key, set_=values))
    audit.record_by(session, actor, at, audit.Tag.PHOTO_PUT, f"supervisee:{supervisee_id}")
    return kept


def remove_photo(session: Session, supervisee_id: int, actor: Actor, at: datetime) -> None:
    """Show no picture of somebody of the actor's caseload any more; the caller commits.

    Raises:
        NotAllowed: The actor writes no patrol notes.
        NotFound: There is none, or no such person in this caseload. Nothing was changed.
    """
    actor.require(Permission.WRITE_PATROL_NOTES)
    get_supervisee(session, supervisee_id, actor.caseload_officer_id)
    row = session.get(SuperviseePhoto, supervisee_id, with_for_update=True)
    if row is None:
        raise NotFound
    session.delete(row)
    session.flush()
    audit.record_by(session, actor, at, audit.Tag.PHOTO_REMOVED, f"supervisee:{supervisee_id}")


def has_photo(session: Session, supervisee_id: int) -> bool:
    """Whether there is a picture of somebody, without reading it."""
    there = exists().where(SuperviseePhoto.supervisee_id == supervisee_id)
    return bool(session.execute(select(there)).scalar_one())


def find_photo(
    session: Session, supervisee_id: int, caseload_officer_id: int | None
) -> PhotoRecord | None:
    """The picture of somebody of this caseload (None: of anybody), if there is one.

    Raises:
        NotFound: There is no such person, or not in this caseload.
    """
    get_supervisee(session, supervisee_id, caseload_officer_id)
    row = session.get(SuperviseePhoto, supervisee_id)
    return None if row is None else PhotoRecord(row.jpeg, row.put_at)
