import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from geofence.rules.observing import end_observation
from geofence.rules.presence import Presence
from geofence.rules.stays import Grade, Observation, Stay, find_stays

ACCURACY_M = 10.0


def seen(at_us: int, distance_m: float, position_id: int = 1) -> Observation:
    presence = Presence.UNCERTAIN
    if distance_m <= -ACCURACY_M:
        presence = Presence.INSIDE
    elif distance_m >= ACCURACY_M:
        presence = Presence.OUTSIDE
    is_open = distance_m < 0
    return Observation(
        at_us, position_id, 7, presence, is_open, distance_m, ACCURACY_M, is_late=False
    )


IN, ALMOST_IN, ALMOST_OUT, OUT = -50.0, -5.0, 5.0, 50.0
tracks = st.lists(
    st.builds(
        seen,
        at_us=st.integers(0, 12),
        distance_m=st.sampled_from([IN, -30.0, ALMOST_IN, ALMOST_OUT, OUT]),
        position_id=st.integers(1, 99),
    ),
    max_size=20,
    unique_by=lambda one: (one.at_us, one.distance_m),
)


def times(stays: list[Stay]) -> list[tuple[int, int, int | None]]:
    return [(stay.entered_us, stay.last_seen_us, stay.left_us) for stay in stays]


def test_a_stay_lasts_from_the_first_fix_in_the_zone_to_the_first_outside() -> None:
    track = [seen(0, OUT), seen(1, IN), seen(2, IN), seen(3, OUT), seen(4, OUT)]
    assert times(find_stays(track)) == [(1, 2, 3)]


def test_an_uncertain_fix_whose_centre_is_in_the_zone_opens_a_possible_stay() -> None:
    (stay,) = find_stays([seen(1, ALMOST_IN)])
    assert stay.grade is Grade.POSSIBLE


def test_an_uncertain_fix_whose_centre_is_outside_opens_none_and_ends_none() -> None:
    assert find_stays([seen(0, ALMOST_OUT)]) == []
    assert times(find_stays([seen(1, IN), seen(2, ALMOST_OUT)])) == [(1, 2, None)]


def test_one_fix_inside_for_certain_confirms_the_whole_stay() -> None:
    (stay,) = find_stays([seen(1, ALMOST_IN), seen(2, IN), seen(3, ALMOST_IN)])
    assert (stay.grade, stay.fix_count) == (Grade.CONFIRMED, 3)


def test_the_deepest_fix_is_remembered_with_its_accuracy_and_row() -> None:
    track = [seen(1, ALMOST_IN, 11), seen(2, IN, 12), seen(3, ALMOST_OUT, 13)]
    (stay,) = find_stays(track)
    assert (stay.entry_position_id, stay.deepest_position_id) == (11, 12)
    assert (stay.deepest_m, stay.deepest_accuracy_m) == (50.0, ACCURACY_M)


def test_the_end_of_a_zone_ends_the_stay_in_it() -> None:
    assert times(find_stays([seen(1, IN), end_observation(5)])) == [(1, 1, 5)]


def test_of_one_moment_a_fix_outside_ends_the_old_stay_before_another_opens_the_next() -> None:
    track = [seen(1, IN), seen(2, IN), seen(2, OUT), seen(3, OUT)]
    assert times(find_stays(track)) == [(1, 1, 2), (2, 2, 3)]


@given(track=tracks, seed=st.integers(0, 9))
def test_the_order_of_the_observations_changes_nothing(track: list[Observation], seed: int) -> None:
    mixed = random.Random(seed).sample(track, len(track))
    assert find_stays(mixed) == find_stays(track)


@given(track=tracks)
def test_stays_follow_each_other_and_only_the_last_may_be_open(track: list[Observation]) -> None:
    stays = find_stays(track)
    for stay, following in pairwise(stays):
        assert stay.left_us is not None
        assert stay.left_us <= following.entered_us
    for stay in stays:
        assert stay.entered_us <= stay.last_seen_us
        assert stay.left_us is None or stay.last_seen_us < stay.left_us
        assert stay.deepest_m > 0


@given(track=tracks)
def test_whoever_was_inside_for_certain_is_in_a_confirmed_stay_then(
    track: list[Observation],
) -> None:
    stays = find_stays(track)
    for one in track:
        if one.presence == Presence.INSIDE:
            around = [s for s in stays if s.entered_us <= one.at_us <= s.last_seen_us]
            assert [s.grade for s in around] == [Grade.CONFIRMED]


@given(track=tracks, cut_us=st.integers(-1, 13))
def test_a_walk_can_be_broken_off_between_moments_and_taken_up_again(
    track: list[Observation], cut_us: int
) -> None:
    before = find_stays([one for one in track if one.at_us <= cut_us])
    under_way = before.pop() if before and before[-1].left_us is None else None
    after = find_stays([one for one in track if one.at_us > cut_us], under_way)
    assert before + after == find_stays(track)


@given(track=tracks)
def test_a_walk_can_begin_anew_where_any_stay_began(track: list[Observation]) -> None:
    stays = find_stays(track)
    for place, stay in enumerate(stays):
        rest = [one for one in track if one.at_us >= stay.entered_us]
        assert find_stays(rest) == stays[place:]
