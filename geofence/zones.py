"""The zones in force, held in memory as arrays, and kept true by counting changes.

A worker keeps nothing the database does not have: before each batch it compares the agencies'
epochs with its own and reads again the people whose zones changed (ADR-0003).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from geofence.drawing import shapes_of
from geofence.rules.presence import usable_accuracy_m
from geofence.rules.shape import (
    Boxes,
    Shapes,
    bounding_boxes,
    may_be_near,
    signed_distance_m,
)
from supervision.core.fixes import CARRY_US, Bools, Floats, Ints, LocatedFixes

NEVER_US = np.iinfo(np.int64).max
# Changed people are kept on a page of their own until there are this many of them.
RECENT_PEOPLE_MOST = 2_000


class Pair(NamedTuple):
    """One person against one zone."""

    supervisee_id: int
    zone_id: int


class Version(NamedTuple):
    """A drawing of a zone, in force from `from_us` until before `until_us`."""

    version_id: int
    agency_id: int
    from_us: int
    until_us: int
    page: "ZonePage"
    row: int


@dataclass(frozen=True, slots=True)
class ZonePage:
    """Zone versions with a geometry, sorted by person, zone and version; parallel arrays."""

    supervisee_id: Ints
    zone_id: Ints
    version_id: Ints
    agency_id: Ints
    from_us: Ints
    until_us: Ints
    is_hidden: Bools
    shapes: Shapes
    boxes: Boxes

    def __len__(self) -> int:
        """How many versions."""
        return len(self.zone_id)

    def hide(self, supervisee_ids: Collection[int]) -> None:
        """Take these people's zones out of use here; they stand on a newer page."""
        self.is_hidden[np.isin(self.supervisee_id, list(supervisee_ids))] = True

    def rows_near(self, fixes: LocatedFixes, margin_m: Floats) -> tuple[Ints, Ints]:
        """Which fix may be near which version in force then: fix places, and rows here."""
        first = np.searchsorted(self.supervisee_id, fixes.supervisee_id, "left")
        count = np.searchsorted(self.supervisee_id, fixes.supervisee_id, "right") - first
        fix = np.repeat(np.arange(len(fixes)), count)
        row = np.arange(len(fix)) + np.repeat(first - (np.cumsum(count) - count), count)
        at_us = fixes.fixed_at_us[fix]
        may_count = (self.from_us[row] - CARRY_US <= at_us) & (at_us < self.until_us[row])
        keep = may_count & ~self.is_hidden[row]
        fix, row = fix[keep], row[keep]
        is_near = may_be_near(self.boxes, row, fixes.lon[fix], fixes.lat[fix], margin_m[fix])
        return fix[is_near], row[is_near]

    def versions(self, pair: Pair) -> list[Version]:
        """The versions of one person's zone, in order."""
        first, last = (
            int(np.searchsorted(self.supervisee_id, pair.supervisee_id, side))
            for side in ("left", "right")
        )
        return [
            Version(
                int(self.version_id[row]),
                int(self.agency_id[row]),
                int(self.from_us[row]),
                int(self.until_us[row]),
                self,
                row,
            )
            for row in range(first, last)
            if self.zone_id[row] == pair.zone_id and not self.is_hidden[row]
        ]


