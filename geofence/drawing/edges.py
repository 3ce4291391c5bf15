"""From drawings to the edges that the engine measures fixes against."""

import numpy as np
import numpy.typing as npt
import shapely
from shapely import GeometryType
from shapely.geometry.base import BaseGeometry

from geofence.rules.shape import Shapes
from supervision.core.errors import Broken
from supervision.core.fixes import Bools, Floats, Ints

ANTIMERIDIAN_DEG = 180.0
SEAM_DECIMALS = 9
AREAS = (GeometryType.POLYGON, GeometryType.MULTIPOLYGON)


def to_shapes(geometry: BaseGeometry, buffer_m: float) -> Shapes:
    """The one shape that a `Drawing`'s geometry and buffer stand for."""
    return shapes_of([geometry], [buffer_m])


def shapes_of(geometries: list[BaseGeometry], buffer_m: list[float]) -> Shapes:
    """The shapes of many zones at once, in order; quick for hundreds of thousands.

    Where an area was cut at the antimeridian the two sides of the cut are left out: they are no
    edge of the zone, and a fix beside them may be deep inside.

    Args:
        geometries: Points, (multi-)lines and (multi-)polygons in degrees, as `Drawing` or
            `shapely.from_wkb` gives them.
        buffer_m: Radius, half width or 0 of each.

    Raises:
        Broken: A geometry is empty or of another kind; a stored zone never should be.
    """
    array = np.array(geometries, dtype=object)
    curves, owner = _curves(array)
    coordinates, curve = shapely.get_coordinates(curves, return_index=True)
    start, end = _joined(curve.astype(np.int64))
    coordinates[coordinates[:, 0] == -ANTIMERIDIAN_DEG, 0] = ANTIMERIDIAN_DEG
    is_area = np.isin(shapely.get_type_id(array), AREAS)
    edge_owner = owner[curve[start]]
    kept = ~_is_seam(coordinates[start], coordinates[end], edge_owner, is_area)
    start, end, edge_owner = start[kept], end[kept], edge_owner[kept]
    count = np.bincount(edge_owner, minlength=len(array))
    if not count.all():
        raise Broken("A zone without ground cannot be judged.")
    offset = np.concatenate([np.zeros(1, np.int64), np.cumsum(count)])
    (lon1, lat1), (lon2, lat2) = coordinates[start].T.copy(), coordinates[end].T.copy()
    return Shapes(offset, lon1, lat1, lon2, lat2, np.array(buffer_m, np.float64), is_area)


def _curves(array: npt.NDArray[np.object_]) -> tuple[npt.NDArray[np.object_], Ints]:
    """Every ring, line and point, and the place of the geometry that it belongs to, in order."""
    parts, owner = shapely.get_parts(array, return_index=True)
    kind = shapely.get_type_id(parts)
    is_polygon = kind == GeometryType.POLYGON
    rings, polygon = shapely.get_rings(parts[is_polygon], return_index=True)
    is_plain = np.isin(kind, (GeometryType.POINT, GeometryType.LINESTRING))
    curves = np.concatenate([rings, parts[is_plain]])
    owners = np.concatenate([owner[is_polygon][polygon], owner[is_plain]])
    order = np.argsort(owners, kind="stable")
    return curves[order], owners[order].astype(np.int64)


def _joined(curve: Ints) -> tuple[Ints, Ints]:
    """Places of both ends of every edge; a point alone is an edge to itself."""
    is_last, is_first = np.ones((2, len(curve)), np.bool_)
    is_last[:-1] = is_first[1:] = curve[1:] != curve[:-1]
    start = np.flatnonzero(~is_last | is_first)
    return start, start + ~is_last[start]


def _is_seam(start: Floats, end: Floats, owner: Ints, is_area: Bools) -> Bools:
    """Edges along the antimeridian that an area has twice, once from either side."""
    is_on_it = (start[:, 0] == ANTIMERIDIAN_DEG) & (end[:, 0] == ANTIMERIDIAN_DEG)
    place = np.flatnonzero(is_on_it & is_area[owner])
    is_seam = np.zeros(len(owner), np.bool_)
    lat = np.sort(np.column_stack([start[place, 1], end[place, 1]]), axis=1)
    key = np.column_stack([owner[place], lat.round(SEAM_DECIMALS)])
    _, which, times = np.unique(key, axis=0, return_inverse=True, return_counts=True)
    is_seam[place] = times[which] == 2  # noqa: PLR2004
    return is_seam
