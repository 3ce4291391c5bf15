"""How far a fix is from the edge of an exclusion zone, in metres, for many pairs at once.

Everything is measured on the WGS 84 ellipsoid in the frame of the fix itself (east, north, up),
so that neither a pole nor the antimeridian is a special case.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from supervision.core.fixes import Bools, Floats, Ints

EQUATOR_M = 6_378_137.0
FLATTENING = 1 / 298.257223563
ECCENTRICITY_SQUARED = FLATTENING * (2 - FLATTENING)
MEAN_RADIUS_M = 6_371_008.8
LEAST_RADIUS_M = 6_335_000.0
MOST_M_PER_DEG = 111_700.0
EDGES_AT_ONCE = 16_384
POLE_DEG = 90.0
HALF_WORLD_DEG = 180.0


@dataclass(frozen=True, slots=True)
class Shapes:
    """Many zone shapes in compressed rows; the edges of shape k are `edge_offset[k:k+2]`.

    A polygon or multipolygon is the edges of all its rings and counts as area; a circle is one
    edge without length at its centre, a corridor the edges of its line, and neither is an area:
    both reach as far as their buffer. Edges are shortest lines, at most a few kilometres long.

    Attributes:
        edge_offset: Where each shape's edges begin, and the end; one more than there are shapes.
        lon1: Degrees east of each edge's start.
        lat1: Degrees north of each edge's start.
        lon2: Degrees east of each edge's end.
        lat2: Degrees north of each edge's end.
        buffer_m: By how much each shape reaches beyond its edges: radius, half width, or 0.
        is_area: Whether the ground within a shape's edges belongs to it.
    """

    edge_offset: Ints
    lon1: Floats
    lat1: Floats
    lon2: Floats
    lat2: Floats
    buffer_m: Floats
    is_area: Bools

    def __len__(self) -> int:
        """How many shapes."""
        return len(self.buffer_m)

    @classmethod
    def empty(cls) -> "Shapes":
        """No shapes at all."""
        none = np.empty(0)
        return cls(np.zeros(1, np.int64), none, none, none, none, none, np.empty(0, np.bool_))

    def grown(self, by_m: Floats) -> "Shapes":
        """The same shapes reaching farther by so much each; an area's edges count as its reach."""
        return replace(self, buffer_m=self.buffer_m + by_m)


def concatenate(many: list[Shapes]) -> Shapes:
    """All shapes of all these, in order."""
    many = [Shapes.empty(), *many]
    count = [np.diff(shapes.edge_offset) for shapes in many]
    return Shapes(
        np.concatenate([np.zeros(1, np.int64), np.cumsum(np.concatenate(count))]),
        np.concatenate([shapes.lon1 for shapes in many]),
        np.concatenate([shapes.lat1 for shapes in many]),
        np.concatenate([shapes.lon2 for shapes in many]),
        np.concatenate([shapes.lat2 for shapes in many]),
        np.concatenate([shapes.buffer_m for shapes in many]),
        np.concatenate([shapes.is_area for shapes in many]),
    )


def local_m(
    lon: Floats, lat: Floats, from_lon: Floats, from_lat: Floats
) -> tuple[Floats, Floats, Floats]:
    """Points on the ellipsoid as seen from other points on it: metres east, north and up.

    The length of the three together is the chord, shorter than the way along the ground by a
    24th of its square over the earth's: 2.6 parts in a million at 50 km. Source: geodetic to
    geocentric and geocentric to topocentric, EPSG Guidance Note 7-2, methods 9602 and 9836.

    Args:
        lon: Degrees east, of what is looked at.
        lat: Degrees north, of what is looked at.
        from_lon: Degrees east, of where it is looked at from; of the same shape, or one.
        from_lat: Degrees north, likewise.
    """
    return _seen_m(lon, lat, from_lon, _standpoint(from_lat))


def signed_distance_m(shapes: Shapes, which: Ints, lon: Floats, lat: Floats) -> Floats:
    """How far each point lies outside its shape; negative inside, by the depth to the edge.

    Inside an area is decided by the even-odd rule. Right to 0.1 % of the ellipsoid's distance
    up to 50 km (in truth some millimetres) for shapes up to 1,000 km across; beyond that only
    "far" is meant. NaN where a coordinate is NaN.

    Args:
        shapes: Each with one edge at least.
        which: The shape of each pair, by its place in `shapes`.
        lon: Degrees east, the point of each pair.
        lat: Degrees north, the point of each pair.

    Returns:
        Metres, one for each pair, in order.
    """
    result = np.empty(len(which))
    # Not the differences of all: there may be many thousand shapes, and few points.
    count = shapes.edge_offset[which + 1] - shapes.edge_offset[which]
    for block in _blocks(count):
        result[block] = _distances_m(shapes, which[block], count[block], lon[block], lat[block])
    return result


