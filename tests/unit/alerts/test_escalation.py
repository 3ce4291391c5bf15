"""How an alert climbs: to whom, when, again and again until somebody acts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.catalogue import CATALOGUE, AlertKind
from alerts.escalation import (
    CRITICAL_SECOND_S,
    Climb,
    Ladder,
    Post,
    Rung,
    catalogued,
    due_at,
    is_at_the_top,
    require_sense,
    untouched_at,
)
from supervision.core.errors import Invalid

BEGAN = datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)
ENTRY, BUTTON = AlertKind.ZONE_ENTRY, AlertKind.BUTTON
kinds = st.sampled_from(AlertKind)
RESPONSIBLE = Rung(0, Post.RESPONSIBLE)


def a_ladder(*rungs: Rung, again_s: int = 600, untouched_s: int = 600) -> Ladder:
    return Ladder((RESPONSIBLE, *rungs), again_s, untouched_s)


@given(kind=kinds)
def test_the_catalogues_ladders_make_sense_and_reach_the_supervisors(kind: AlertKind) -> None:
    ladder = catalogued(kind)
    require_sense(kind, ladder)
    assert Post.SUPERVISORS in {rung.post for rung in ladder.rungs}


def test_whatever_may_become_critical_reaches_a_second_person_within_five_minutes() -> None:
    for kind, entry in CATALOGUE.items():
        if entry.is_ever_critical:
            posts = {one.post: one.after_s for one in catalogued(kind).rungs}
            assert posts[Post.SUPERVISORS] <= CRITICAL_SECOND_S


@given(kind=kinds, rounds=st.integers(0, 3))
def test_every_round_goes_up_and_begins_again_after_the_top(kind: AlertKind, rounds: int) -> None:
    ladder = catalogued(kind)
    times = [due_at(ladder, Climb(rung, rounds), BEGAN) for rung in range(len(ladder.rungs) + 1)]
    assert times == sorted(times)
    assert times[0] == BEGAN
    assert times[-1] - times[-2] == timedelta(seconds=ladder.again_s)
    assert is_at_the_top(ladder, Climb(len(ladder.rungs)))
    assert not is_at_the_top(ladder, Climb(len(ladder.rungs) - 1))


def test_an_untouched_alert_is_new_again_after_the_time_its_ladder_says() -> None:
    assert untouched_at(a_ladder(untouched_s=90), BEGAN) == BEGAN + timedelta(seconds=90)


@pytest.mark.parametrize(
    ("ladder", "words"),
    [
        (Ladder((), 1, 1), "from 1 to 10 rungs"),
        (a_ladder(*[RESPONSIBLE] * 10), "from 1 to 10 rungs"),
        (Ladder((Rung(1, Post.RESPONSIBLE),), 1, 1), "first rung"),
        (Ladder((Rung(0, Post.SUPERVISORS),), 1, 1), "first rung"),
        (a_ladder(Rung(60, Post.BACKUP), Rung(30, Post.SUPERVISORS)), "must not fall"),
        (a_ladder(Rung(8 * 86_400, Post.BACKUP)), "7 days"),
        (a_ladder(Rung(60, Post.OFFICER)), "Name the officer"),
        (a_ladder(Rung(60, Post.BACKUP, 3)), "Name the officer"),
        (a_ladder(again_s=0), "within 7 days"),
        (a_ladder(untouched_s=8 * 86_400), "within 7 days"),
    ],
)
def test_a_ladder_that_reaches_nobody_or_never_is_refused(ladder: Ladder, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        require_sense(BUTTON, ladder)


@pytest.mark.parametrize(
    ("slow", "words"),
    [
        (a_ladder(), "Within 5 minutes"),
        (a_ladder(Rung(60, Post.BACKUP), Rung(301, Post.SUPERVISORS)), "Within 5 minutes"),
        (a_ladder(Rung(300, Post.SUPERVISORS), again_s=1801), "within 30 minutes"),
        (a_ladder(Rung(300, Post.ROTA, 3), untouched_s=1801), "within 30 minutes"),
    ],
)
def test_no_agency_is_slower_with_what_may_become_critical(slow: Ladder, words: str) -> None:
    require_sense(BUTTON, slow)
    with pytest.raises(Invalid, match=words):
        require_sense(ENTRY, slow)
    require_sense(ENTRY, replace(a_ladder(Rung(300, Post.OFFICER, 7)), again_s=1800))
