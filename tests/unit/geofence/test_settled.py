"""What is left out of a track changes no stay and no approach, whatever the track."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geofence.drawing import read_geojson, to_shapes
from geofence.rules.draft import Draft
from geofence.rules.rehearsal import _judged
from geofence.rules.settled import margin_m, must_be_judged
from geofence.rules.sighting import Span
from geofence.rules.stays import EvidenceKind, Stay
from geofence.rules.track import unseen
from geofence.rules.unseen import times_unseen
from supervision.core.fixes import Floats, LocatedFixes, Source
from tests.harness import circle
from tests.judged_tracks import judge_track

LON, LAT = -122.08, 37.4
M_PER_DEG_LON, M_PER_DEG_LAT = 88_500.0, 111_000.0
BEGIN_US = 1_790_000_000_000_000
NEVER_US = 2**63 - 1
SECOND_US = 1_000_000


def track(
    at_s: Floats,
    east_m: Floats,
    north_m: Floats | None = None,
    accuracy_m: Floats | None = None,
    source: Floats | None = None,
) -> LocatedFixes:
    """A person's fixes; by GPS, to eight metres, on the zone's own parallel unless said."""
    count = len(at_s)
    number = np.arange(count, dtype=np.int64)
    at_us = BEGIN_US + np.rint(at_s * 1e6).astype(np.int64)
    return LocatedFixes(
        number,
        np.ones_like(number),
        at_us,
        at_us,
        LON + east_m / M_PER_DEG_LON,
        LAT + (np.zeros(count) if north_m is None else north_m) / M_PER_DEG_LAT,
        np.full(count, 8.0) if accuracy_m is None else accuracy_m,
        np.full(count, Source.GPS) if source is None else source.astype(np.int64),
    )


def draft(radius_m: float = 200.0, **terms: Any) -> Draft:
    drawing = read_geojson(circle(LON, LAT, radius_m))
    shapes = to_shapes(drawing.geometry, drawing.buffer_m)
    made = Draft(
        shapes,
        is_inclusion=False,
        inradius_m=drawing.inradius_m,
        warning_m=0.0,
        spans=[Span(BEGIN_US, NEVER_US)],
        notes=[],
    )
    return made._replace(**terms)


@st.composite
def tracks(draw: st.DrawFn) -> LocatedFixes:
    """Sojourns deep inside, about the edge, in the ring and far away, at many paces."""
    legs = draw(
        st.lists(
            st.tuples(
                st.sampled_from(
                    [0.0, 100.0, 190.0, 205.0, 240.0, 500.0, 900.0, 4_000.0, -700.0, 40_000.0]
                ),
                st.integers(1, 60),
                st.sampled_from([1.0, 10.0, 30.0, 60.0, 290.0, 700.0, 5_000.0]),
                st.sampled_from([0.0, 5.0, 60.0, 400.0]),
            ),
            min_size=1,
            max_size=12,
        )
    )
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    east = np.concatenate([c + w * random.normal(size=n) for c, n, _, w in legs])
    apart = np.concatenate([np.full(n, s) for _, n, s, _ in legs])
    accuracy = random.choice(
        [5.0, 12.0, 40.0, 250.0, 2_000.0], len(east), p=[0.5, 0.3, 0.1, 0.05, 0.05]
    )
    source = random.choice([Source.GPS, Source.WIFI, Source.CELL], len(east), p=[0.85, 0.1, 0.05])
    at_s = (
        np.cumsum(apart * random.choice([0.0, 0.5, 1.0], len(east), p=[0.02, 0.18, 0.8])) - 3_000.0
    )
    return track(at_s, east, None, accuracy, source)


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    edges = sorted(draw(st.sets(st.integers(-1_000, 60_000), min_size=2, max_size=8)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    spans = [Span(BEGIN_US + a * SECOND_US, BEGIN_US + b * SECOND_US) for a, b in pairs]
    touching = [
        one
        for span in spans
        for one in (
            Span(span.from_us, (span.from_us + span.until_us) // 2),
            Span((span.from_us + span.until_us) // 2, span.until_us),
        )
    ]
    return draft(
        draw(st.sampled_from([30.0, 200.0, 1_500.0])),
        is_inclusion=draw(st.booleans()),
        warning_m=draw(st.sampled_from([0.0, 20.0, 300.0, 800.0])),
        spans=draw(st.sampled_from([[Span(BEGIN_US, NEVER_US)], spans, touching])),
    )


def must(fixes: LocatedFixes, draft: Draft) -> list[bool]:
    distance_m = draft.at_least_m(fixes.lon, fixes.lat, margin_m(fixes, draft))
    judged: list[bool] = must_be_judged(fixes, draft, distance_m).tolist()
    return judged


def told(stays: list[Stay]) -> list[tuple[object, ...]]:
    return [
        (
            one.entered_us,
            one.left_us,
            one.left_before_us,
            one.last_seen_us,
            one.grade,
            one.kind,
            round(one.deepest_m, 6),
        )
        for one in stays
    ]


def require_the_same(fixes: LocatedFixes, draft: Draft) -> list[Stay]:
    """The stays of the whole track, which are those of what must be judged."""
    now_us = int(fixes.fixed_at_us[-1])
    over = [silence for silence in unseen(fixes, draft.ground()) if silence.is_over]
    assert len(times_unseen(fixes, draft)) == len(over)
    widths_m = np.full(len(draft.spans), draft.warning_m)
    whole = judge_track(fixes, draft.ground(), widths_m, now_us)
    distance_m = draft.at_least_m(fixes.lon, fixes.lat, margin_m(fixes, draft))
    stays, rings = _judged(fixes, draft, distance_m, now_us)
    assert told(stays) == told(whole.stays)
    assert [(one.entered_us, one.left_us, one.closing) for one in rings] == [
        (one.entered_us, one.left_us, one.closing) for one in whole.approaches
    ]
    return whole.stays


@settings(max_examples=100, deadline=None)
@given(fixes=tracks(), draft=drafts())
def test_stays_and_approaches_are_those_of_the_whole_track(
    fixes: LocatedFixes, draft: Draft
) -> None:
    require_the_same(fixes, draft)


MINUTES = np.linspace(0.0, 359 * 60.0, 360)


def test_of_hours_far_away_or_deep_inside_little_is_judged() -> None:
    for east_m in (0.0, 5_000.0):
        assert sum(must(track(MINUTES, np.full(360, east_m)), draft())) < 50


def test_a_way_that_leads_through_between_two_fixes_far_outside_is_judged() -> None:
    fixes = track(MINUTES, np.where(MINUTES < 10_800, -900.0, 900.0))
    (stay,) = require_the_same(fixes, draft())
    assert stay.kind is EvidenceKind.WAY
    assert sum(must(fixes, draft())) < 90


def test_who_walks_around_a_zone_is_not_taken_through_it() -> None:
    """Between two looks at the edge he walks half around; the fixes on the way are needed."""
    turn = np.clip((MINUTES - 720.0) / 180.0, 0.0, 1.0) * np.pi
    east_m, north_m = -450.0 * np.cos(turn), 450.0 * np.sin(turn)
    east_m[[0, 42]] = -202.0, 202.0
    fixes = track(MINUTES, east_m, north_m)
    assert require_the_same(fixes, draft()) == []


def test_the_deepest_fix_is_told_though_it_need_not_be_judged() -> None:
    east_m = np.full(360, 60.0)
    east_m[180] = 0.0
    fixes = track(MINUTES, east_m)
    assert not must(fixes, draft())[180]
    (stay,) = require_the_same(fixes, draft())
    assert stay.deepest_m == pytest.approx(200.0)


def test_nothing_at_all_is_nothing_to_judge() -> None:
    nothing = track(np.empty(0), np.empty(0))
    assert must(nothing, draft()) == []