@dataclass(frozen=True, slots=True)
class Boxes:
    """A box of longitude and latitude around each shape, buffer included, rather too large.

    Attributes:
        lon: Degrees east of each centre.
        lat: Degrees north of each centre.
        half_width_deg: Reach east and west; 180 or more where a pole is near.
        half_height_deg: Reach north and south; may go past a pole.
    """

    lon: Floats
    lat: Floats
    half_width_deg: Floats
    half_height_deg: Floats


def bounding_boxes(shapes: Shapes) -> Boxes:
    """A box around each shape that misses nothing of it, also at antimeridian and poles.

    No point of an edge is further from both ends than half the edge, so the ends' box, grown by
    half the longest edge and the buffer, holds the shape. One whose ends lie around a pole, or
    half round the earth, gets all the world.
    """
    first = shapes.edge_offset[:-1]
    if not len(first):
        return Boxes(shapes.buffer_m, shapes.buffer_m, shapes.buffer_m, shapes.buffer_m)
    reference = shapes.lon1[first]
    start = wrapped_deg(shapes.lon1 - np.repeat(reference, np.diff(shapes.edge_offset)))
    end = start + wrapped_deg(shapes.lon2 - shapes.lon1)
    west = np.minimum.reduceat(np.minimum(start, end), first)
    east = np.maximum.reduceat(np.maximum(start, end), first)
    south = np.minimum.reduceat(np.minimum(shapes.lat1, shapes.lat2), first)
    north = np.maximum.reduceat(np.maximum(shapes.lat1, shapes.lat2), first)
    reach_m = shapes.buffer_m + np.maximum.reduceat(_at_most_m(shapes), first) / 2
    half_height = (north - south) / 2 + reach_lat_deg(reach_m)
    half_width = (east - west) / 2 + reach_lon_deg(reach_m, np.maximum(abs(south), abs(north)))
    is_worldwide = east - west >= HALF_WORLD_DEG
    return Boxes(
        wrapped_deg(reference + (east + west) / 2),
        np.where(is_worldwide, 0.0, (north + south) / 2),
        np.where(is_worldwide, HALF_WORLD_DEG, half_width),
        np.where(is_worldwide, POLE_DEG, half_height),
    )


def may_be_near(
    boxes: Boxes, which: Ints, lon: Floats, lat: Floats, margin_m: float | Floats
) -> Bools:
    """Whether each point might be within the margin of its shape: cheap, and never wrongly no.

    Args:
        boxes: As `bounding_boxes` gives them.
        which: The box of each pair, by its place in `boxes`.
        lon: Degrees east, the point of each pair.
        lat: Degrees north, the point of each pair.
        margin_m: One for all pairs or one for each; below zero counts as zero.

    Returns:
        True wherever `signed_distance_m` would be `margin_m` or less, and seldom elsewhere.
    """
    margin = np.maximum(np.asarray(margin_m, np.float64), 0.0)
    off_deg = np.abs(lat - boxes.lat[which])
    near: Bools = off_deg <= boxes.half_height_deg[which] + reach_lat_deg(margin)
    left = np.flatnonzero(near)
    box = which[left]
    margin = np.broadcast_to(margin, near.shape)[left]
    edge_lat = np.abs(boxes.lat[box]) + boxes.half_height_deg[box]
    reach_deg = boxes.half_width_deg[box] + reach_lon_deg(margin, edge_lat)
    near[left] = np.abs(wrapped_deg(lon[left] - boxes.lon[box])) <= reach_deg
    return near


def _seen_m(
    lon: Floats, lat: Floats, from_lon: Floats, standpoint: Floats
) -> tuple[Floats, Floats, Floats]:
    """`local_m`, with what depends on the standpoint's latitude alone worked out before."""
    from_sine, from_cosine, from_axis, from_z = standpoint
    axis, z = _from_axis_m(np.radians(lat))
    turn = np.radians(lon - from_lon)
    outward, along = axis * np.cos(turn) - from_axis, z - from_z
    north = from_cosine * along - from_sine * outward
    up = from_cosine * outward + from_sine * along
    return axis * np.sin(turn), north, up


def _standpoint(lat: Floats) -> Floats:
    """Rows of sine and cosine of the latitude, distance from the axis, height over the equator."""
    latitude = np.radians(lat)
    return np.stack([np.sin(latitude), np.cos(latitude), *_from_axis_m(latitude)])


