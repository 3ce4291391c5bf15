import math

import numpy as np
import pytest

from geofence.rules.observing import Ground
from geofence.rules.sighting import Span
from geofence.rules.silence import Silence
from geofence.rules.spans import NEVER
from geofence.rules.stays import EvidenceKind, Grade, Stay
from geofence.rules.track import counting_in, distances_in, ring_of, unseen
from supervision.core.fixes import Floats, Ints, Source
from tests.judged_tracks import Judged, judge_track
from tests.unit.geofence.tracks import (
    AT_LAST_US,
    SECOND_US,
    At,
    disc,
    east_of,
    ground_of,
    stays_in,
    strip,
    track,
)

HOUSE = ground_of(disc(100), inradius_m=100)
HALF_WORLD = ground_of(east_of())
DAY_S = 24 * 3600


def between(from_s: float, until_s: float) -> Span:
    return Span(round(from_s * SECOND_US), round(until_s * SECOND_US))


def judged(ground: Ground, warning_m: float, *fixes: At) -> Judged:
    return judge_track(track(fixes), ground, np.full(len(ground.spans), warning_m), AT_LAST_US)


def seconds(stays: list[Stay]) -> list[tuple[float, float | None]]:
    """Entered and left."""
    return [
        (one.entered_us / SECOND_US, None if one.left_us is None else one.left_us / SECOND_US)
        for one in stays
    ]


def minutely(*east_m: float, accuracy_m: float = 10.0) -> list[At]:
    return [At(60.0 * minute, east, 0, accuracy_m) for minute, east in enumerate(east_m)]


def test_a_walk_into_a_zone_and_out_again_is_one_confirmed_stay() -> None:
    (stay,) = stays_in(minutely(-300, -80, -20, 40, 200, 300), HOUSE)
    assert seconds([stay]) == [(60, 240)]
    assert stay.grade is Grade.CONFIRMED


def test_leaving_takes_one_far_fix_or_several_nearer_ones_and_counts_from_the_first() -> None:
    assert seconds(stays_in(minutely(50, -25), HALF_WORLD)) == [(0, 60)]
    assert seconds(stays_in(minutely(50, -24), HALF_WORLD)) == [(0, None)]
    assert seconds(stays_in(minutely(50, -15, -15, -15, -15), HALF_WORLD)) == [(0, 60)]
    assert seconds(stays_in(minutely(50, -15, -9, -15, -9), HALF_WORLD)) == [(0, None)]


def test_the_way_through_a_street_between_two_fixes_is_a_possible_stay() -> None:
    street = ground_of(strip(100), inradius_m=50)
    (stay,) = stays_in([At(0, -200, 0, 3), At(40, 200, 0, 3)], street)
    assert (stay.kind, stay.grade) == (EvidenceKind.WAY, Grade.POSSIBLE)
    assert seconds([stay])[0] == pytest.approx((15, 25), abs=0.01)


def test_a_zone_armed_around_somebody_finds_him_at_that_moment() -> None:
    for age_s, grade in ((300, Grade.CONFIRMED), (301, Grade.POSSIBLE)):
        armed = ground_of(east_of(), [Span(age_s * SECOND_US, NEVER)])
        (stay,) = stays_in([At(0, 100)], armed)
        assert (stay.kind, stay.grade) == (EvidenceKind.CARRIED, grade)
        assert seconds([stay]) == [(age_s, None)]
    assert stays_in([At(0, 100)], ground_of(east_of(), [between(DAY_S + 1, 2 * DAY_S)])) == []


def test_the_end_of_a_zone_ends_the_stay_in_it_and_a_new_drawing_goes_on_with_it() -> None:
    ended = ground_of(east_of(), [between(-60, 90), between(200, 230)])
    assert seconds(stays_in(minutely(50, 50, 50), ended)) == [(0, 90), (200, 230)]
    redrawn = ground_of(east_of(), [between(-60, 90), Span(90 * SECOND_US, NEVER)])
    assert seconds(stays_in(minutely(50, 50, 50), redrawn)) == [(0, None)]


