"""What a ladder's form says is the ladder, and a ladder stands in it as it is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.escalation import LONGEST_S, MOST_RUNGS, Ladder, Post, Rung
from supervision.core.errors import Invalid
from supervision.web.console.fields import Fields
from supervision.web.console.ladder_form import (
    MOST_ROWS,
    fields_of,
    ladder_of,
    row_count,
    with_more_rows,
)

FIRST = Rung(0, Post.RESPONSIBLE)
NAMED = {Post.OFFICER, Post.ROTA, Post.OUTSIDE}
times = st.integers(0, LONGEST_S)
rungs = st.builds(
    lambda after_s, post, one: Rung(after_s, post, one if post in NAMED else None),
    times,
    st.sampled_from(Post),
    st.integers(1, 2**63 - 1),
)
ladders = st.builds(
    lambda more, again_s, untouched_s: Ladder((FIRST, *more), again_s, untouched_s),
    st.lists(rungs, max_size=MOST_RUNGS - 1),
    times,
    times,
)
KNOWN = Ladder((FIRST, Rung(90, Post.BACKUP), Rung(300, Post.ROTA, 3)), 600, 1800)


@given(ladder=ladders)
def test_a_ladder_goes_through_its_form_unchanged(ladder: Ladder) -> None:
    assert ladder_of(fields_of(ladder)) == ladder
    assert ladder_of(with_more_rows(fields_of(ladder))) == ladder


def typed(**other: str) -> Fields:
    values: dict[str, Any] = dict(fields_of(KNOWN).values)
    return Fields(values | {name: [value] for name, value in other.items()})


def test_a_rung_is_taken_out_by_choosing_nobody_and_put_in_where_a_row_is_empty() -> None:
    assert ladder_of(typed(post_1="")).rungs == (FIRST, Rung(300, Post.ROTA, 3))
    added = ladder_of(typed(post_3="officer:7", after_3_min="", after_3_s="400"))
    assert added.rungs[3] == Rung(400, Post.OFFICER, 7)


def test_the_form_has_two_empty_rows_and_more_on_request_up_to_the_most() -> None:
    fields = fields_of(KNOWN)
    assert row_count(fields) == 4
    for _ in range(12):
        fields = with_more_rows(fields)
    assert row_count(fields) == MOST_ROWS
    assert row_count(typed(rows="²")) == MOST_ROWS


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"after_1_min": "", "after_1_s": ""}, "Say after how long rung 2 is told."),
        ({"after_2_min": "five"}, "Write after how long rung 3 is told as a whole number."),
        ({"again_min": "9" * 5_000}, "Write after how long it begins again as a whole number."),
        ({"untouched_min": "", "untouched_s": ""}, "Say how long it may lie untouched."),
        ({"post_1": "everybody"}, "Choose from the list who is told."),
        ({"post_1": "officer:x"}, "Choose from the list who is told."),
        ({"post_1": f"officer:{2**63}"}, "Choose from the list who is told."),
    ],
)
def test_what_is_no_time_and_nobody_is_said_in_one_sentence(
    wrong: dict[str, str], said: str
) -> None:
    with pytest.raises(Invalid) as refused:
        ladder_of(typed(**wrong))
    assert refused.value.message == said
