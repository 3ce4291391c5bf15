"""Runs the engine's own rules over recorded tracks whose true stays are known.

The rules are those that the monitor calls; no database is needed. A finding carries the time of
the fix with which it was found: no rule looks at a later one, which a test holds.
"""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from shapely import Point

from geofence.drawing import to_shapes
from geofence.rules.observing import End, Ground, Observation, observe
from geofence.rules.shape import Shapes, signed_distance_m
from geofence.rules.sighting import Span
from geofence.rules.stays import EvidenceKind, Grade, Stay, find_stays
from geofence.rules.track import FROM_THE_BEGINNING_US, unseen
from geofence.zones import NEVER_US
from supervision.core.errors import Invalid
from supervision.core.fixes import Floats, Ints, LocatedFixes, Source


def evaluate(prefix: str, *, alerts_only: bool = False) -> Iterator[dict[str, Any]]:
    """The verdicts on each case of PREFIX.cases.jsonl.gz, for PREFIX.tracks.jsonl.gz.

    Args:
        prefix: Of the files' names.
        alerts_only: Name only the fixes with which a stay was found or confirmed, as an officer
            hears of it: once. Else every fix at which the engine holds that he is inside.

    Yields:
        `{"case": ..., "findings": [{"at": s, "grade": ...}], "unseen": [[from_s, until_s]]}`.

    Raises:
        Invalid: A file is missing or is not of that form.
    """
    try:
        tracks = {row["track"]: _track(row["fixes"]) for row in _rows(f"{prefix}.tracks.jsonl.gz")}
        for case in _rows(f"{prefix}.cases.jsonl.gz"):
            yield {
                "case": case["case"],
                **_verdicts(tracks[case["track"]], _ground(case["zone"]), alerts_only=alerts_only),
            }
    except (OSError, KeyError, ValueError) as error:
        message = f"{prefix} holds no cases that can be read: {error}."
        raise Invalid(message) from error


def _verdicts(fixes: LocatedFixes, ground: Ground, *, alerts_only: bool) -> dict[str, Any]:
    observed = observe(fixes, ground, FROM_THE_BEGINNING_US, NEVER_US)
    stays = find_stays(observed)
    findings = {finding for stay in stays for finding in _told(stay)}
    if not alerts_only:
        findings |= {finding for stay in stays for finding in _held(stay, observed)}
    return {
        "findings": [{"at": at_us / 1e6, "grade": str(grade)} for at_us, grade in sorted(findings)],
        "unseen": [[one.from_us / 1e6, one.until_us / 1e6] for one in unseen(fixes, ground)],
    }


def _told(stay: Stay) -> Iterator[tuple[int, Grade]]:
    """When an officer hears of a stay: when it is found, and when it is confirmed."""
    opened_us = stay.decided.at_us if stay.kind is EvidenceKind.WAY else stay.entered_us
    if stay.grade is Grade.CONFIRMED:
        yield stay.decided.at_us, Grade.CONFIRMED
    if stay.grade is Grade.POSSIBLE or opened_us < stay.decided.at_us:
        yield opened_us, Grade.POSSIBLE


def _held(stay: Stay, observed: list[Observation | End]) -> Iterator[tuple[int, Grade]]:
    """The fixes in a stay that would each have opened or confirmed it."""
    for seen in observed:
        if isinstance(seen, Observation) and stay.entered_us <= seen.at_us <= stay.last_seen_us:
            if seen.confirms or (seen.way is not None and seen.way.confirms):
                yield seen.at_us, Grade.CONFIRMED
            elif seen.opens:
                yield seen.at_us, Grade.POSSIBLE


def _rows(path: str) -> Iterator[dict[str, Any]]:
    with gzip.open(Path(path), "rt") as lines:
        yield from map(json.loads, lines)


def _track(fixes: list[list[float]]) -> LocatedFixes:
    t, lat, lon, accuracy_m = np.array(fixes, np.float64).T
    at_us = np.rint(t * 1e6).astype(np.int64)
    number = np.arange(len(t), dtype=np.int64)
    source = np.full(len(t), Source.GPS, np.int64)
    return LocatedFixes(number, np.zeros_like(number), at_us, at_us, lon, lat, accuracy_m, source)


def _ground(zone: dict[str, float]) -> Ground:
    radius_m = float(zone["radius_m"])
    shapes: Shapes = to_shapes(Point(zone["lon"], zone["lat"]), radius_m)

    def measure(span: Ints, lon: Floats, lat: Floats) -> Floats:
        return signed_distance_m(shapes, span, lon, lat)

    always = [Span(0, NEVER_US)]
    return Ground(always, [0], np.array([radius_m]), measure, np.zeros(1), has_ways=True)