def stay_counts(seeds: range, every_s: int) -> list[int]:
    """Stays that hours on the edge show: errors of 15 m on either axis, 23 m for 68 in 100."""
    counts = []
    for seed in seeds:
        errors_m = np.random.default_rng(seed).normal(0, 15, (3600 // every_s, 2)).tolist()
        fixes = [At(every_s * k, east, north, 23) for k, (east, north) in enumerate(errors_m)]
        counts.append(len(stays_in(fixes, HALF_WORLD)))
    return counts


def test_an_hour_of_jitter_on_the_edge_is_one_stay_in_19_hours_of_20() -> None:
    counts = stay_counts(range(100), 60)
    assert sum(count == 1 for count in counts) >= 95
    assert max(counts) <= 2


@pytest.mark.heavy
def test_a_thousand_hours_of_jitter_on_the_edge_are_one_stay_each_in_96_of_100() -> None:
    counts = stay_counts(range(1000), 60)
    assert sum(count == 1 for count in counts) >= 960
    assert max(counts) <= 3


def test_without_a_warning_ring_nobody_approaches() -> None:
    assert judged(HOUSE, 0, *minutely(-400, -300, -200)).approaches == []


def test_whoever_enters_the_warning_ring_approaches_and_is_seen_coming_nearer() -> None:
    found = judged(HOUSE, 200, *minutely(-400, -320, -260, -200, -20))
    assert seconds(found.stays) == [(240, None)]
    (approach,) = found.approaches
    assert approach.entered_us == 120 * SECOND_US
    assert approach.closing is not None
    assert approach.closing.speed_mps == pytest.approx(1.0)
    assert approach.closing.eta_s == pytest.approx(160)


def test_whoever_walks_round_the_zone_in_its_ring_is_not_coming_nearer() -> None:
    round_it = [At(60.0 * k, 200 * math.cos(k), 200 * math.sin(k)) for k in range(6)]
    found = judged(HOUSE, 200, *round_it)
    assert found.stays == []
    assert [one.closing for one in found.approaches] == [None]


def test_a_ring_is_the_zone_grown_by_the_width_of_its_span_and_has_no_ways() -> None:
    twice = ground_of(disc(100), [between(0, 60), between(60, 120)])
    ring = ring_of(twice, np.array([10.0, 25.0]))
    found = ring.measure(np.array([0, 1]), np.zeros(2), np.zeros(2))
    assert found.tolist() == [-110, -125]
    assert ring.warning_m.tolist() == [10, 25]
    assert (ring.spans, ring.version_ids) == (twice.spans, twice.version_ids)
    assert (twice.has_ways, ring.has_ways) == (True, False)


def test_a_silence_in_which_the_zone_was_in_reach_is_told_and_another_is_not() -> None:
    near, far = At(0, 1000), At(0, 500_000)
    assert judged(HOUSE, 0, near, near._replace(s=600)).unseen == [
        Silence(0, 600 * SECOND_US, 0, 1, is_over=True)
    ]
    assert judged(HOUSE, 0, far, far._replace(s=600)).unseen == []


def test_a_silence_before_or_after_the_zone_counted_is_not_told() -> None:
    fixes = track([At(0, 50), At(600, 50)])
    for span, is_told in (
        (between(-60, 0), False),
        (between(-60, 1), True),
        (between(599, 900), True),
        (between(600, 900), False),
        (between(60, 60), False),
    ):
        assert bool(unseen(fixes, ground_of(disc(100), [span]))) is is_told


def test_a_silence_is_measured_against_the_last_drawing_in_it() -> None:
    def measure(span: Ints, lon: Floats, lat: Floats) -> Floats:
        distance_m: Floats = np.array([100.0, 200.0, 300.0])[span] + 0 * (lon + lat)
        return distance_m

    spans = [between(-60, 100), between(100, 300), between(900, 990)]
    ground = ground_of(measure, spans)
    silence = Silence(0, 600 * SECOND_US, 1, 3, is_over=True)
    assert counting_in(ground, silence) == 1
    fixes = track([At(s, 0) for s in (0, 0, 300, 600, 601)])
    assert distances_in(fixes, ground, silence, 1).tolist() == [200.0] * 3


def test_a_tag_that_only_finds_towers_is_unseen_and_never_confirmed_in_the_zone() -> None:
    towers = [At(300.0 * k, 10, 0, 2000, Source.CELL) for k in range(6)]
    found = judged(HOUSE, 0, *towers)
    assert [one.grade for one in found.stays] == [Grade.POSSIBLE]
    assert [one.until_us for one in found.unseen] == [1500 * SECOND_US]
