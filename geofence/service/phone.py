"""Judges one position of a person's own phone: against his zones, and against his tracker.

It never enters the tracker's track, so it can neither open, confirm, weaken nor end a stay.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from sqlalchemy.orm import Session

from geofence.rules.accuracy import is_telling, usable_accuracy_m
from geofence.rules.evidence import evidence_nats, is_contrary
from geofence.rules.movement import apart_m
from geofence.rules.phone import COMPARED_FOR_S, explained_m, possible_share
from geofence.service.positions import Positions, Window
from geofence.store import Ring, stays_since
from geofence.zones import KnownZone, Pair, ZoneBook
from geofence.zones.probes import around_fixes
from supervision.core.fixes import LocatedFixes, Source

COMPARED_FOR_US = int(COMPARED_FOR_S * 1e6)


class PhoneFix(NamedTuple):
    """Where a phone said its owner was: degrees on WGS 84, metres, microseconds."""

    supervisee_id: int
    at_us: int
    lon: float
    lat: float
    accuracy_m: float

    def located(self) -> LocatedFixes:
        """The same in arrays; it is no stored position, so it has no id."""
        moment = np.array([self.at_us], np.int64)
        return LocatedFixes(
            position_id=np.zeros(1, np.int64),
            supervisee_id=np.array([self.supervisee_id], np.int64),
            fixed_at_us=moment,
            received_at_us=moment,
            lon=np.array([self.lon]),
            lat=np.array([self.lat]),
            accuracy_m=np.array([self.accuracy_m]),
            source=np.array([Source.PHONE], np.int64),
        )


@dataclass(frozen=True, slots=True)
class PhoneFinding:
    """A zone that the phone was in, or a place to be kept in that it was not in.

    Attributes:
        distance_m: To the edge of the drawing; negative where he must not be.
        accuracy_m: What the fix is worth.
        share: The probability by this fix alone; never enough to confirm.
    """

    agency_id: int
    pair: Pair
    version_id: int
    is_inclusion: bool
    distance_m: float
    accuracy_m: float
    share: float


@dataclass(frozen=True, slots=True)
class Compared:
    """The tracker's fix that is nearest in time, and how far from it the phone was.

    Attributes:
        explained_m: As far apart as errors and the time between can explain.
    """

    position_id: int
    fixed_at_us: int
    apart_s: float
    distance_m: float
    explained_m: float

    @property
    def is_far(self) -> bool:
        """Whether nobody can have carried both."""
        return self.distance_m > self.explained_m


def judge_phone_fix(session: Session, fix: PhoneFix, now_us: int) -> list[PhoneFinding]:
    """Which zones a phone was in at its moment, by the drawings that counted then.

    A zone in which the tracker shows a stay at that moment is left out: that is told already.

    Args:
        session: Open transaction, only read; the person's lock must be held (`core.locks`).
        fix: The position.
        now_us: The present, microseconds.
    """
    book = ZoneBook.of_person(session, fix.supervisee_id)
    near = book.pairs_near(around_fixes(fix.located()), now_us) - _stays_at(session, fix)
    zones = ((pair, book.find(pair)) for pair in sorted(near))
    found = [_finding(pair, zone, fix) for pair, zone in zones if zone is not None]
    return [one for one in found if one is not None]


def compare_with_device(session: Session, fix: PhoneFix, positions: Positions) -> Compared | None:
    """How far a phone was from the tracker's nearest telling fix in time; None: there is none.

    Args:
        session: Open transaction, only read.
        fix: The phone's position.
        positions: Reads stored fixes of the room that keeps them.
    """
    moment = Window(fix.supervisee_id, fix.at_us, fix.at_us)
    device = _nearest(positions.around(session, [moment], COMPARED_FOR_US), fix.at_us)
    if not len(device):
        return None
    phone, fixed_at_us = fix.located(), int(device.fixed_at_us[0])
    apart_s = abs(fixed_at_us - fix.at_us) / 1e6
    return Compared(
        position_id=int(device.position_id[0]),
        fixed_at_us=fixed_at_us,
        apart_s=apart_s,
        distance_m=float(apart_m(phone.lon, phone.lat, device.lon, device.lat)[0]),
        explained_m=explained_m(_usable_m(phone), _usable_m(device), apart_s),
    )


def _nearest(fixes: LocatedFixes, at_us: int) -> LocatedFixes:
    """The telling fix nearest in time, of one moment the most accurate; or none."""
    accuracy_m = usable_accuracy_m(fixes.accuracy_m, fixes.source)
    apart_us = np.abs(fixes.fixed_at_us - at_us)
    in_line = np.lexsort((accuracy_m, apart_us))
    is_usable = is_telling(accuracy_m) & (apart_us <= COMPARED_FOR_US)
    return fixes.take(in_line[is_usable[in_line]][:1].astype(np.int64))


def _stays_at(session: Session, fix: PhoneFix) -> set[Pair]:
    """The zones in which the tracker's fixes show the person at that moment."""
    return {
        one.pair
        for one in stays_since(session, {fix.supervisee_id: fix.at_us})
        if one.ring is Ring.ZONE
        and one.stay.entered_us <= fix.at_us
        and (one.stay.left_us is None or fix.at_us < one.stay.left_us)
    }


def _finding(pair: Pair, zone: KnownZone, fix: PhoneFix) -> PhoneFinding | None:
    ground = zone.ground(fix.at_us, fix.at_us + 1)
    counting = [k for k, (begun, over) in enumerate(ground.spans) if begun <= fix.at_us < over]
    if not counting:
        return None
    phone = fix.located()
    distance_m = ground.measure(np.array(counting[:1], np.int64), phone.lon, phone.lat)
    accuracy_m = usable_accuracy_m(phone.accuracy_m, phone.source)
    is_inclusion = bool(zone.page.is_inclusion[zone.rows[0]])
    # A phone at home is often shown across the street: away is who is so by its accuracy or more.
    is_found = is_contrary(-distance_m, accuracy_m) if is_inclusion else distance_m < 0
    if not is_found[0]:
        return None
    share = possible_share(float(evidence_nats(distance_m, accuracy_m)[0]))
    version_id, measured_m = ground.version_ids[counting[0]], float(distance_m[0])
    who = (zone.agency_id, pair, version_id, is_inclusion)
    return PhoneFinding(*who, measured_m, float(accuracy_m[0]), share)


def _usable_m(fix: LocatedFixes) -> float:
    """What a single fix is worth."""
    return float(usable_accuracy_m(fix.accuracy_m, fix.source)[0])
