import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from geofence.rules.approach import Closing
from geofence.rules.belief import ERRORS_LAST_S
from geofence.rules.evidence import GONE_NATS, share_of
from geofence.rules.observing import End, Observation
from geofence.rules.stays import Decision, EvidenceKind, Grade, Stay, extend_stay, find_stays
from geofence.rules.way import Way
from tests.unit.geofence.tracks import SECOND_US

BEFORE_US = -7
ACROSS = Way(2 * SECOND_US, 4 * SECOND_US, 30.0, 12.0, 0.8, is_crossing=True, confirms=False)
SURE = ACROSS._replace(share=0.93, confirms=True)


def seen(s: float, distance_m: float, nats: float | None = None, **more: object) -> Observation:
    """A fix of 10 m accuracy; by itself it says a nat for every two metres."""
    own = -distance_m / 2 if nats is None else nats
    at_us = round(s * SECOND_US)
    plain = Observation(
        at_us,
        at_us + BEFORE_US,
        100 + round(s),
        7,
        distance_m,
        10.0,
        own,
        own,
        opens=distance_m < 0,
        confirms=own >= 2 and distance_m < 0,
        is_contrary=distance_m >= 10,
        is_carried=False,
        is_late=False,
        way=None,
        closing=None,
    )
    return plain._replace(**more)  # type: ignore[arg-type]


IN, WEAKLY_IN, WEAKLY_OUT, OUT, FAR_OUT = -50.0, -2.0, 2.0, 10.0, 50.0


def times(stays: list[Stay]) -> list[tuple[float, float, float | None, float | None]]:
    """Entered, last seen, left, settled; seconds."""

    def in_s(at_us: int | None) -> float | None:
        return None if at_us is None else at_us / SECOND_US

    return [
        (
            one.entered_us / SECOND_US,
            one.last_seen_us / SECOND_US,
            in_s(one.left_us),
            in_s(one.left_before_us),
        )
        for one in stays
    ]


def only(*observed: Observation | End) -> Stay:
    (stay,) = find_stays(observed)
    return stay


def test_a_stay_lasts_from_the_fix_that_opens_it_to_the_first_far_outside() -> None:
    walk = [seen(0, FAR_OUT), seen(60, IN), seen(120, IN), seen(180, FAR_OUT), seen(240, FAR_OUT)]
    assert times(find_stays(walk)) == [(60, 120, 180, 180)]


def test_a_stay_that_was_not_left_has_no_end() -> None:
    assert times(find_stays([seen(60, IN), seen(120, IN)])) == [(60, 120, None, None)]
    assert find_stays([]) == []


def test_a_stay_tells_what_opened_it() -> None:
    stay = only(seen(60, WEAKLY_IN), seen(120, IN))
    assert (stay.entered_after_us, stay.version_id) == (60 * SECOND_US + BEFORE_US, 7)
    assert (stay.entry_position_id, stay.kind, stay.fix_count) == (160, EvidenceKind.FIX, 2)
    assert not stay.is_late
    assert only(seen(60, IN, is_late=True), seen(120, IN)).is_late


def test_a_fix_from_before_the_zone_counted_opens_a_stay_of_its_own_kind() -> None:
    assert only(seen(60, IN, is_carried=True)).kind is EvidenceKind.CARRIED


def test_a_fix_that_does_not_open_neither_opens_nor_ends_a_stay() -> None:
    assert find_stays([seen(0, WEAKLY_IN, opens=False), seen(60, WEAKLY_OUT)]) == []
    assert times(find_stays([seen(0, IN), seen(60, WEAKLY_OUT)])) == [(0, 60, None, None)]


def test_a_stay_is_possible_until_a_fix_confirms_and_that_one_decided() -> None:
    possible = only(seen(60, WEAKLY_IN))
    assert possible.grade is Grade.POSSIBLE
    assert possible.decided == Decision(60 * SECOND_US, share_of(1.0), WEAKLY_IN, 10.0, 160)
    confirmed = only(seen(60, WEAKLY_IN), seen(120, IN), seen(180, IN), seen(240, WEAKLY_IN))
    assert confirmed.grade is Grade.CONFIRMED
    assert confirmed.decided == Decision(120 * SECOND_US, share_of(25.0), IN, 10.0, 220)
    assert only(seen(60, IN)).grade is Grade.CONFIRMED


def test_the_deepest_fix_is_remembered_with_its_accuracy_and_row() -> None:
    stay = only(seen(1, WEAKLY_IN), seen(2, IN, accuracy_m=4.0), seen(3, IN), seen(4, WEAKLY_OUT))
    assert (stay.deepest_m, stay.deepest_accuracy_m, stay.deepest_position_id) == (50.0, 4.0, 102)
    assert only(seen(1, WEAKLY_IN), seen(2, WEAKLY_OUT)).deepest_m == 2.0


