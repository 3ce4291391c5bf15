"""A zone that is not drawn yet, in the form in which it can be judged."""

from typing import NamedTuple

import numpy as np

from geofence.rules.observing import Ground
from geofence.rules.shape import Shapes, bounding_boxes, may_be_near, signed_distance_m
from geofence.rules.sighting import Span
from supervision.core.fixes import Bools, Floats, Ints

NO_VERSION = 0


class Draft(NamedTuple):
    """One drawing and its terms.

    Attributes:
        shapes: The drawing, one shape.
        is_inclusion: Whether it is a place to be kept in.
        inradius_m: The radius of the largest circle in it.
        warning_m: The width of its warning ring; 0 for none.
        spans: When it would have counted, in order, not overlapping.
        notes: What was repaired in the drawing, in sentences.
    """

    shapes: Shapes
    is_inclusion: bool
    inradius_m: float
    warning_m: float
    spans: list[Span]
    notes: list[str]

    def ground(self) -> Ground:
        """The draft as the engine judges a zone."""
        count = len(self.spans)

        def measure(_span: Ints, lon: Floats, lat: Floats) -> Floats:
            return self.distances_m(lon, lat)

        return Ground(
            self.spans,
            [NO_VERSION] * count,
            np.full(count, self.inradius_m),
            measure,
            np.zeros(count),
            has_ways=not self.is_inclusion,
        )

    def outside_m(self, lon: Floats, lat: Floats) -> Floats:
        """How far each point lies outside the drawing, negative inside, whatever its kind."""
        return signed_distance_m(self.shapes, np.zeros(len(lon), np.int64), lon, lat)

    def distances_m(self, lon: Floats, lat: Floats) -> Floats:
        """Signed distance of each point to the edge, negative where one must not be."""
        outside_m = self.outside_m(lon, lat)
        return -outside_m if self.is_inclusion else outside_m

    def at_least_m(self, lon: Floats, lat: Floats, margin_m: Floats) -> Floats:
        """`distances_m`, but of points beyond their margin the margin, where that is quicker.

        A drawing of thousands of edges is slow to measure against, and most fixes are far away.
        """
        near = np.flatnonzero(self.is_near(lon, lat, margin_m))
        distance_m = margin_m.copy()
        distance_m[near] = np.minimum(self.distances_m(lon[near], lat[near]), margin_m[near])
        return distance_m

    def is_near(self, lon: Floats, lat: Floats, margin_m: Floats) -> Bools:
        """Which points must be measured: all against a place to be kept in."""
        if self.is_inclusion:
            return np.ones(len(lon), np.bool_)
        only = np.zeros(len(lon), np.int64)
        return may_be_near(bounding_boxes(self.shapes), only, lon, lat, margin_m)

    def counts(self, at_us: Ints) -> Bools:
        """At which moments it would have counted."""
        begins = np.array([span.from_us for span in self.spans], np.int64)
        ends = np.array([span.until_us for span in self.spans], np.int64)
        # Of spans in order, as many have begun as have ended unless one is under way.
        begun = np.searchsorted(begins, at_us, side="right")
        under_way: Bools = begun > np.searchsorted(ends, at_us, side="right")
        return under_way
