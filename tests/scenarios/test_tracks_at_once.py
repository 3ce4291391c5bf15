"""Every real track judged against every real zone at once, beside the oracle; no database."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import partial
from itertools import product
from typing import Any

import numpy as np
import pytest
import structlog

from geofence.drawing import read_geojson, shapes_of
from geofence.rules.observing import Ground
from geofence.rules.shape import signed_distance_m
from geofence.rules.sighting import Span
from geofence.rules.stays import Stay
from supervision.core.fixes import Floats, Ints, LocatedFixes, Source
from tests.flat_ground import FlatZone, apart_m
from tests.judged_tracks import Judged, judge_track
from tests.oracle import NEVER_US, Drawing, StayShown, Terms, Track
from tests.oracle_stays import Verdict, compare, silences_of, stays_of
from tests.oracle_ways import Nearing
from tests.said import Said
from tests.scenarios.tracks import TRACES, made_zones, real_fixes, real_zones, walks

log = structlog.get_logger()

SOURCES = {"gps": Source.GPS, "wifi": Source.WIFI, "cell": Source.CELL}
WARNING_M, NEAR_M, ROUGHLY_NEAR_DEG = 500.0, 750.0, 0.05
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


class Person:
    """One person's track, as the engine takes it and as the oracle does."""

    def __init__(self, said: list[Said]) -> None:
        self.said = said
        self.fixes = located(said)
        self.track = Track([one.spot for one in said], apart_m)


class Drawn:
    """A zone, as the engine takes it and as the oracle does."""

    def __init__(self, feature: dict[str, Any], *, is_inclusion: bool = False) -> None:
        self.ground = ground_of(feature, is_inclusion=is_inclusion)
        self.warning_m = np.array([0.0 if is_inclusion else WARNING_M])
        place = FlatZone(feature)
        self.middle = place.middle
        self.drawings = [Drawing(EVER_US, NEVER_US, place)]
        self.terms = Terms(is_inclusion=is_inclusion)

    def judged(self, person: Person) -> Judged:
        return judge_track(person.fixes, self.ground, self.warning_m, NEVER_US)


def verdicts(person: Person, drawn: Drawn, judged: Judged) -> list[Verdict]:
    """Of the stays in the zone, and of those in its warning ring."""
    found = [(judged.stays, drawn.terms)]
    if not drawn.terms.is_inclusion:
        found.append((judged.approaches, Terms(WARNING_M)))
    return [
        compare(sorted(map(shown, stays)), partial(stays_of, person.track, drawn.drawings, terms))
        for stays, terms in found
    ]


def silences_differ(person: Person, drawn: Drawn, judged: Judged) -> set[tuple[int, int]]:
    found = {(one.from_us, one.until_us) for one in judged.unseen if one.is_over}
    return found ^ silences_of(person.track, drawn.drawings, drawn.terms)


def near(person: Person, drawn: Drawn) -> Person | None:
    """The person while he is near the zone, with the fix before and the one after each time."""
    place, track = drawn.drawings[0].place, person.track
    is_near = np.hypot(track.x - drawn.middle[0], track.y - drawn.middle[1]) < ROUGHLY_NEAR_DEG
    is_near[is_near] = place.away_m(track.x[is_near], track.y[is_near]) < NEAR_M
    is_kept = is_near.copy()
    is_kept[1:] |= is_near[:-1]
    is_kept[:-1] |= is_near[1:]
    kept = np.flatnonzero(is_kept)
    return Person([person.said[place] for place in kept]) if len(kept) else None


def prove(people: Iterable[Person], zones: Iterable[Drawn], *, is_whole: bool) -> Counter[str]:
    """Judge each in each zone both ways; returns what was shown, for the log."""
    count = Counter[str]()
    for one, drawn in product(people, zones):
        person = one if is_whole else near(one, drawn)
        if person is None:
            continue
        judged = drawn.judged(person)
        for verdict in verdicts(person, drawn, judged):
            assert verdict.is_right, f"{one.said[0].person}: {verdict}"
        assert silences_differ(person, drawn, judged) == set()
        count.update(f"{stay.grade} by {stay.kind}" for stay in judged.stays)
        count["approaches"] += sum(stay.closing is not None for stay in judged.approaches)
        count["silences"] += len(judged.unseen)
    log.info("judged", **count)
    return count


@pytest.mark.parametrize("is_inclusion", [False, True], ids=["kept out", "kept in"])
def test_made_walks_are_judged_as_the_oracle_says(*, is_inclusion: bool) -> None:
    people = [Person(said) for said in tracks_of(walks(6, 1000, seed=3)).values()]
    zones = [Drawn(feature, is_inclusion=is_inclusion) for feature in made_zones()]
    shown_there = prove(people, zones, is_whole=True)
    assert shown_there["confirmed by fix"]
    assert bool(shown_there["possible by way"]) != is_inclusion


@pytest.mark.skipif(not TRACES.exists(), reason="needs ../shared/data/traces")
def test_real_tracks_are_judged_near_each_zone_as_the_oracle_says() -> None:
    people = [Person(said) for said in tracks_of(real_fixes()).values()]
    shown_there = prove(people, map(Drawn, real_zones()[::3]), is_whole=False)
    assert shown_there["possible by way"]
    assert shown_there["approaches"]
    assert shown_there["silences"]


@pytest.mark.heavy
@pytest.mark.skipif(not TRACES.exists(), reason="needs ../shared/data/traces")
@pytest.mark.parametrize("is_inclusion", [False, True], ids=["kept out", "kept in"])
def test_whole_real_tracks_are_judged_as_the_oracle_says(*, is_inclusion: bool) -> None:
    people = [Person(said) for said in tracks_of(real_fixes()).values()]
    zones = [Drawn(feature, is_inclusion=is_inclusion) for feature in real_zones()]
    assert prove(people, zones, is_whole=True)["confirmed by fix"]
