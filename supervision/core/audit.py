"""The audit trail: who did or saw what, in an order that cannot be changed unnoticed."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from supervision.core.access import Actor


class Tag(StrEnum):
    """What can be on record, as `subject:action`."""

    ALERT_RAISED = "alert:raised"
    ALERT_ACKNOWLEDGED = "alert:acknowledged"
    ALERT_TAKEN = "alert:taken_in_hand"
    ALERT_STEP = "alert:step_ticked"
    ALERT_CONTACT = "alert:contact_logged"
    RESPONSE_SET = "response_protocol:set"
    LADDER_SET = "escalation_ladder:set"
    CONTACT_POINT_ADDED = "contact_point:added"
    CONTACT_POINT_ENDED = "contact_point:ended"
    CONTACT_POINT_SECRET_ADDED = "contact_point:secret_added"  # noqa: S105 -- a tag
    ROTA_MADE = "rota:made"
    ROTA_CHANGED = "rota:changed"
    ROTA_ENDED = "rota:ended"
    ROTA_OVERRIDDEN = "rota:overridden"
    ROTA_OVERRIDE_ENDED = "rota_override:ended"
    DISPATCH_SHARED = "dispatch_link:made"
    DISPATCH_OPENED = "dispatch_link:opened"
    DISPATCH_WITHDRAWN = "dispatch_link:withdrawn"
    SHELF_MADE = "shelf:made"
    SHELF_ENDED = "shelf:ended"
    DRILL_STARTED = "drill:started"
    DRILL_ANSWERED = "drill:answered"
    DRILL_ENDED = "drill:ended"
    ALERT_CLOSED = "alert:closed"
    ALERT_VIEWED = "alert:viewed"
    ZONE_ARMED = "zone:armed"
    ZONE_AMENDED = "zone:amended"
    ZONE_RETIRED = "zone:retired"
    ZONE_VIEWED = "zone:viewed"
    ZONE_PREVIEWED = "zone:previewed"
    ZONE_EXCEPTED = "zone:excepted"
    ZONE_EXCEPTION_VIEWED = "zone_exception:viewed"
    ZONE_EXCEPTION_WITHDRAWN = "zone_exception:withdrawn"
    ZONE_SET_CREATED = "zone_set:created"
    ZONE_SET_DRAWN = "zone_set:drawn"
    ZONE_SET_APPLIED = "zone_set:applied"
    ZONE_SET_ENDED = "zone_set:ended"
    ZONE_SET_VIEWED = "zone_set:viewed"
    POSITIONS_VIEWED = "positions:viewed"
    PROTECTED_PERSON_VIEWED = "protected_person:viewed"
    PROTECTED_PERSON_ADDED = "protected_person:added"
    AGENCY_ADDED = "agency:added"
    OFFICER_ADDED = "officer:added"
    OFFICER_DEACTIVATED = "officer:deactivated"
    OFFICER_REACTIVATED = "officer:reactivated"
    BACKUP_SET = "officer:backup_set"
    DUTY_PHONE_SET = "officer:duty_phone_set"
    SUPERVISEE_ENROLLED = "supervisee:enrolled"
    ORDER_ADDED = "order:added"
    SUPERVISEE_HANDED_OVER = "supervisee:handed_over"
    PHOTO_PUT = "supervisee:photo_put"
    PHOTO_REMOVED = "supervisee:photo_removed"
    CLAUSE_ADDED = "clause:added"
    CLAUSE_VIEWED = "clause:viewed"
    WAIVER_SIGNED = "waiver:signed"
    WAIVER_WITHDRAWN = "waiver:withdrawn"
    CHECKIN_PLAN_MADE = "checkin_plan:made"
    CHECKIN_PLAN_CHANGED = "checkin_plan:changed"
    CHECKIN_PLAN_ENDED = "checkin_plan:ended"
    CHECKIN_PAUSED = "checkin_pause:made"
    CHECKIN_PAUSE_ENDED = "checkin_pause:ended"
    CHECKIN_SUBMITTED = "checkin:submitted"
    CHECKIN_CALL_ASKED = "checkin:call_asked"
    CHECKIN_REVIEWED = "checkin:reviewed"
    CHECKIN_SEEN = "checkin:seen"
    CHECKIN_VIEWED = "checkin:viewed"
    CHECKIN_ATTEMPTED = "checkin:attempted"
    CHECKIN_ATTENDED = "checkin:attended"
    CHECKIN_EXCUSED = "checkin:excused"
    CHECKIN_CANCELLED = "checkin:cancelled"
    CALENDAR_FEED_MADE = "calendar_feed:made"
    CALENDAR_FEED_ENDED = "calendar_feed:ended"
    HOLIDAY_ADDED = "public_holiday:added"
    HOLIDAY_REMOVED = "public_holiday:removed"
    CONTACT_CHANGED = "supervisee:contact_changed"
    PATROL_NOTES_CHANGED = "supervisee:patrol_notes_changed"
    DEVICE_ADDED = "device:added"
    DEVICE_ASSIGNED = "device:assigned"
    DEVICE_RETURNED = "device:returned"
    SIGNED_IN = "session:opened"
    SIGN_IN_FAILED = "session:refused"
    SIGNED_OUT = "session:closed"


SYSTEM = "system"


def supervisee(supervisee_id: int) -> str:
    """How the trail names a supervised person as the actor."""
    return f"supervisee:{supervisee_id}"


def officer(officer_id: int) -> str:
    """How the trail names an officer as the actor."""
    return f"officer:{officer_id}"


def patrol(dispatch_link_id: int) -> str:
    """How the trail names as the actor whoever holds the link to a dispatch packet."""
    return f"dispatch_link:{dispatch_link_id}"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something to be put on record: what happened to what (`kind:id`), in plain JSON values."""

    agency_id: int
    tag: Tag
    subject: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trail, as hashed."""

    agency_id: int
    seq: int
    at: datetime
    actor: str
    tag: str
    subject: str
    detail: dict[str, Any]

    def chained_to(self, previous_hash: bytes) -> bytes:
        """SHA-256 over the previous entry's hash and this entry in canonical JSON."""
        body = [
            self.agency_id,
            self.seq,
            self.at.astimezone(UTC).isoformat(),
            self.actor,
            self.tag,
            self.subject,
            self.detail,
        ]
        line = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(previous_hash + line.encode()).digest()


