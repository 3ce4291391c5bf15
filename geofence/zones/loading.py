"""Reads zones, memberships and exceptions from the database into a worker's memory."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from geofence.drawing import shapes_of
from geofence.rules.schedule import Schedule, read_schedule
from geofence.rules.shape import Shapes, bounding_boxes
from geofence.rules.spans import Span
from geofence.zones.page import NEVER_US, ZonePage
from supervision.core.clock import to_us

_VERSIONS = """
SELECT owner_id, zone_id, version_id, agency_id, from_us, until_us, wkb, buffer_m,
    is_inclusion, inradius_m, warning_m, schedule, time_zone
FROM (
    SELECT {owner} AS owner_id, v.zone_id, v.id AS version_id, v.agency_id, v.version,
        (extract(epoch FROM v.armed_at) * 1000000)::bigint AS from_us,
        (extract(epoch FROM least(v.ends_at, lead(v.armed_at) OVER versions)) * 1000000)::bigint
            AS until_us,
        ST_AsBinary(v.geom) AS wkb, v.buffer_m, z.kind = 'inclusion' AS is_inclusion,
        v.inradius_m, v.warning_m, v.schedule, v.time_zone
    FROM zone_version v JOIN zone z ON z.id = v.zone_id
    WHERE {where}
    WINDOW versions AS (PARTITION BY v.zone_id ORDER BY v.version)
) drawn
WHERE wkb IS NOT NULL
ORDER BY owner_id, zone_id, version
"""
COLUMNS = 13


def own_zones(session: Session, supervisee_ids: Sequence[int] | None) -> ZonePage:
    """The zones of these people, or of everybody."""
    where = "v.supervisee_id IS NOT NULL"
    if supervisee_ids is not None:
        where = "v.supervisee_id = ANY(:ids)"
    sql = _VERSIONS.format(owner="v.supervisee_id", where=where)
    return read_page(session.execute(text(sql), {"ids": supervisee_ids}).all())


def shared_zones(session: Session, supervisee_id: int | None = None) -> ZonePage:
    """The zones of every set, or of the sets that ever applied to one person."""
    where = "z.zone_set_id IS NOT NULL"
    if supervisee_id is not None:
        where = (
            "z.zone_set_id IN (SELECT zone_set_id FROM zone_set_member WHERE supervisee_id = :id)"
        )
    sql = _VERSIONS.format(owner="z.zone_set_id", where=where)
    return read_page(session.execute(text(sql), {"id": supervisee_id}).all())


def read_page(rows: Sequence[Sequence[Any]]) -> ZonePage:
    """Rows of `_VERSIONS` as arrays."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * COLUMNS
    owner_id, zone_id, version_id, agency_id, from_us = (
        np.array(column, np.int64) for column in columns[:5]
    )
    until_us = np.array([NEVER_US if until is None else until for until in columns[5]], np.int64)
    geometries = shapely.from_wkb(np.array([bytes(wkb) for wkb in columns[6]], object))
    shapes = shapes_of(list(geometries), list(columns[7])) if rows else Shapes.empty()
    warning_m = np.array(columns[10], np.float64)
    return ZonePage(
        owner_id=owner_id,
        zone_id=zone_id,
        version_id=version_id,
        agency_id=agency_id,
        from_us=from_us,
        until_us=until_us,
        is_inclusion=np.array(columns[8], np.bool_),
        inradius_m=np.array(columns[9], np.float64),
        warning_m=warning_m,
        schedules=[_schedule(*pair) for pair in zip(columns[11], columns[12], strict=True)],
        is_hidden=np.zeros(len(rows), np.bool_),
        shapes=shapes,
        boxes=bounding_boxes(shapes.grown(warning_m)),
    )


def memberships(
    session: Session, supervisee_ids: Sequence[int] | None
) -> dict[int, dict[int, list[Span]]]:
    """To whom each set applies, when: of these people, or of everybody."""
    rows = session.execute(
        text(
            "SELECT supervisee_id, zone_set_id, begins_at, ends_at FROM zone_set_member"
            " WHERE supervisee_id = ANY(:ids) OR :everybody ORDER BY begins_at"
        ),
        {"ids": list(supervisee_ids or ()), "everybody": supervisee_ids is None},
    )
    found: dict[int, dict[int, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        until_us = NEVER_US if row.ends_at is None else to_us(row.ends_at)
        found[row.supervisee_id][row.zone_set_id].append((to_us(row.begins_at), until_us))
    return {person: dict(sets) for person, sets in found.items()}


def exceptions(
    session: Session, supervisee_ids: Sequence[int] | None
) -> dict[tuple[int, int], list[Span]]:
    """When zones do not count, by person and zone: of these people, or of everybody."""
    rows = session.execute(
        text(
            "SELECT supervisee_id, zone_id, begins_at, least(ends_at, withdrawn_at) AS ends_at"
            " FROM zone_exception WHERE supervisee_id = ANY(:ids) OR :everybody"
        ),
        {"ids": list(supervisee_ids or ()), "everybody": supervisee_ids is None},
    )
    found: dict[tuple[int, int], list[Span]] = defaultdict(list)
    for row in rows:
        if row.ends_at > row.begins_at:
            found[row.supervisee_id, row.zone_id].append((to_us(row.begins_at), to_us(row.ends_at)))
    return dict(found)


class Changes:
    """What changed in the agencies' zones since a worker last looked."""

    def __init__(self, session: Session, known: dict[int, int]) -> None:
        rows = session.execute(text("SELECT agency_id, epoch FROM zone_epoch"))
        self.epochs: dict[int, int] = {row.agency_id: row.epoch for row in rows}
        self._since = {
            agency: known.get(agency, 0)
            for agency, epoch in self.epochs.items()
            if epoch != known.get(agency, 0)
        }
        self._session = session

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._since)

    def people(self) -> tuple[set[int], bool]:
        """Whose zones changed, and whether those of a set did."""
        rows = self._session.execute(
            text(
                "SELECT DISTINCT changed.supervisee_id FROM ("
                " SELECT agency_id, epoch, supervisee_id FROM zone_version"
                " UNION ALL SELECT agency_id, epoch, supervisee_id FROM zone_exception"
                " UNION ALL SELECT agency_id, epoch, supervisee_id FROM zone_set_member) changed"
                " JOIN unnest(CAST(:agencies AS bigint[]), CAST(:epochs AS bigint[]))"
                " AS known (agency_id, epoch)"
                " ON changed.agency_id = known.agency_id AND changed.epoch > known.epoch"
            ),
            {"agencies": list(self._since), "epochs": list(self._since.values())},
        ).all()
        people = {row.supervisee_id for row in rows if row.supervisee_id is not None}
        return people, any(row.supervisee_id is None for row in rows)


def _schedule(data: object, time_zone: str) -> Schedule | None:
    return None if data is None else read_schedule(data, time_zone)
