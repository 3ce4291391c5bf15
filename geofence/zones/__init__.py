"""The zones in force, held in memory as arrays, and kept true by counting changes."""

from geofence.zones.book import Pair, ZoneBook
from geofence.zones.known import KnownZone
from geofence.zones.page import NEVER_US
from geofence.zones.probes import Probes

__all__ = ["NEVER_US", "KnownZone", "Pair", "Probes", "ZoneBook"]