def _from_axis_m(latitude: Floats) -> tuple[Floats, Floats]:
    """Distance from the earth's axis and height over the equator's plane; radians to metres."""
    sine = np.sin(latitude)
    prime_vertical = EQUATOR_M / np.sqrt(1 - ECCENTRICITY_SQUARED * sine * sine)
    return prime_vertical * np.cos(latitude), prime_vertical * (1 - ECCENTRICITY_SQUARED) * sine


def _blocks(count: Ints) -> Iterator[slice]:
    """Runs of pairs that have few enough edges together to be worked on at once."""
    ends = np.cumsum(count)
    start = 0
    while start < len(count):
        done = ends[start] - count[start]
        stop = int(np.searchsorted(ends, done + EDGES_AT_ONCE, side="right"))
        yield slice(start, max(stop, start + 1))
        start = max(stop, start + 1)


def _distances_m(shapes: Shapes, which: Ints, count: Ints, lon: Floats, lat: Floats) -> Floats:
    """`signed_distance_m` of one block; `count` is the number of edges of each pair."""
    first = np.cumsum(count) - count
    edge = np.arange(count.sum()) + np.repeat(shapes.edge_offset[which] - first, count)
    from_lon, standpoint = np.repeat(lon, count), np.repeat(_standpoint(lat), count, axis=1)
    start = np.stack(_seen_m(shapes.lon1[edge], shapes.lat1[edge], from_lon, standpoint))
    end = np.stack(_seen_m(shapes.lon2[edge], shapes.lat2[edge], from_lon, standpoint))
    chord_m = np.sqrt(np.minimum.reduceat(_squared_to_edge(start, end), first))
    ground_m = 2 * MEAN_RADIUS_M * np.arcsin(np.minimum(chord_m / (2 * MEAN_RADIUS_M), 1.0))
    # Seen from straight above, the far side of the earth falls onto the near one.
    is_this_side = chord_m < MEAN_RADIUS_M
    is_within = shapes.is_area[which] & is_this_side & _is_within(start, end, first)
    distance: Floats = np.where(is_within, -ground_m, ground_m) - shapes.buffer_m[which]
    return distance


def _squared_to_edge(start: Floats, end: Floats) -> Floats:
    """Squared distance from the origin to each edge, the chord lifted onto the ground."""
    along = end - start
    length = (along * along).sum(axis=0)
    share = -(start * along).sum(axis=0) / np.where(length > 0, length, 1.0)
    share = np.clip(share, 0.0, 1.0)
    nearest = start + share * along
    nearest[2] += share * (1 - share) * length / (2 * MEAN_RADIUS_M)
    squared: Floats = (nearest * nearest).sum(axis=0)
    return squared


def _is_within(start: Floats, end: Floats, first: Ints) -> Bools:
    """Even-odd rule: a ray due east from the origin meets an odd number of edges."""
    is_met = (start[1] > 0) != (end[1] > 0)
    is_east = (start[0] * end[1] > end[0] * start[1]) == (end[1] > start[1])
    met = np.add.reduceat((is_met & is_east).astype(np.int64), first)
    odd: Bools = met % 2 == 1
    return odd


def wrapped_deg(degrees: Floats) -> Floats:
    """The same directions in [-180, 180)."""
    wrapped: Floats = (degrees + 180.0) % 360.0 - 180.0
    return wrapped


def _at_most_m(shapes: Shapes) -> Floats:
    """A length that no edge exceeds: along its meridian, then along its parallel."""
    parallel = np.abs(wrapped_deg(shapes.lon2 - shapes.lon1)) * np.cos(np.radians(shapes.lat1))
    length: Floats = MOST_M_PER_DEG * (np.abs(shapes.lat2 - shapes.lat1) + parallel)
    return length


def reach_lat_deg(reach_m: Floats) -> Floats:
    """The most latitude that many metres can span."""
    reach: Floats = np.degrees(reach_m / LEAST_RADIUS_M)
    return reach


def reach_lon_deg(reach_m: Floats, lat: Floats) -> Floats:
    """The most longitude that many metres can span from this latitude; 180 if past a pole.

    Source: the circle of radius r about latitude p touches the meridians asin(sin r / cos p)
    away (Jan Matuschek, Finding Points Within a Distance, 2010).
    """
    reach = np.minimum(reach_m / LEAST_RADIUS_M, np.pi)
    is_past_pole = np.degrees(reach) + np.abs(lat) >= POLE_DEG
    sine = np.sin(reach) / np.maximum(np.cos(np.radians(lat)), 1e-12)
    width_deg = np.degrees(np.arcsin(np.clip(sine, 0.0, 1.0)))
    return np.where(is_past_pole, HALF_WORLD_DEG, width_deg)