def test_nobody_is_gone_before_the_chance_that_he_is_there_is_one_in_ten_thousand() -> None:
    stay = [seen(0, IN)]
    almost = seen(60, 20, nats=-(GONE_NATS - 0.01))
    assert times(find_stays([*stay, almost])) == [(0, 0, None, None)]
    assert times(find_stays([*stay, almost._replace(own_nats=-GONE_NATS)])) == [(0, 0, 60, 60)]


def test_several_nearer_fixes_in_a_row_say_gone_and_he_left_at_the_first_of_them() -> None:
    walk = [seen(0, IN), *(seen(60 * minute, OUT) for minute in (1, 2, 3))]
    assert times(find_stays(walk[:2])) == [(0, 0, None, None)]
    assert times(find_stays(walk)) == [(0, 0, 60, 120)]


def test_fixes_a_second_apart_say_gone_no_sooner_than_their_errors_change() -> None:
    walk = [seen(0, IN), *(seen(60 + second, OUT) for second in range(60))]
    added = 5 * (1 - math.exp(-1 / ERRORS_LAST_S))
    needed = math.ceil((GONE_NATS - 5) / added)
    assert times(find_stays(walk)) == [(0, 0, 60, 60 + needed)]


def test_a_fix_that_is_not_contrary_makes_those_before_it_count_for_nothing() -> None:
    walk = [seen(0, IN), seen(60, OUT), seen(120, WEAKLY_OUT), seen(180, OUT), seen(240, OUT)]
    assert times(find_stays(walk)) == [(0, 120, 180, 240)]


def test_what_was_said_against_one_stay_is_not_said_against_the_next() -> None:
    walk = [seen(0, IN), seen(60, FAR_OUT), seen(120, IN), seen(180, OUT)]
    assert times(find_stays(walk)) == [(0, 0, 60, 60), (120, 120, None, None)]


def test_the_end_of_a_zone_ends_the_stay_in_it() -> None:
    over = End(90 * SECOND_US)
    assert times(find_stays([seen(60, IN), over])) == [(60, 60, 90, 90)]
    assert times(find_stays([seen(60, IN), seen(80, OUT), over])) == [(60, 60, 80, 90)]
    assert find_stays([over]) == []
    _, again = find_stays([seen(60, IN), seen(80, OUT), over, seen(120, IN), seen(180, OUT)])
    assert times([again]) == [(120, 120, None, None)]


def test_the_straight_way_through_a_zone_is_a_possible_stay_with_interpolated_times() -> None:
    stay = only(seen(0, FAR_OUT), seen(6, FAR_OUT, way=ACROSS, is_late=True), seen(60, FAR_OUT))
    assert times([stay]) == [(2, 4, 4, 6)]
    assert (stay.kind, stay.grade, stay.fix_count) == (EvidenceKind.WAY, Grade.POSSIBLE, 0)
    assert (stay.deepest_m, stay.deepest_accuracy_m) == (30.0, 12.0)
    assert (stay.entry_position_id, stay.deepest_position_id) == (106, 106)
    assert (stay.entered_after_us, stay.version_id) == (6 * SECOND_US + BEFORE_US, 7)
    assert stay.decided == Decision(6 * SECOND_US, 0.8, -30.0, 12.0, 106)
    assert (stay.is_late, stay.closing) == (True, None)


def test_a_way_that_is_neither_found_nor_sure_opens_nothing() -> None:
    vague = ACROSS._replace(is_crossing=False)
    assert find_stays([seen(6, FAR_OUT, way=vague)]) == []
    assert only(seen(6, FAR_OUT, way=vague._replace(confirms=True))).grade is Grade.CONFIRMED


def test_a_sure_way_to_a_fix_that_opens_confirms_the_stay_at_once() -> None:
    stay = only(seen(6, WEAKLY_IN, way=SURE))
    assert (stay.kind, stay.grade, stay.entered_us) == (
        EvidenceKind.FIX,
        Grade.CONFIRMED,
        6 * SECOND_US,
    )
    assert stay.decided == Decision(6 * SECOND_US, 0.93, -30.0, 12.0, 106)
    assert only(seen(6, WEAKLY_IN, way=ACROSS)).grade is Grade.POSSIBLE


