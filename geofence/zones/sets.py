"""Shared zones: drawn once, for everybody to whom their set applies."""

import numpy as np
import numpy.typing as npt
import shapely
from shapely import STRtree, box
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from geofence.rules.shape import Boxes, reach_lat_deg, reach_lon_deg
from geofence.rules.spans import Span
from geofence.zones.page import ZonePage
from geofence.zones.probes import Probes
from supervision.core.fixes import Bools, Floats, Ints

HALF_WORLD_DEG = 180.0


class SharedZones:
    """The zones of all sets, and to whom each set applies when.

    A spatial index holds them, because thousands of zones apply to one person.

    Attributes:
        page: Their drawings, by set.
        members: For each person, each of his sets with the times in which it applies.
    """

    def __init__(
        self,
        page: ZonePage,
        members: dict[int, dict[int, list[Span]]],
        tree: STRtree | None = None,
    ) -> None:
        self.page = page
        self.members = members
        self._tree = tree or STRtree(_outlines(page.boxes))
        self._people = np.array(sorted(members), np.int64)

    def rejoined(
        self, supervisee_ids: set[int], members: dict[int, dict[int, list[Span]]]
    ) -> "SharedZones":
        """The same zones where these people's memberships are now those given."""
        others = {one: sets for one, sets in self.members.items() if one not in supervisee_ids}
        return SharedZones(self.page, others | members, self._tree)

    def rows_near(self, probes: Probes, now_us: int) -> tuple[Ints, Ints]:
        """Which probe may come near which drawing of a set that applies to its person.

        Returns:
            Probe places and rows of the page.
        """
        if not len(self.page) or not len(self._people):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        mine = np.flatnonzero(self._are_members(probes.supervisee_id))
        place, row = self._tree.query(_around(probes.take(mine)), predicate="intersects")
        place = mine[place]
        counts = self.page.may_count(row, probes.at_us[place], now_us)
        place, row = place[counts], row[counts]
        people, sets = probes.supervisee_id[place].tolist(), self.page.owner_id[row].tolist()
        applies = [one in self.members[person] for person, one in zip(people, sets, strict=True)]
        is_his = np.array(applies, np.bool_)
        return place[is_his], row[is_his]

    def _are_members(self, supervisee_id: Ints) -> Bools:
        """Who has a set at all."""
        place = np.searchsorted(self._people, supervisee_id)
        found: Bools = self._people[np.minimum(place, len(self._people) - 1)] == supervisee_id
        return found


def _outlines(boxes: Boxes) -> npt.NDArray[np.object_]:
    return _rectangles(boxes.lon, boxes.lat, boxes.half_width_deg, boxes.half_height_deg)


def _around(probes: Probes) -> npt.NDArray[np.object_]:
    height_deg = reach_lat_deg(probes.margin_m)
    width_deg = reach_lon_deg(probes.margin_m, probes.lat)
    return _rectangles(probes.lon, probes.lat, width_deg, height_deg)


def _rectangles(
    lon: Floats, lat: Floats, half_width_deg: Floats, half_height_deg: Floats
) -> npt.NDArray[np.object_]:
    """Boxes of degrees; one over the antimeridian is two."""
    west, east = lon - half_width_deg, lon + half_width_deg
    south, north = lat - half_height_deg, lat + half_height_deg
    boxes: npt.NDArray[np.object_] = np.asarray(shapely.box(west, south, east, north), object)
    for place in np.flatnonzero((west < -HALF_WORLD_DEG) | (east > HALF_WORLD_DEG)):
        boxes[place] = _cut(boxes[place])
    return boxes


def _cut(rectangle: BaseGeometry) -> BaseGeometry:
    """A box that reaches past the antimeridian, as the parts of it on either side."""
    turn_deg = 2 * HALF_WORLD_DEG
    copies = [translate(rectangle, shift_deg) for shift_deg in (0.0, turn_deg, -turn_deg)]
    world = box(-HALF_WORLD_DEG, -HALF_WORLD_DEG, HALF_WORLD_DEG, HALF_WORLD_DEG)
    return shapely.union_all(shapely.intersection(copies, world))
