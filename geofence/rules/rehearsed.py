"""The values that a rehearsal gives: what a draft would have done."""

from dataclasses import dataclass
from datetime import datetime

from geofence.rules.cautions import Caution
from geofence.rules.haunts import Haunt
from geofence.rules.stays import EvidenceKind, Grade


@dataclass(frozen=True, slots=True)
class PastStay:
    """A stay that the draft would have found, and told.

    Attributes:
        entered_at: Aware UTC.
        left_at: None: it lasts at the end of the stretch.
        duration_s: Until then, or until the end of the stretch.
        grade: Possible, or confirmed.
        by: Whether a fix showed it, the way between two, or a fix from before it counted.
        deepest_m: How far inside the edge.
        accuracy_m: The 68 % radius of what was deepest.
    """

    entered_at: datetime
    left_at: datetime | None
    duration_s: float
    grade: Grade
    by: EvidenceKind
    deepest_m: float
    accuracy_m: float

    @property
    def is_near_edge(self) -> bool:
        """Whether the error of a fix may explain it."""
        return self.deepest_m <= self.accuracy_m


@dataclass(frozen=True, slots=True)
class PastApproach:
    """A time in the draft's warning ring that would have been told: he came nearer.

    Attributes:
        entered_at: When he came into the ring.
        told_at: When he was first seen coming nearer.
        left_at: None: he is there at the end of the stretch.
        closing_mps: How fast the distance to the zone shrank then.
        eta_s: In how many seconds from then he would have been there.
        nearest_m: How near to the zone he came; 0: he was in it.
    """

    entered_at: datetime
    told_at: datetime
    left_at: datetime | None
    closing_mps: float
    eta_s: float
    nearest_m: float


@dataclass(frozen=True, slots=True)
class FixCounts:
    """How much a rehearsal rests on.

    Attributes:
        replayed: Fixes of the stretch.
        judged: Those of times in which the draft counts.
        near_edge: Of these, those nearer to its edge than their accuracy, on either side.
        usual_accuracy_m: The median 68 % radius of the telling ones; of a GPS fix that states
            none, where there are none.
    """

    replayed: int
    judged: int
    near_edge: int
    usual_accuracy_m: float


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a draft would have done.

    Attributes:
        begins_at: From when it was taken to be armed, aware UTC.
        ends_at: Until when fixes were replayed.
        time_zone: By which clocks nights and working hours were told.
        days: From the first fix on; at least one.
        fixes: How much it rests on.
        stays: Each would have been an alert.
        approaches: Each would have been an alert, too.
        silences: How often he was unseen for so long that the draft was in reach.
        silent_s: How long altogether, of the times in which it counts.
        nights: Where he was from 00:00 to 05:00.
        work_days: Where he was from 09:00 to 17:00, Monday to Friday.
        warnings: What the officer should know before drawing it.
    """

    begins_at: datetime
    ends_at: datetime
    time_zone: str
    days: float
    fixes: FixCounts
    stays: list[PastStay]
    approaches: list[PastApproach]
    silences: int
    silent_s: float
    nights: Haunt
    work_days: Haunt
    warnings: list[Caution]

    @property
    def alerts(self) -> int:
        """How many alerts it would have raised."""
        return len(self.stays) + len(self.approaches)

    @property
    def alerts_per_day(self) -> float:
        """The same for each day."""
        return self.alerts / self.days

    @property
    def stays_near_edge(self) -> int:
        """Stays that the error of a fix may explain."""
        return sum(stay.is_near_edge for stay in self.stays)