def record(
    session: Session,
    agency_id: int,
    at: datetime,
    actor: str,
    tag: Tag,
    subject: str,
    **detail: object,
) -> None:
    """Add one line to the agency's trail, in the caller's transaction.

    Holds the agency's ledger row until the caller commits, which puts all trails of an agency in
    one order; call it late in the transaction.

    Args:
        session: Open transaction; the caller commits.
        agency_id: Whose trail.
        at: Now, aware UTC.
        actor: `officer(id)` or `SYSTEM`.
        tag: What happened.
        subject: To what, as `kind:id`.
        detail: Plain JSON values; ids and reasons, never coordinates.
    """
    record_many(session, at, actor, [Fact(agency_id, tag, subject, detail)])


def record_by(
    session: Session, actor: Actor, at: datetime, tag: Tag, subject: str, **detail: object
) -> None:
    """Add a line on what an officer did or saw; as `record`."""
    record(session, actor.agency_id, at, officer(actor.officer_id), tag, subject, **detail)


def record_many(session: Session, at: datetime, actor: str, facts: Sequence[Fact]) -> None:
    """The same for many lines of one moment and actor, in their order."""
    by_agency = defaultdict[int, list[Fact]](list)
    for fact in facts:
        by_agency[fact.agency_id].append(fact)
    for agency_id in sorted(by_agency):
        _chain(session, at, actor, by_agency[agency_id])


def _chain(session: Session, at: datetime, actor: str, facts: Sequence[Fact]) -> None:
    agency_id, said = facts[0].agency_id, [json.dumps(fact.detail) for fact in facts]
    head = session.execute(_HEAD, {"agency": agency_id, "count": len(said), "said": said}).one()
    last, hashes = bytes(head.audit_hash), []
    for number, (fact, detail) in enumerate(zip(facts, head.details, strict=True), head.before + 1):
        # Hashed as the database will give it back: it writes some numbers in its own way.
        entry = Entry(agency_id, number, at, actor, str(fact.tag), fact.subject, detail)
        last = entry.chained_to(last)
        hashes.append(last)
    values = {
        "agency": agency_id,
        "before": head.before,
        "at": at,
        "actor": actor,
        "tags": [str(fact.tag) for fact in facts],
        "subjects": [fact.subject for fact in facts],
        "details": [json.dumps(detail) for detail in head.details],
        "hashes": hashes,
        "last": last,
    }
    session.execute(_WRITE, values)
    session.execute(_KEEP_HEAD, values)


_HEAD = text(
    "UPDATE agency_ledger SET audit_seq = audit_seq + :count WHERE agency_id = :agency"
    " RETURNING audit_seq - :count AS before, audit_hash,"
    " (SELECT jsonb_agg(CAST(s.line AS jsonb) ORDER BY s.number) FROM"
    " unnest(CAST(:said AS text[])) WITH ORDINALITY AS s (line, number)) AS details"
)
_WRITE = text(
    "INSERT INTO audit_entry (agency_id, seq, at, actor, tag, subject, detail, hash)"
    " SELECT :agency, :before + l.number, :at, :actor, l.tag, l.subject, CAST(l.detail AS jsonb),"
    " l.hash FROM unnest(CAST(:tags AS text[]), CAST(:subjects AS text[]),"
    " CAST(:details AS text[]), CAST(:hashes AS bytea[])) WITH ORDINALITY"
    " AS l (tag, subject, detail, hash, number)"
)
_KEEP_HEAD = text("UPDATE agency_ledger SET audit_hash = :last WHERE agency_id = :agency")


def broken_links(session: Session) -> Iterator[tuple[int, int]]:
    """The (agency, seq) of every entry whose hash does not follow from the one before it.

    An altered, missing or inserted entry shows; a trail cut off at its end, or left without a
    ledger, shows against the ledger, as the sequence number after the last entry. Who may write
    as a superuser and computes every hash anew leaves no broken link: keep a copy elsewhere.
    """
    rows = session.execute(
        text(
            "SELECT agency_id, seq, at, actor, tag, subject, detail, hash FROM audit_entry"
            " ORDER BY agency_id, seq"
        )
    )
    last: dict[int, tuple[int, bytes]] = {}
    for row in rows:
        seq, previous = last.get(row.agency_id, (0, b""))
        entry = Entry(row.agency_id, row.seq, row.at, row.actor, row.tag, row.subject, row.detail)
        if row.seq != seq + 1 or entry.chained_to(previous) != bytes(row.hash):
            yield row.agency_id, row.seq
        last[row.agency_id] = row.seq, bytes(row.hash)
    heads = session.execute(text("SELECT agency_id, audit_seq, audit_hash FROM agency_ledger"))
    for head in heads:
        seq, tail_hash = last.pop(head.agency_id, (0, b""))
        if (seq, tail_hash) != (head.audit_seq, bytes(head.audit_hash)):
            yield head.agency_id, seq + 1
    for agency_id, (seq, _) in last.items():
        yield agency_id, seq + 1
