"""What the demonstration consists of: made-up people, zones and the scenario each device plays."""

import math
from dataclasses import dataclass
from typing import Any

from geofence.service import ZoneTerms
from ingest.simulator.devices import SimDevice
from ingest.simulator.truth import SimZone
from supervision.register.contacts import Language

AGENCY = "Prairie County Pretrial Services (demonstration)"
TIME_ZONE = "America/Chicago"
# Open country without a town nearby, so that nobody's real home is drawn on a screen.
BASE_LON, BASE_LAT = -100.52, 41.62
ZONES_APART_DEG = 0.25
POLYGON_CORNERS = 48
WARNING_M = 300.0


@dataclass(frozen=True, slots=True)
class DemoOfficer:
    """Someone who can sign in to the demonstration."""

    email: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A made-up supervisee, whom the order protects, and what his device plays.

    `alarm_uid` is the device with a button that the protected person carries, if she has one.
    """

    name: str
    protected: str
    zone_name: str
    scenario: str
    officer: int
    language: Language = Language.ENGLISH
    alarm_uid: str | None = None

    @property
    def email(self) -> str:
        """Where his reminders go: to nobody, for the domain is made up too."""
        return f"{self.name.lower().replace(' ', '.')}@demo.example"


OFFICERS = (
    DemoOfficer("dana.reyes@demo.example", "Dana Reyes", "officer"),
    DemoOfficer("sam.okafor@demo.example", "Sam Okafor", "officer"),
    DemoOfficer("lee.marsh@demo.example", "Lee Marsh", "supervisor"),
    DemoOfficer("pat.novak@demo.example", "Pat Novak", "pretrial"),
)

PEOPLE = (
    DemoPerson("Aaron Bell", "Rosa Lind", "Home", "enter-zone", 0, alarm_uid="alarm-0001"),
    DemoPerson("Marcus Dole", "Ida Voss", "Workplace", "drive-through", 0, Language.SPANISH),
    DemoPerson("Colin Frye", "Nora Quist", "Home and school", "approach-zone", 0),
    DemoPerson("Dwight Hale", "Vera Strand", "Home", "edge-loiter", 0),
    DemoPerson("Evan Ibsen", "Tessa Moor", "Parents' house", "strap-cut", 0),
    DemoPerson("Felix Jarvis", "Wanda Rusk", "Home", "commute-clean", 0),
    DemoPerson("Gus Keller", "Olive Penn", "Home", "late-burst", 1),
    DemoPerson("Hank Lowry", "Mina Teal", "Workplace", "duplicates", 1),
    DemoPerson("Ivan Murdo", "Ruth Ashby", "Home", "urban-drift", 1),
    DemoPerson("Joel Nash", "Celia Thorn", "School", "silence", 1),
)


def zone_of(place: int) -> SimZone:
    """The round zone that the person at this place of the list is kept away from."""
    column, row = place % 4, place // 4
    lon = BASE_LON + column * ZONES_APART_DEG
    lat = BASE_LAT + row * ZONES_APART_DEG
    return SimZone(lon, lat, 200.0 + 50.0 * (place % 3))


def drawn(zone: SimZone, place: int) -> dict[str, Any]:
    """The zone as an officer draws it: every third as a polygon, the rest as circles."""
    if place % 3:
        return {
            "type": "Feature",
            "properties": {"radius_m": zone.radius_m},
            "geometry": {"type": "Point", "coordinates": [zone.lon, zone.lat]},
        }
    per_lon_m, per_lat_m = zone.base.metres_per_deg()
    ring = [
        [
            zone.lon + zone.radius_m * math.cos(angle) / per_lon_m,
            zone.lat + zone.radius_m * math.sin(angle) / per_lat_m,
        ]
        for angle in (2 * math.pi * corner / POLYGON_CORNERS for corner in range(POLYGON_CORNERS))
    ]
    return {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
    }


def terms_of(place: int) -> ZoneTerms:
    """Every other zone has a warning ring around it."""
    return ZoneTerms(warning_m=0.0 if place % 2 else WARNING_M)


def devices(seed: int, rate_s: float, start_at_s: float, turns: int = 1) -> list[SimDevice]:
    """The trackers of the demonstration's people, in their order."""
    return [
        SimDevice(place, person.scenario, zone_of(place), seed, rate_s, start_at_s, turns)
        for place, person in enumerate(PEOPLE)
    ]
