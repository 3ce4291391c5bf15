"""Reads where somebody was last, and what his last fixes say of where he was going."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from geofence.rules.motion import Motion, Sight, motion_between
from supervision.core.clock import to_us
from supervision.core.fixes import TELLING_M, Source

LATEST_FIXES = 100


@dataclass(frozen=True, slots=True)
class LastFix:
    """A stored fix; `accuracy_m` is the radius of 68 %, None where the device stated none."""

    device_id: int
    fixed_at: datetime
    received_at: datetime
    lon: float
    lat: float
    accuracy_m: float | None
    source: Source

    @property
    def is_telling(self) -> bool:
        """Whether it says where somebody is, rather than in which part of a town."""
        return self.accuracy_m is not None and self.accuracy_m <= TELLING_M

    @property
    def sight(self) -> Sight:
        """The same for the geofence's rules."""
        accuracy_m = math.nan if self.accuracy_m is None else self.accuracy_m
        return Sight(to_us(self.fixed_at), self.lon, self.lat, accuracy_m, self.source)


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody moved between two fixes."""

    motion: Motion
    from_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where somebody was last.

    Attributes:
        last: The last fix, however rough.
        better: The last one that says where he is, where the last of all does not.
        way: What the last two such tell of the movement, where they tell anything.
        strap_cut_at: Since when the tracker that made the last fix is known to be off him.
    """

    last: LastFix
    better: LastFix | None
    way: Way | None
    strap_cut_at: datetime | None


_FIXES = text(
    "SELECT device_id, fixed_at, received_at, lon, lat, accuracy_m, source FROM position"
    " WHERE supervisee_id = :person ORDER BY fixed_at DESC, id DESC LIMIT :most"
)
# A strap that was found whole by whoever closed the alert is none that was cut.
_STRAP = text(
    "SELECT min(occurred_at) FROM alert WHERE supervisee_id = :person AND kind = 'strap_tamper'"
    " AND cleared_at IS NULL AND (evidence ->> 'device_id')::bigint = :device"
    " AND (handling <> 'closed' OR disposition = 'confirmed_violation')"
)


def read_whereabouts(session: Session, supervisee_id: int) -> Whereabouts | None:
    """Where a person was last; None where no fix of him is stored. Showing it is to be audited."""
    rows = session.execute(_FIXES, {"person": supervisee_id, "most": LATEST_FIXES}).mappings()
    fixes = [LastFix(**dict(row) | _read(row["accuracy_m"], row["source"])) for row in rows]
    if not fixes:
        return None
    asked = {"person": supervisee_id, "device": fixes[0].device_id}
    strap_cut_at: datetime | None = session.execute(_STRAP, asked).scalar_one()
    return whereabouts_of(fixes, strap_cut_at)


def whereabouts_of(fixes: Sequence[LastFix], strap_cut_at: datetime | None) -> Whereabouts:
    """What a person's fixes, newest first and at least one, say together."""
    last = fixes[0]
    telling = [fix for fix in fixes if fix.is_telling]
    better = telling[0] if telling and telling[0] is not last else None
    return Whereabouts(last, better, _way(telling), strap_cut_at)


def _way(telling: Sequence[LastFix]) -> Way | None:
    """By the newest fix and the nearest before it from which a direction can be told."""
    for before in telling[1:]:
        motion = motion_between(before.sight, telling[0].sight)
        if motion is not None:
            return Way(motion, before.fixed_at, telling[0].fixed_at)
    return None


def _read(accuracy_m: float | None, source: int) -> dict[str, object]:
    is_known = accuracy_m is not None and math.isfinite(accuracy_m)
    return {"accuracy_m": accuracy_m if is_known else None, "source": Source(source)}
