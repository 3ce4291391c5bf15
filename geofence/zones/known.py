"""One person's zone as a worker knows it: whose it is, when it counts, how to measure to it."""

from typing import NamedTuple

import numpy as np

from geofence.rules.observing import Ground
from geofence.rules.schedule import active_spans
from geofence.rules.sighting import Span as Counting
from geofence.rules.spans import Span, intersect, subtract
from geofence.zones.page import ZonePage
from supervision.core.fixes import Floats, Ints


class KnownZone(NamedTuple):
    """A zone, his own or one of a set, for one person.

    Attributes:
        page: Where its drawings stand.
        rows: Their rows there, in order; at least one.
        applies: When the zone is his at all.
        excepted: When it does not count for him.
    """

    page: ZonePage
    rows: list[int]
    applies: list[Span]
    excepted: list[Span]

    @property
    def agency_id(self) -> int:
        """Whose zone it is."""
        return int(self.page.agency_id[self.rows[0]])

    def ground(self, from_us: int, until_us: int) -> Ground:
        """The zone as it is to be judged.

        Args:
            from_us: Before this no span is needed; those that reach into the time are whole.
            until_us: Nor after this.
        """
        spans, drawn = self._counting((from_us, until_us))
        row_of = np.array(drawn, np.int64)
        page = self.page

        def measure(span: Ints, lon: Floats, lat: Floats) -> Floats:
            return page.distances_m(row_of[span], lon, lat)

        return Ground(
            spans,
            page.version_id[row_of].tolist(),
            page.inradius_m[row_of],
            measure,
            np.zeros(len(row_of)),
            has_ways=not page.is_inclusion[self.rows[0]],
        )

    def warning_m(self, ground: Ground) -> Floats:
        """The width of the warning ring in each of a ground's spans."""
        page = self.page
        of_version = {int(page.version_id[row]): float(page.warning_m[row]) for row in self.rows}
        return np.array([of_version[version] for version in ground.version_ids], np.float64)

    def distances_m(self, version_id: int, lon: Floats, lat: Floats) -> Floats | None:
        """Signed distances to one drawing, negative where one must not be; None: it has none."""
        for row in self.rows:
            if self.page.version_id[row] == version_id:
                return self.page.distances_m(np.full(len(lon), row), lon, lat)
        return None

    def _counting(self, wanted: Span) -> tuple[list[Counting], list[int]]:
        """When each drawing counts: in force, applied, within its schedule, not excepted."""
        page = self.page
        spans: list[Counting] = []
        drawn: list[int] = []
        for row in self.rows:
            in_force = [(int(page.from_us[row]), int(page.until_us[row]))]
            counting = intersect([one for one in in_force if one[0] < one[1]], self.applies)
            schedule = page.schedules[row]
            if schedule is not None:
                counting = intersect(counting, active_spans(schedule, *wanted))
            for from_us, until_us in subtract(counting, self.excepted):
                spans.append(Counting(from_us, until_us))
                drawn.append(row)
        return spans, drawn
