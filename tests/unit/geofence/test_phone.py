"""What a person's own phone may say, and what errors and time can explain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geofence.rules.evidence import CONFIRMED_SHARE
from geofence.rules.movement import REACH_MPS
from geofence.rules.phone import explained_m, possible_share

METRES, SECONDS = st.floats(3, 5_000), st.floats(0, 900)


@given(evidence_nats=st.floats(-35, 35))
def test_a_phone_never_says_enough_to_confirm(evidence_nats: float) -> None:
    assert possible_share(evidence_nats) < CONFIRMED_SHARE


def test_a_phone_in_a_zone_beyond_doubt_is_as_sure_as_a_weak_fix() -> None:
    assert possible_share(20.0) == pytest.approx(0.84)
    assert possible_share(0.0) == pytest.approx(0.5)


@given(phone_m=METRES, device_m=METRES, apart_s=SECONDS, more=st.floats(0, 1_000))
def test_worse_fixes_and_a_longer_time_explain_more_and_either_may_be_the_worse(
    phone_m: float, device_m: float, apart_s: float, more: float
) -> None:
    explained = explained_m(phone_m, device_m, apart_s)
    assert explained == explained_m(device_m, phone_m, apart_s)
    assert explained_m(phone_m + more, device_m, apart_s) >= explained
    assert explained_m(phone_m, device_m, apart_s + more) >= explained


@given(phone_m=METRES, device_m=METRES, apart_s=SECONDS)
def test_who_drives_as_fast_as_people_do_from_fix_to_phone_is_never_far(
    phone_m: float, device_m: float, apart_s: float
) -> None:
    driven_m, errors_m = REACH_MPS * apart_s, 2 * phone_m + 2 * device_m
    assert driven_m + errors_m <= explained_m(phone_m, device_m, apart_s)


@pytest.mark.parametrize(("apart_s", "most_m"), [(0, 410), (60, 2_510), (900, 31_910)])
def test_what_a_good_phone_and_a_good_tracker_leave_unexplained(
    apart_s: float, most_m: float
) -> None:
    assert explained_m(12, 8, apart_s) == pytest.approx(most_m)