def test_a_way_to_a_fix_inside_that_does_not_open_by_itself_opens_a_stay_that_goes_on() -> None:
    stay = only(seen(6, WEAKLY_IN, opens=False, way=ACROSS))
    assert times([stay]) == [(2, 6, None, None)]
    assert (stay.kind, stay.fix_count, stay.deepest_m) == (EvidenceKind.WAY, 1, 30.0)


def test_a_sure_way_out_of_a_stay_confirms_it_whether_he_is_gone_or_not() -> None:
    for outside in (OUT, FAR_OUT, WEAKLY_OUT):
        stay = only(seen(0, WEAKLY_IN), seen(60, outside, way=SURE))
        assert stay.grade is Grade.CONFIRMED
        assert stay.decided.share == 0.93
        assert only(seen(0, WEAKLY_IN), seen(60, outside, way=ACROSS)).grade is Grade.POSSIBLE


def test_when_somebody_was_first_seen_coming_nearer_is_kept() -> None:
    first, second = Closing(1, 1.0, 90.0), Closing(2, 2.0, 30.0)
    assert only(seen(1, IN, closing=first), seen(2, IN, closing=second)).closing == first
    assert only(seen(1, IN), seen(2, IN, closing=second), seen(3, IN)).closing == second


def test_a_stay_made_longer_keeps_its_beginning() -> None:
    stay = only(seen(1, WEAKLY_IN))
    longer = extend_stay(stay, seen(2, IN))
    assert (longer.entered_us, longer.last_seen_us) == (SECOND_US, 2 * SECOND_US)
    assert (longer.fix_count, longer.grade) == (2, Grade.CONFIRMED)


walks = st.lists(
    st.tuples(
        st.sampled_from([1, 5, 60]),
        st.sampled_from([IN, WEAKLY_IN, WEAKLY_OUT, OUT, 15.0, FAR_OUT]),
        st.sampled_from([None, None, None, ACROSS, SURE]),
        st.booleans(),
    ),
    max_size=15,
)


def walk_of(steps: list[tuple[int, float, Way | None, bool]]) -> list[Observation | End]:
    """Fixes, some with a way from the one before, and ends of the zone, which no way outlives."""
    walk: list[Observation | End] = []
    at_s = 0
    for gap_s, distance_m, way, is_end in steps:
        before_us, at_s = at_s * SECOND_US, at_s + gap_s
        if is_end:
            walk.append(End(at_s * SECOND_US - 1))
        led = way and way._replace(enters_us=before_us, leaves_us=at_s * SECOND_US)
        walk.append(seen(at_s, distance_m, way=None if is_end else led))
    return walk


observed = walks.map(walk_of)


@given(walk=observed)
def test_stays_follow_each_other_and_only_the_last_may_be_open(
    walk: list[Observation | End],
) -> None:
    stays = find_stays(walk)
    for stay, following in pairwise(stays):
        assert stay.left_us is not None
        assert stay.left_us <= following.entered_us
    for stay in stays:
        assert stay.entered_us <= stay.last_seen_us
        assert stay.left_us is None or stay.last_seen_us <= stay.left_us
        assert (stay.left_us is None) == (stay.left_before_us is None)
        assert stay.deepest_m > 0


@given(walk=observed)
def test_whatever_confirms_is_in_a_confirmed_stay_then(walk: list[Observation | End]) -> None:
    stays = find_stays(walk)
    for one in walk:
        if isinstance(one, Observation) and one.confirms:
            around = [stay for stay in stays if stay.entered_us <= one.at_us <= stay.last_seen_us]
            assert Grade.CONFIRMED in [stay.grade for stay in around]


@given(walk=observed)
def test_a_walk_can_begin_anew_after_any_stay_that_ended(walk: list[Observation | End]) -> None:
    stays = find_stays(walk)
    for place, stay in enumerate(stays):
        if stay.left_before_us is not None:
            rest = [one for one in walk if one.at_us > stay.left_before_us]
            assert find_stays(rest) == stays[place + 1 :]


@given(walk=observed, place=st.integers(0, 15))
def test_a_walk_can_be_taken_up_after_the_last_fix_not_outside(
    walk: list[Observation | End], place: int
) -> None:
    before = find_stays(walk[:place])
    under_way = before[-1] if before and before[-1].left_us is None else None
    if under_way is not None:
        rest = [one for one in walk if one.at_us > under_way.last_seen_us]
        assert before[:-1] + find_stays(rest, under_way) == find_stays(walk)


def test_a_stay_under_way_goes_on_first() -> None:
    stay = only(seen(1, IN))
    assert times(find_stays([seen(60, FAR_OUT)], stay)) == [(1, 1, 60, 60)]
    assert find_stays([], stay) == [stay]
