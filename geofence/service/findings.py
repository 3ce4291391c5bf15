"""Compares the stays that all known fixes show with the stored ones, and says what changed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from geofence.rules.stays import Grade, Stay
from geofence.store import Ring, StoredStay, insert_stay, update_stay, withdraw_stays
from geofence.zones import NEVER_US, Pair


class StayChange(StrEnum):
    """What became of a stay.

    Revised: it began otherwise, ended at another time, or is worth less than was known before.
    Closing: in a warning ring, he was seen coming nearer for the first time; not closing: by what
    is known now he was not.
    """

    FOUND = "found"
    CONFIRMED = "confirmed"
    ENDED = "ended"
    RESUMED = "resumed"
    REVISED = "revised"
    WITHDRAWN = "withdrawn"
    CLOSING = "closing"
    NOT_CLOSING = "not_closing"


@dataclass(frozen=True, slots=True)
class StayFinding:
    """One change of one stay; the stay as it stands now."""

    change: StayChange
    stored: StoredStay


def reconcile(
    session: Session,
    place: tuple[int, Pair, Ring],
    known: Sequence[StoredStay],
    shown: Sequence[Stay],
    now: datetime,
) -> list[StayFinding]:
    """Make the stored stays of one pair and ring equal to those the fixes show.

    A stored stay stays the same row as long as it overlaps what is shown, so that its alert
    stays its alert.

    Args:
        session: Open transaction; the caller commits.
        place: The zone's agency, person and zone, and which of its rings.
        known: Stored stays of the stretch of time that was looked at, in order.
        shown: The stays the fixes show there, in order.
        now: When this was found.

    Returns:
        The changes, in order; empty if all was known.
    """
    left_over = list(known)
    findings: list[StayFinding] = []
    for stay in shown:
        match = next((stored for stored in left_over if _overlap(stored.stay, stay)), None)
        if match is None:
            findings += _found(insert_stay(session, place, stay, now))
            continue
        left_over.remove(match)
        findings += _brought_in_step(session, match, replace(stay, is_late=match.stay.is_late))
    if left_over:
        withdraw_stays(session, [stored.id for stored in left_over], now)
    return findings + [StayFinding(StayChange.WITHDRAWN, stored) for stored in left_over]


def _overlap(one: Stay, other: Stay) -> bool:
    return one.entered_us < _end(other) and other.entered_us < _end(one)


def _end(stay: Stay) -> int:
    return NEVER_US if stay.left_us is None else stay.left_us


def _found(stored: StoredStay) -> list[StayFinding]:
    findings = [StayFinding(StayChange.FOUND, stored)]
    if stored.stay.closing is not None:
        findings.append(StayFinding(StayChange.CLOSING, stored))
    if stored.stay.left_us is not None:
        findings.append(StayFinding(StayChange.ENDED, stored))
    return findings


def _brought_in_step(session: Session, known: StoredStay, stay: Stay) -> list[StayFinding]:
    if known.stay == stay:
        return []
    stored = replace(known, stay=stay)
    update_stay(session, stored)
    return [StayFinding(change, stored) for change in _changes(known.stay, stay)]


def _changes(before: Stay, after: Stay) -> list[StayChange]:
    changes: list[StayChange] = []
    if before.closing is None and after.closing is not None:
        changes.append(StayChange.CLOSING)
    elif before.closing is not None and after.closing is None:
        changes.append(StayChange.NOT_CLOSING)
    if before.grade is Grade.POSSIBLE and after.grade is Grade.CONFIRMED:
        changes.append(StayChange.CONFIRMED)
    if before.left_us is None and after.left_us is not None:
        changes.append(StayChange.ENDED)
    elif before.left_us is not None and after.left_us is None:
        changes.append(StayChange.RESUMED)
    if _is_told_otherwise(before, after):
        changes.append(StayChange.REVISED)
    return changes


def _is_told_otherwise(before: Stay, after: Stay) -> bool:
    """Whether what was told at the beginning no longer holds, or the end that was told."""
    is_weaker = before.grade is Grade.CONFIRMED and after.grade is Grade.POSSIBLE
    began = (before.entered_us, before.version_id) != (after.entered_us, after.version_id)
    has_other_end = None not in (before.left_us, after.left_us) and before.left_us != after.left_us
    return is_weaker or began or has_other_end
