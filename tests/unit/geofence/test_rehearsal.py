"""What a rehearsal counts, and which warnings it gives for what reason."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from geofence.drawing import read_geojson, to_shapes
from geofence.rules.affordable import affordable
from geofence.rules.draft import Draft
from geofence.rules.rehearsal import Stretch, rehearse
from geofence.rules.rehearsed import Rehearsal
from geofence.rules.sighting import Span
from supervision.core.clock import to_us
from supervision.core.fixes import LocatedFixes, Source
from tests.harness import circle

LON, LAT = -104.98, 39.74
M_PER_DEG_LON = 85_700.0
DENVER = ZoneInfo("America/Denver")
NEVER_US = 2**63 - 1
MONDAY = datetime(2026, 9, 7, tzinfo=DENVER)
DAYS = 14
BEGIN_US, END_US = to_us(MONDAY), to_us(MONDAY + timedelta(days=DAYS))
STRETCH = Stretch(BEGIN_US, END_US, "America/Denver")
HOME_M, WORK_M = -5_000.0, 5_000.0


def fixes_of(
    at: list[datetime], east_m: list[float], accuracy_m: float = 8.0, lon: float = LON
) -> LocatedFixes:
    number = np.arange(len(at), dtype=np.int64)
    at_us = np.array([to_us(one) for one in at], np.int64)
    east = np.array(east_m, np.float64) / M_PER_DEG_LON
    return LocatedFixes(
        number,
        np.ones_like(number),
        at_us,
        at_us,
        (lon + east + 180.0) % 360.0 - 180.0,
        np.full(len(at), LAT),
        np.full(len(at), accuracy_m),
        np.full(len(at), Source.GPS),
    )


def routine(days: int = DAYS, every_min: int = 10, **where: Any) -> LocatedFixes:
    """Nights at home, Monday to Friday from nine to five at work, by Denver's clocks."""
    home_m, work_m = where.pop("home_m", HOME_M), where.pop("work_m", WORK_M)
    count = days * 24 * 60 // every_min
    at = [MONDAY.astimezone(UTC) + timedelta(minutes=every_min * one) for one in range(count)]
    local = [one.astimezone(DENVER) for one in at]
    is_at_work = [one.weekday() < 5 and 9 <= one.hour < 17 for one in local]
    return fixes_of(at, [work_m if works else home_m for works in is_at_work], **where)


def draft(east_m: float = 0.0, radius_m: float = 200.0, **terms: Any) -> Draft:
    drawing = read_geojson(circle(LON + east_m / M_PER_DEG_LON, LAT, radius_m))
    return Draft(
        shapes=to_shapes(drawing.geometry, drawing.buffer_m),
        is_inclusion=False,
        inradius_m=drawing.inradius_m,
        warning_m=0.0,
        spans=[Span(BEGIN_US, NEVER_US)],
        notes=drawing.notes,
    )._replace(**terms)


def warned(found: Rehearsal) -> set[str]:
    return {str(one.code) for one in found.warnings}


def minutes(*numbers: float) -> list[datetime]:
    noon = MONDAY + timedelta(hours=12)
    return [noon + timedelta(minutes=number) for number in numbers]


def test_a_zone_that_he_never_comes_near_says_nothing() -> None:
    found = rehearse(routine(), draft(), STRETCH)
    assert (found.stays, found.approaches, found.alerts) == ([], [], 0)
    assert found.fixes.replayed == found.fixes.judged == DAYS * 144
    assert found.fixes.near_edge == 0
    assert found.fixes.usual_accuracy_m == 8.0
    assert (found.nights.days, found.nights.inside) == (DAYS, 0)
    assert (found.work_days.days, found.work_days.inside) == (10, 0)
    assert warned(found) == set()


