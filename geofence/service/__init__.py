"""What the geofence can be asked: to judge fixes, to judge a person anew, to change zones."""

from geofence.rules.rehearsed import Rehearsal
from geofence.service.boundaries import top_up_boundaries
from geofence.service.exceptions import (
    ExceptionKind,
    NewException,
    grant_exception,
    withdraw_exception,
)
from geofence.service.findings import StayChange, StayFinding
from geofence.service.judging import judge, judge_again
from geofence.service.memberships import apply_set, end_membership
from geofence.service.phone import (
    Compared,
    PhoneFinding,
    PhoneFix,
    compare_with_device,
    judge_phone_fix,
)
from geofence.service.positions import Positions, Window
from geofence.service.preview import NextWindow, next_windows
from geofence.service.rehearsing import Replayed, rehearse_zone
from geofence.service.sets import (
    Imported,
    RefusedFeature,
    create_set,
    draw_into_set,
    import_into_set,
)
from geofence.service.sweeping import due_boundaries
from geofence.service.terms import (
    AT_ALL_TIMES,
    KEEP,
    UNCHANGED,
    WIDEST_WARNING_M,
    ChangedTerms,
    InForce,
    ZoneKind,
    ZoneTerms,
)
from geofence.service.versions import Drawn
from geofence.service.zoning import amend_zone, arm_zone, retire_zone
from geofence.store.zones import zone_kinds

__all__ = [
    "AT_ALL_TIMES",
    "KEEP",
    "UNCHANGED",
    "WIDEST_WARNING_M",
    "ChangedTerms",
    "Compared",
    "Drawn",
    "ExceptionKind",
    "Imported",
    "InForce",
    "NewException",
    "NextWindow",
    "PhoneFinding",
    "PhoneFix",
    "Positions",
    "RefusedFeature",
    "Rehearsal",
    "Replayed",
    "StayChange",
    "StayFinding",
    "Window",
    "ZoneKind",
    "ZoneTerms",
    "amend_zone",
    "apply_set",
    "arm_zone",
    "compare_with_device",
    "create_set",
    "draw_into_set",
    "due_boundaries",
    "end_membership",
    "grant_exception",
    "import_into_set",
    "judge",
    "judge_again",
    "judge_phone_fix",
    "next_windows",
    "rehearse_zone",
    "retire_zone",
    "top_up_boundaries",
    "withdraw_exception",
    "zone_kinds",
]
