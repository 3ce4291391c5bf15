"""Nothing looks ahead, and nothing depends on from where one began to reckon."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geofence.rules.observing import LEAD_US, End, Ground, Observation, observe
from geofence.rules.sighting import Span
from geofence.rules.stays import Grade, Stay, find_stays
from geofence.rules.track import FROM_THE_BEGINNING_US
from supervision.core.fixes import LocatedFixes, Source
from tests.unit.geofence.tracks import AT_LAST_US, SECOND_US, At, disc, either, ground_of, track

gaps_s = st.sampled_from([0, 1, 5, 10, 59, 60, 61, 70, 71, 120, 290, 300, 301, 599, 601, 4000])
steps = st.builds(
    At,
    gaps_s,
    st.integers(-150, 150) | st.sampled_from([-30_000, 90_000]),
    st.integers(-60, 60),
    st.sampled_from([3.0, 10.0, 23.0, 60.0, 299.0, 301.0, 2000.0]),
    st.sampled_from([Source.GPS, Source.GPS, Source.WIFI, Source.CELL]),
)
edges_s = st.lists(st.integers(0, 2000), max_size=4, unique=True)


def tracks_of(steps_taken: list[At]) -> LocatedFixes:
    at_s = np.cumsum([one.s for one in steps_taken]).tolist()
    return track(one._replace(s=s) for one, s in zip(steps_taken, at_s, strict=True))


def grounds_of(edges: list[int]) -> Ground:
    """A small zone in two parts, redrawn at each of these seconds and without end."""
    zone = either(disc(30), disc(20, 100))
    whole_s = [-1000, *sorted(edges), 2**40]
    return ground_of(zone, [Span(a * SECOND_US, b * SECOND_US) for a, b in pairwise(whole_s)], 30)


tracks = st.lists(steps, min_size=1, max_size=14).map(tracks_of)
grounds = edges_s.map(grounds_of)


def prefix_and_whole(
    fixes: LocatedFixes, ground: Ground, cut_us: int
) -> tuple[list[Observation | End], list[Observation | End]]:
    known = fixes.take(fixes.fixed_at_us <= cut_us)
    prefix, whole = (
        observe(one, ground, FROM_THE_BEGINNING_US, AT_LAST_US) for one in (known, fixes)
    )
    return _until(prefix, cut_us), _until(whole, cut_us)


def _until(seen: list[Observation | End], cut_us: int) -> list[Observation | End]:
    """Up to the cut; that a fix came late is told by later ones, and is no verdict."""
    return [
        one._replace(is_late=False) if isinstance(one, Observation) else one
        for one in seen
        if one.at_us <= cut_us
    ]


def shown_at(stay: Stay, cut_us: int) -> tuple[int, Grade]:
    """When a stay began and what it was worth at a moment."""
    is_decided = stay.grade is Grade.CONFIRMED and stay.decided.at_us <= cut_us
    return stay.entered_us, Grade.CONFIRMED if is_decided else Grade.POSSIBLE


def nothing_looks_ahead(fixes: LocatedFixes, ground: Ground, place: int) -> None:
    cut_us = int(fixes.fixed_at_us[place % len(fixes)])
    prefix, whole = prefix_and_whole(fixes, ground, cut_us)
    assert prefix == whole
    then = find_stays(prefix)
    later = find_stays(observe(fixes, ground, FROM_THE_BEGINNING_US, AT_LAST_US))
    assert [shown_at(one, cut_us) for one in later[: len(then)]] == [
        shown_at(one, cut_us) for one in then
    ]


def begun_later_is_the_same(fixes: LocatedFixes, ground: Ground, since_us: int) -> None:
    whole = observe(fixes, ground, FROM_THE_BEGINNING_US, AT_LAST_US)
    tail = [one for one in whole if one.at_us >= since_us]
    assert observe(fixes, ground, since_us, AT_LAST_US) == tail
    before = np.flatnonzero(fixes.fixed_at_us < since_us - LEAD_US)
    read = fixes.take(np.arange(before[-1] if len(before) else 0, len(fixes)))
    assert observe(read, ground, since_us, AT_LAST_US) == tail


@settings(deadline=None)
@given(fixes=tracks, ground=grounds, place=st.integers(0, 13))
def test_what_a_track_shows_up_to_a_fix_is_what_it_showed_when_that_fix_was_the_last(
    fixes: LocatedFixes, ground: Ground, place: int
) -> None:
    nothing_looks_ahead(fixes, ground, place)


@settings(deadline=None)
@given(fixes=tracks, ground=grounds, since_s=st.integers(-1300, 5000))
def test_a_track_judged_from_any_moment_on_shows_what_it_shows_from_the_beginning(
    fixes: LocatedFixes, ground: Ground, since_s: int
) -> None:
    begun_later_is_the_same(fixes, ground, since_s * SECOND_US)


@pytest.mark.heavy
@settings(max_examples=1500, deadline=None)
@given(fixes=tracks, ground=grounds, place=st.integers(0, 13))
def test_nothing_looks_ahead_in_a_large_dose(
    fixes: LocatedFixes, ground: Ground, place: int
) -> None:
    nothing_looks_ahead(fixes, ground, place)


@pytest.mark.heavy
@settings(max_examples=1500, deadline=None)
@given(fixes=tracks, ground=grounds, since_s=st.integers(-1300, 5000))
def test_it_does_not_matter_from_where_one_reckons_in_a_large_dose(
    fixes: LocatedFixes, ground: Ground, since_s: int
) -> None:
    begun_later_is_the_same(fixes, ground, since_s * SECOND_US)
