"""Many drawings of zones as parallel arrays, and which of them a probe comes near."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from geofence.rules.schedule import Schedule
from geofence.rules.shape import Boxes, Shapes, may_be_near, signed_distance_m
from geofence.zones.probes import Probes
from supervision.core.fixes import CARRY_US, Bools, Floats, Ints

NEVER_US = int(np.iinfo(np.int64).max)


@dataclass(frozen=True, slots=True)
class ZonePage:
    """Zone versions with a geometry, sorted by owner, zone and version; parallel arrays.

    Attributes:
        owner_id: The supervisee, or the set of a shared zone.
        zone_id: The zone.
        version_id: Its drawing.
        agency_id: Whose.
        from_us: From when the drawing counts.
        until_us: Until before when.
        is_inclusion: Whether it is a place to be kept in.
        inradius_m: The radius of the largest circle in it.
        warning_m: The width of its warning ring.
        schedules: When it counts; None: always.
        is_hidden: Whether it stands on a newer page.
        shapes: The drawings.
        boxes: Around each drawing and its warning ring.
    """

    owner_id: Ints
    zone_id: Ints
    version_id: Ints
    agency_id: Ints
    from_us: Ints
    until_us: Ints
    is_inclusion: Bools
    inradius_m: Floats
    warning_m: Floats
    schedules: list[Schedule | None]
    is_hidden: Bools
    shapes: Shapes
    boxes: Boxes

    def __len__(self) -> int:
        """How many drawings."""
        return len(self.zone_id)

    def hide(self, owner_ids: Collection[int]) -> None:
        """Take these owners' zones out of use here; they stand on a newer page."""
        self.is_hidden[np.isin(self.owner_id, list(owner_ids))] = True

    def rows_of(self, owner_id: int) -> Ints:
        """The rows of one owner that are in use."""
        first, last = (
            int(np.searchsorted(self.owner_id, owner_id, side)) for side in ("left", "right")
        )
        rows = np.arange(first, last)
        return rows[~self.is_hidden[rows]]

    def rows_during(self, owner_id: int, from_us: int, until_us: int) -> Ints:
        """The rows of one owner that were in force at some moment of a time."""
        rows = self.rows_of(owner_id)
        in_force: Ints = rows[(self.from_us[rows] < until_us) & (from_us < self.until_us[rows])]
        return in_force

    def rows_near(self, probes: Probes, now_us: int) -> tuple[Ints, Ints]:
        """Which probe may come near which of its owner's drawings: probe places, and rows here."""
        first = np.searchsorted(self.owner_id, probes.supervisee_id, "left")
        count = np.searchsorted(self.owner_id, probes.supervisee_id, "right") - first
        probe = np.repeat(np.arange(len(probes)), count)
        row = np.arange(len(probe)) + np.repeat(first - (np.cumsum(count) - count), count)
        keep = self.may_count(row, probes.at_us[probe], now_us) & ~self.is_hidden[row]
        probe, row = probe[keep], row[keep]
        lon, lat = probes.lon[probe], probes.lat[probe]
        is_near = may_be_near(self.boxes, row, lon, lat, probes.margin_m[probe])
        kept_in = np.flatnonzero(self.is_inclusion[row])
        is_near[kept_in] = self._is_out(row[kept_in], lon[kept_in], lat[kept_in])
        return probe[is_near], row[is_near]

    def may_count(self, row: Ints, at_us: Ints, now_us: int) -> Bools:
        """Whether a drawing counted at a fix's time, or counted that fix when it began later."""
        begun_us = self.from_us[row]
        counted_then = at_us < self.until_us[row]
        carried = (begun_us <= now_us) & (begun_us - CARRY_US <= at_us)
        counts: Bools = counted_then & ((begun_us <= at_us) | carried)
        return counts

    def distances_m(self, row: Ints, lon: Floats, lat: Floats) -> Floats:
        """Signed distance of each point to its row's drawing, negative where one must not be."""
        distance_m = signed_distance_m(self.shapes, row, lon, lat)
        return np.where(self.is_inclusion[row], -distance_m, distance_m)

    def distances_to_all(self, rows: Ints, lon: Floats, lat: Floats) -> Floats:
        """Signed distances of each point to each of these drawings: a row for each drawing."""
        row = np.repeat(rows, len(lon))
        distance_m = self.distances_m(row, np.tile(lon, len(rows)), np.tile(lat, len(rows)))
        return distance_m.reshape(len(rows), len(lon))

    def _is_out(self, row: Ints, lon: Floats, lat: Floats) -> Bools:
        """Which points lie outside a place to be kept in: only those can begin an absence."""
        is_out: Bools = self.distances_m(row, lon, lat) < self.warning_m[row]
        return is_out
