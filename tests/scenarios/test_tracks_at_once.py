"""Every real track judged against every real zone at once, beside the oracle; no database."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import numpy as np
import pytest
import structlog

from geofence.drawing import read_geojson, shapes_of
from geofence.rules.observing import Ground
from geofence.rules.shape import signed_distance_m
from geofence.rules.sighting import Span
from geofence.rules.stays import Stay
from geofence.rules.track import Judged, judge_track
from supervision.core.fixes import Floats, Ints, LocatedFixes, Source
from tests.flat_ground import FlatZone, apart_m
from tests.oracle import NEVER_US, Drawing, StayShown, Terms, Track
from tests.oracle_stays import Verdict, compare, silences_of, stays_of
from tests.oracle_ways import Nearing
from tests.said import Said
from tests.scenarios.tracks import TRACES, made_zones, real_fixes, real_zones, walks

log = structlog.get_logger()

SOURCES = {"gps": Source.GPS, "wifi": Source.WIFI, "cell": Source.CELL}
WARNING_M = 500.0
EVER_US = -(2**61)


def tracks_of(said: list[Said]) -> dict[str, list[Said]]:
    tracks = defaultdict[str, list[Said]](list)
    for one in sorted(set(said), key=lambda fix: fix.in_line):
        tracks[one.person].append(one)
    return tracks


def located(said: list[Said]) -> LocatedFixes:
    count = len(said)
    accuracy_m = [math.nan if one.accuracy_m is None else one.accuracy_m for one in said]
    at_us = np.array([one.at_us for one in said], np.int64)
    return LocatedFixes(
        np.arange(count),
        np.ones(count, np.int64),
        at_us,
        at_us,
        np.array([one.lon for one in said]),
        np.array([one.lat for one in said]),
        np.array(accuracy_m),
        np.array([SOURCES[one.source] for one in said], np.int64),
    )


def ground_of(feature: dict[str, Any], *, is_inclusion: bool) -> Ground:
    drawn = read_geojson(feature)
    shapes = shapes_of([drawn.geometry], [drawn.buffer_m])

    def measure(span: Ints, lon: Floats, lat: Floats) -> Floats:
        away_m = signed_distance_m(shapes, span, lon, lat)
        return -away_m if is_inclusion else away_m

    spans = [Span(EVER_US, NEVER_US)]
    inradius_m = np.array([drawn.inradius_m])
    return Ground(spans, [0], inradius_m, measure, np.zeros(1), has_ways=not is_inclusion)


def shown(stay: Stay) -> StayShown:
    closing = stay.closing
    return StayShown(
        stay.entered_us,
        stay.left_us,
        str(stay.grade),
        str(stay.kind),
        stay.last_seen_us,
        stay.left_before_us,
        stay.entered_after_us,
        stay.version_id,
        stay.fix_count,
        stay.deepest_m,
        stay.decided.at_us,
        stay.decided.share,
        None if closing is None else Nearing(closing.at_us, closing.speed_mps, closing.eta_s),
    )


class Beside:
    """The engine's answer for one track and zone, and the oracle's."""

    def __init__(self, said: list[Said], feature: dict[str, Any], *, is_inclusion: bool) -> None:
        ground = ground_of(feature, is_inclusion=is_inclusion)
        warning_m = np.array([0.0 if is_inclusion else WARNING_M])
        self.judged: Judged = judge_track(located(said), ground, warning_m, NEVER_US)
        self.track = Track([one.spot for one in said], apart_m)
        self.drawings = [Drawing(EVER_US, NEVER_US, flat(feature))]
        self.terms = Terms(is_inclusion=is_inclusion)

    def compare(self) -> list[Verdict]:
        rings = [(self.judged.stays, self.terms)]
        if not self.terms.is_inclusion:
            rings.append((self.judged.approaches, Terms(WARNING_M)))
        return [
            compare(
                sorted(map(shown, found)), partial(stays_of, self.track, self.drawings, terms)
            )
            for found, terms in rings
        ]

    def silences_differ(self) -> set[tuple[int, int]]:
        found = {(one.from_us, one.until_us) for one in self.judged.unseen if one.is_over}
        return found ^ silences_of(self.track, self.drawings, self.terms)


@cache
def _flat(key: int) -> FlatZone:
    return FlatZone(_features[key])


_features: dict[int, dict[str, Any]] = {}


def flat(feature: dict[str, Any]) -> FlatZone:
    _features[id(feature)] = feature
    return _flat(id(feature))
