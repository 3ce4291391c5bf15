from random import Random

from hypothesis import given
from hypothesis import strategies as st

from ingest.simulator.truth import ExpectedStay, Grade, Window
from ingest.simulator.verify import FoundStay, TrueStay, compare


def a_true_stay(
    at_s: float = 100.0, device_uid: str = "sim-0001", *, lasts: bool = False
) -> TrueStay:
    left = None if lasts else Window(at_s + 300.0, at_s + 360.0)
    return TrueStay(device_uid, ExpectedStay(Window(at_s, at_s + 60.0), left, "confirmed"))


def a_found_stay(
    at_s: float = 130.0,
    left_s: float | None = 430.0,
    grade: Grade = "confirmed",
    device_uid: str = "sim-0001",
) -> FoundStay:
    return FoundStay(device_uid, at_s, left_s, grade)


def test_a_stay_found_once_at_the_right_time_is_right() -> None:
    verdict = compare([a_true_stay()], [a_found_stay()])
    assert verdict.is_right
    assert (verdict.expected, verdict.found) == (1, 1)


def test_both_ends_of_a_window_count_to_the_rounding_of_the_wire() -> None:
    assert compare([a_true_stay()], [a_found_stay(99.995, 460.005)]).is_right
    assert not compare([a_true_stay()], [a_found_stay(99.9, 460.0)]).is_right


def test_a_stay_not_found_is_missed() -> None:
    assert compare([a_true_stay()], []).missed == (a_true_stay(),)


def test_a_stay_that_never_happened_is_spurious() -> None:
    assert compare([], [a_found_stay()]).spurious == (a_found_stay(),)


def test_a_stay_found_twice_is_doubled_not_spurious() -> None:
    verdict = compare([a_true_stay()], [a_found_stay(), a_found_stay(131.0)])
    assert len(verdict.doubled) == 1
    assert not verdict.spurious
    assert not verdict.missed
    assert not verdict.is_right


def test_the_wrong_grade_time_or_device_is_missed_and_spurious() -> None:
    wrong = [
        a_found_stay(grade="possible"),
        a_found_stay(at_s=50.0),
        a_found_stay(left_s=900.0),
        a_found_stay(left_s=None),
        a_found_stay(device_uid="sim-0002"),
    ]
    for found in wrong:
        verdict = compare([a_true_stay()], [found])
        assert verdict.missed
        assert verdict.spurious == (found,)


def test_a_stay_that_is_expected_to_last_must_last() -> None:
    assert compare([a_true_stay(lasts=True)], [a_found_stay(left_s=None)]).is_right
    assert not compare([a_true_stay(lasts=True)], [a_found_stay()]).is_right


def test_a_stay_that_fits_two_takes_the_one_that_leaves_the_other_its_own() -> None:
    early, wide = a_true_stay(100.0), a_true_stay(130.0)
    both, only_early = a_found_stay(140.0, 440.0), a_found_stay(110.0, 410.0)
    assert compare([early, wide], [both, only_early]).is_right
    assert compare([wide, early], [both, only_early]).is_right


@given(st.lists(st.sampled_from([f"sim-{i}" for i in range(6)]), unique=True), st.randoms())
def test_the_truth_itself_in_any_order_is_right(devices: list[str], random: Random) -> None:
    expected = [a_true_stay(at_s, device) for device in devices for at_s in (0.0, 1000.0, 2000.0)]
    found = [
        a_found_stay(
            true.stay.entered.earliest_s,
            true.stay.entered.earliest_s + 330.0,
            "confirmed",
            true.device_uid,
        )
        for true in expected
    ]
    random.shuffle(found)
    assert compare(expected, found).is_right