class ZoneBook:
    """Every zone of every person, for one worker; not shared between threads."""

    def __init__(self) -> None:
        self._pages = [_read_page(())]
        self._epochs: dict[int, int] = {}
        self._recent: set[int] = set()

    @classmethod
    def of_person(cls, session: Session, supervisee_id: int) -> "ZoneBook":
        """One person's zones as this very transaction sees them, for judging a change at once."""
        book = cls()
        book._pages = [_load_page(session, [supervisee_id])]
        return book

    def refresh(self, session: Session) -> None:
        """Read again what changed since the last call; costs one small query when nothing did."""
        epochs = {
            row.agency_id: row.epoch
            for row in session.execute(text("SELECT agency_id, epoch FROM zone_epoch"))
        }
        changed = {
            agency: self._epochs.get(agency, 0)
            for agency, epoch in epochs.items()
            if epoch != self._epochs.get(agency, 0)
        }
        if changed:
            self._reload(session, changed)
            self._epochs = epochs

    def pairs_near(self, fixes: LocatedFixes) -> dict[Pair, int]:
        """The pairs whose stays these fixes may touch, each with its earliest such fix's time.

        A fix counts as near while the zone's edge may lie within its accuracy.
        """
        margin_m = usable_accuracy_m(fixes.accuracy_m, fixes.source)
        earliest: dict[Pair, int] = {}
        for page in self._pages:
            fix, row = page.rows_near(fixes, margin_m)
            for place, where in zip(fix.tolist(), row.tolist(), strict=True):
                pair = Pair(int(page.supervisee_id[where]), int(page.zone_id[where]))
                at_us = int(fixes.fixed_at_us[place])
                earliest[pair] = min(at_us, earliest.get(pair, at_us))
        return earliest

    def versions(self, pair: Pair) -> list[Version]:
        """The versions of one person's zone, in order; empty if the book knows none."""
        return [version for page in self._pages for version in page.versions(pair)]

    def _reload(self, session: Session, since: dict[int, int]) -> None:
        people = _changed_people(session, since)
        if not self._epochs or len(people | self._recent) > RECENT_PEOPLE_MOST:
            self._pages, self._recent = [_load_page(session, None)], set()
            return
        self._recent |= people
        self._pages[0].hide(people)
        self._pages[1:] = [_load_page(session, sorted(self._recent))]


def distances_m(versions: list[Version], lon: Floats, lat: Floats) -> Floats:
    """Signed distance of point k to the drawing versions[k], metres, negative inside."""
    result = np.empty(len(versions))
    row = np.array([version.row for version in versions], np.int64)
    page_id = np.array([id(version.page) for version in versions], np.int64)
    for page in {id(version.page): version.page for version in versions}.values():
        mine = page_id == id(page)
        result[mine] = signed_distance_m(page.shapes, row[mine], lon[mine], lat[mine])
    return result


_VERSIONS = """
SELECT * FROM (
    SELECT v.supervisee_id, v.zone_id, v.id AS version_id, v.agency_id,
        (extract(epoch FROM v.armed_at) * 1000000)::bigint AS from_us,
        (extract(epoch FROM least(v.ends_at, lead(v.armed_at) OVER versions)) * 1000000)::bigint
            AS until_us,
        ST_AsBinary(v.geom) AS wkb, v.buffer_m
    FROM zone_version v {where}
    WINDOW versions AS (PARTITION BY v.zone_id ORDER BY v.version)
    ORDER BY v.supervisee_id, v.zone_id, v.version
) drawn WHERE wkb IS NOT NULL
"""


def _load_page(session: Session, supervisee_ids: list[int] | None) -> ZonePage:
    if supervisee_ids is None:
        rows = session.execute(text(_VERSIONS.format(where="")))
    else:
        where = "WHERE v.supervisee_id = ANY(:ids)"
        rows = session.execute(text(_VERSIONS.format(where=where)), {"ids": supervisee_ids})
    return _read_page(rows.all())


def _read_page(rows: Sequence[Sequence[Any]]) -> ZonePage:
    columns = list(zip(*rows, strict=True)) if rows else [()] * 8
    supervisee_id, zone_id, version_id, agency_id, from_us = (
        np.array(column, np.int64) for column in columns[:5]
    )
    until_us = np.array([NEVER_US if until is None else until for until in columns[5]], np.int64)
    geometries = shapely.from_wkb(np.array([bytes(wkb) for wkb in columns[6]], object))
    shapes = shapes_of(list(geometries), list(columns[7])) if rows else Shapes.empty()
    hidden = np.zeros(len(rows), np.bool_)
    return ZonePage(
        supervisee_id,
        zone_id,
        version_id,
        agency_id,
        from_us,
        until_us,
        hidden,
        shapes,
        bounding_boxes(shapes),
    )


def _changed_people(session: Session, since: dict[int, int]) -> set[int]:
    rows = session.execute(
        text(
            "SELECT DISTINCT v.supervisee_id FROM zone_version v"
            " JOIN unnest(CAST(:agencies AS bigint[]), CAST(:epochs AS bigint[]))"
            " AS known (agency_id, epoch)"
            " ON v.agency_id = known.agency_id AND v.epoch > known.epoch"
        ),
        {"agencies": list(since), "epochs": list(since.values())},
    )
    return {row.supervisee_id for row in rows}
