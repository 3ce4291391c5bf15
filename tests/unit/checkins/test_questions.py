"""What can be asked at a check-in by oneself, what can be answered, and what concerns."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervision.checkins.questions import (
    MOST_ANSWER_CHARS,
    MOST_QUESTIONS,
    Fault,
    concerned,
    faults_in,
    read_answers,
    read_questions,
)
from supervision.core.errors import Invalid
from tests.duties import MOVED, NEWS

QUESTIONS = read_questions([MOVED, NEWS])


def test_questions_are_read_in_their_order_and_in_both_languages() -> None:
    assert [one.key for one in QUESTIONS] == ["moved", "news"]
    assert [one.words("es") for one in QUESTIONS] == ["¿Se ha mudado?", "¿Alguna novedad?"]
    assert [one.words("en") for one in QUESTIONS] == ["Have you moved?", "Anything new?"]
    assert read_questions([]) == ()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"key": "Moved"}, "needs a key"),
        ({"key": ""}, "needs a key"),
        ({"key": None}, "needs a key"),
        ({"kind": "number"}, "yes_no or by text"),
        ({"kind": []}, "yes_no or by text"),
        ({"kind": "text"}, "can be a concern"),
        ({"concern_if": "maybe"}, "can be a concern"),
        ({"es": " "}, "English and in Spanish"),
        ({"es": None}, "English and in Spanish"),
        ({"en": "x" * 301}, "English and in Spanish"),
        ({"en": "a\x00"}, "English and in Spanish"),
        ({"why": 1}, "something other"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_and_named(
    wrong: dict[str, Any], said: str
) -> None:
    with pytest.raises(Invalid, match=f"Question 2.*{said}"):
        read_questions([NEWS, MOVED | wrong])


def test_no_two_questions_have_one_key_and_nobody_is_asked_too_much() -> None:
    with pytest.raises(Invalid, match="key of its own"):
        read_questions([MOVED, MOVED])
    many = [NEWS | {"key": f"q{number}"} for number in range(MOST_QUESTIONS + 1)]
    assert len(read_questions(many[1:])) == MOST_QUESTIONS
    with pytest.raises(Invalid, match="at most 20"):
        read_questions(many)


@pytest.mark.parametrize(
    ("given_answers", "faults"),
    [
        ({"moved": "no", "news": "Nothing."}, {}),
        ({"moved": "no", "news": "x" * MOST_ANSWER_CHARS}, {}),
        ({"news": "Nothing."}, {"moved": Fault.UNANSWERED}),
        ({"moved": "No", "news": " "}, {"moved": Fault.NOT_OFFERED, "news": Fault.UNANSWERED}),
        ({"moved": "no", "news": "x" * (MOST_ANSWER_CHARS + 1)}, {"news": Fault.TOO_LONG}),
    ],
)
def test_every_question_is_answered_as_it_can_be(
    given_answers: dict[str, str], faults: dict[str, Fault]
) -> None:
    assert faults_in(QUESTIONS, given_answers) == faults
    if faults:
        with pytest.raises(Invalid):
            read_answers(QUESTIONS, given_answers)
    else:
        assert read_answers(QUESTIONS, given_answers) == given_answers


def test_what_was_not_asked_is_not_kept() -> None:
    assert read_answers(QUESTIONS, {"moved": "no", "news": " a ", "x": "y"}) == {
        "moved": "no",
        "news": "a",
    }


@pytest.mark.parametrize(("answer", "keys"), [("yes", ["moved"]), ("no", [])])
def test_the_answer_that_concerns_is_named(answer: str, keys: list[str]) -> None:
    assert concerned(QUESTIONS, {"moved": answer, "news": "yes"}) == keys


WORDS = st.sampled_from(["", "yes", "text", "yes_no", "moved", "\x00", "x" * 301]) | st.none()


@given(rows=st.lists(st.dictionaries(st.sampled_from([*MOVED, "x"]), WORDS), max_size=3))
def test_whatever_is_stored_is_read_or_refused(rows: list[dict[str, Any]]) -> None:
    try:
        questions = read_questions(rows)
    except Invalid:
        return
    assert len(questions) == len(rows)
