"""The geofence's tables."""

from geofence.models.stays import ZoneSilence, ZoneStay
from geofence.models.zones import (
    Zone,
    ZoneBoundary,
    ZoneEpoch,
    ZoneException,
    ZoneSet,
    ZoneSetMember,
    ZoneVersion,
)

__all__ = [
    "Zone",
    "ZoneBoundary",
    "ZoneEpoch",
    "ZoneException",
    "ZoneSet",
    "ZoneSetMember",
    "ZoneSilence",
    "ZoneStay",
    "ZoneVersion",
]