def test_a_stay_is_told_with_its_times_and_how_deep_it_was() -> None:
    at = minutes(0, 1, 2, 3, 4, 5)
    found = rehearse(fixes_of(at, [900, 900, 50, 0, 900, 900]), draft(), STRETCH)
    (stay,) = found.stays
    assert (stay.entered_at, stay.left_at) == (at[2], at[4])
    assert stay.duration_s == 120
    assert stay.deepest_m == pytest.approx(200, abs=0.1)
    assert (str(stay.grade), str(stay.by), stay.is_near_edge) == ("confirmed", "fix", False)


def test_a_stay_that_lasts_is_counted_until_the_end_of_the_stretch() -> None:
    at = minutes(0, 1)
    (stay,) = rehearse(fixes_of(at, [0, 0]), draft(), STRETCH).stays
    assert stay.left_at is None
    assert stay.duration_s == (END_US - to_us(at[0])) / 1e6


def test_what_a_fixs_error_may_explain_is_near_the_edge() -> None:
    at = minutes(0, 1, 2, 3)
    found = rehearse(fixes_of(at, [900, 195, 204, 900]), draft(), STRETCH)
    assert found.fixes.near_edge == 2
    assert [stay.is_near_edge for stay in found.stays] == [True]
    assert found.stays_near_edge == 1


def test_an_approach_is_told_once_and_one_who_only_stands_in_the_ring_is_not() -> None:
    at = minutes(0, 1, 2, 3, 4, 5)
    ringed = draft(warning_m=500)
    found = rehearse(fixes_of(at, [2_000, 650, 450, 300, 300, 2_000]), ringed, STRETCH)
    (approach,) = found.approaches
    assert (approach.entered_at, approach.told_at) == (at[1], at[1])
    assert approach.nearest_m == pytest.approx(100, abs=0.2)
    assert found.alerts == 1
    standing = rehearse(fixes_of(at, [450, 450, 450, 450, 450, 450]), ringed, STRETCH)
    assert standing.alerts == 0


def test_the_rate_counts_from_the_first_fix_on_and_from_no_less_than_a_day() -> None:
    found = rehearse(fixes_of([MONDAY + timedelta(days=10)], [0]), draft(), STRETCH)
    assert (found.days, found.alerts_per_day) == (4, 0.25)
    late = rehearse(fixes_of([MONDAY + timedelta(days=13.9)], [0]), draft(), STRETCH)
    assert (late.days, late.alerts_per_day) == (1, 1)


def test_a_fix_from_before_the_stretch_counts_at_its_beginning_and_is_not_replayed() -> None:
    before = fixes_of([MONDAY - timedelta(hours=3)], [0])
    found = rehearse(before, draft(), STRETCH)
    assert [(stay.entered_at, str(stay.by)) for stay in found.stays] == [(MONDAY, "carried")]
    assert (found.fixes.replayed, found.fixes.judged, found.nights.days) == (0, 0, 0)


def test_only_fixes_of_the_times_in_which_it_counts_are_judged() -> None:
    hour = [Span(to_us(one), to_us(one + timedelta(hours=1))) for one in minutes(0)]
    found = rehearse(routine(work_m=0.0), draft(spans=hour), STRETCH)
    assert found.fixes.judged == 6
    assert [stay.duration_s for stay in found.stays] == [3_600]
    never = rehearse(routine(work_m=0.0), draft(spans=[]), STRETCH)
    assert (never.fixes.judged, never.stays, never.silences) == (0, [], 0)


def test_a_silence_counts_as_long_as_the_zone_did_and_only_in_reach() -> None:
    at = minutes(0, 1, 31, 32)
    near = fixes_of(at, [3_000, 3_000, 3_000, 3_000])
    found = rehearse(near, draft(), STRETCH)
    assert (found.silences, found.silent_s) == (1, 1_800)
    half = [Span(to_us(at[1]) + 900_000_000, to_us(at[2]))]
    assert rehearse(near, draft(spans=half), STRETCH).silent_s == 900
    far = fixes_of(at, [90_000, 90_000, 90_000, 90_000])
    assert rehearse(far, draft(), STRETCH).silences == 0


@pytest.mark.parametrize("accuracy_m", [8.0, 40.0])
def test_a_zone_is_too_small_below_twice_the_usual_accuracy(accuracy_m: float) -> None:
    fixes = routine(accuracy_m=accuracy_m)
    assert "too_small" not in warned(rehearse(fixes, draft(radius_m=2 * accuracy_m), STRETCH))
    assert "too_small" in warned(rehearse(fixes, draft(radius_m=2 * accuracy_m - 0.1), STRETCH))


def test_without_fixes_a_gps_fix_that_states_no_accuracy_is_taken_for_usual() -> None:
    nothing = fixes_of([], [])
    assert warned(rehearse(nothing, draft(radius_m=59), STRETCH)) == {"too_small", "few_fixes"}
    assert warned(rehearse(nothing, draft(radius_m=60), STRETCH)) == {"few_fixes"}


def test_a_zone_around_his_home_is_warned_of_and_so_is_its_ring() -> None:
    assert {"covers_home", "many_alerts"} <= warned(rehearse(routine(), draft(HOME_M), STRETCH))
    beside = HOME_M + 400
    in_ring = warned(rehearse(routine(), draft(beside, warning_m=300), STRETCH))
    assert "covers_home_in_ring" in in_ring
    assert "covers_home" not in in_ring
    assert warned(rehearse(routine(), draft(beside, warning_m=150), STRETCH)) == set()


def test_home_is_where_half_of_the_nights_are_spent() -> None:
    at = [MONDAY + timedelta(days=day, hours=2) for day in range(4)]
    half = rehearse(fixes_of(at, [0, 0, 9_000, 9_000]), draft(), STRETCH)
    assert (half.nights.days, half.nights.inside) == (4, 2)
    assert "covers_home" in warned(half)
    less = rehearse(fixes_of(at, [0, 9_000, 9_000, 9_000]), draft(), STRETCH)
    assert "covers_home" not in warned(less)


def test_a_night_is_judged_by_its_median_and_by_his_own_clocks() -> None:
    night = [MONDAY + timedelta(hours=hour) for hour in (0, 1, 2, 3, 4.9)]
    assert rehearse(fixes_of(night, [0, 0, 0, 9_000, 9_000]), draft(), STRETCH).nights.inside == 1
    assert rehearse(fixes_of(night, [0, 0, 9e3, 9e3, 9e3]), draft(), STRETCH).nights.inside == 0
    evening = [MONDAY + timedelta(hours=hour) for hour in (5.0, 23.9)]
    assert rehearse(fixes_of(evening, [0, 0]), draft(), STRETCH).nights.days == 0


def test_a_fix_that_cannot_tell_says_nothing_of_his_nights() -> None:
    coarse = routine(accuracy_m=2_000.0)
    assert rehearse(coarse, draft(HOME_M), STRETCH).nights.days == 0


def test_a_home_on_the_date_line_is_one_place() -> None:
    at = [MONDAY + timedelta(hours=2, minutes=one) for one in range(4)]
    fixes = fixes_of(at, [-30, 30, -20, 20], lon=180.0)
    drawing = read_geojson(circle(180.0, LAT, 100))
    shapes = to_shapes(drawing.geometry, drawing.buffer_m)
    assert rehearse(fixes, draft()._replace(shapes=shapes), STRETCH).nights.inside == 1


def test_a_zone_around_his_work_is_warned_of_weekends_aside() -> None:
    found = rehearse(routine(), draft(WORK_M), STRETCH)
    assert (found.work_days.days, found.work_days.inside) == (10, 10)
    assert "covers_work" in warned(found)
    assert "covers_home" not in warned(found)
    beside = rehearse(routine(), draft(WORK_M + 400, warning_m=300), STRETCH)
    assert "covers_work_in_ring" in warned(beside)


def test_home_and_work_are_warned_of_whenever_the_zone_counts() -> None:
    by_day = [Span(to_us(one), to_us(one + timedelta(hours=1))) for one in minutes(0)]
    assert "covers_home" in warned(rehearse(routine(), draft(HOME_M, spans=by_day), STRETCH))


def test_of_a_place_to_be_kept_in_the_home_must_lie_inside() -> None:
    kept = {"is_inclusion": True, "radius_m": 400.0}
    at_home = rehearse(routine(), draft(HOME_M, **kept), STRETCH)
    assert warned(at_home) == {"many_alerts"}
    assert "home_outside" in warned(rehearse(routine(), draft(**kept), STRETCH))
    by_day = [Span(to_us(one), to_us(one + timedelta(hours=1))) for one in minutes(0)]
    at_work = rehearse(routine(), draft(WORK_M, spans=by_day, **kept), STRETCH)
    assert warned(at_work) == {"few_fixes"}
    assert (at_work.stays, at_work.nights.in_ring) == ([], 0)


def test_more_than_three_alerts_in_ten_days_are_many() -> None:
    def visits(count: int) -> LocatedFixes:
        at = [MONDAY + timedelta(hours=12, minutes=one) for one in range(10 * 24 * 60)]
        steps = np.arange(len(at))
        is_in = (steps % 1_440 < 5) & (steps < 1_440 * count)
        return fixes_of(at, np.where(is_in, 0.0, 3_000.0).tolist())

    ten_days = STRETCH._replace(until_us=BEGIN_US + (10 * 24 + 12) * 3_600_000_000)
    assert len(rehearse(visits(3), draft(), ten_days).stays) == 3
    assert warned(rehearse(visits(3), draft(), ten_days)) == set()
    assert warned(rehearse(visits(4), draft(), ten_days)) == {"many_alerts"}


def test_less_than_a_hundred_fixes_are_few() -> None:
    at = minutes(*range(100))
    assert "few_fixes" in warned(rehearse(fixes_of(at[1:], [9e3] * 99), draft(), STRETCH))
    assert "few_fixes" not in warned(rehearse(fixes_of(at, [9e3] * 100), draft(), STRETCH))


def test_what_was_repaired_and_what_was_left_out_is_said() -> None:
    found = rehearse(
        routine(),
        draft(notes=["The outline was closed.", "Two parts were joined."]),
        STRETCH._replace(is_cut_short=True),
    )
    assert warned(found) == {"repaired", "cut_short"}
    assert found.warnings[0].sentence == "The outline was closed. Two parts were joined."


def test_no_warning_names_a_place() -> None:
    for one in (draft(HOME_M, 10), draft(WORK_M, warning_m=9_000), draft(is_inclusion=True)):
        for warning in rehearse(routine(days=2, every_min=60), one, STRETCH).warnings:
            assert "39.7" not in warning.sentence
            assert "104.9" not in warning.sentence
            assert warning.sentence.endswith(".")


def test_a_month_far_away_is_affordable_and_one_on_the_edge_only_in_part() -> None:
    fixes = routine(every_min=1)
    assert affordable(fixes, draft(), 10_000) == len(fixes)
    on_edge = draft(HOME_M + 200)
    part = affordable(fixes, on_edge, 100_000)
    assert 0 < part < len(fixes) // 2
    assert affordable(fixes, on_edge, 10 * len(fixes) * 200) == len(fixes)
    assert affordable(fixes_of([], []), draft(), 0) == 0


def test_a_draft_of_an_area_measures_what_is_far_no_nearer_than_it_is() -> None:
    fixes = routine(every_min=60)
    for one in (draft(HOME_M), draft(HOME_M, is_inclusion=True)):
        margin_m = np.full(len(fixes), 700.0)
        exact_m = one.distances_m(fixes.lon, fixes.lat)
        at_least_m = one.at_least_m(fixes.lon, fixes.lat, margin_m)
        assert np.all(at_least_m == np.minimum(exact_m, 700.0))
