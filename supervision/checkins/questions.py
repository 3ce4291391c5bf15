"""What somebody is asked at a check-in by himself, what he may answer, and which answers concern.

Questions are stored with a plan's version as plain dicts, so that what was asked stays as it was.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from supervision.core.errors import Invalid

MOST_QUESTIONS = 20
MOST_QUESTION_CHARS = 300
MOST_ANSWER_CHARS = 1_000
YES, NO = "yes", "no"
LANGUAGES = ("en", "es")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_FIELDS = {"key", "kind", *LANGUAGES, "concern_if"}


class QuestionKind(StrEnum):
    """How a question is answered."""

    YES_NO = "yes_no"
    TEXT = "text"


class Fault(StrEnum):
    """What is wrong with an answer."""

    UNANSWERED = "unanswered"
    TOO_LONG = "too_long"
    NOT_OFFERED = "not_offered"


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes:
        key: Names it among those of its plan, for programs.
        kind: How it is answered.
        en: The question in English.
        es: The same in Spanish.
        concern_if: The answer, yes or no, that an officer should see first; None: neither.
    """

    key: str
    kind: QuestionKind
    en: str
    es: str
    concern_if: str | None

    def words(self, language: str) -> str:
        """The question in a language; in English where there is no other."""
        return self.es if language == "es" else self.en


def read_questions(rows: Sequence[Mapping[str, Any]]) -> tuple[Question, ...]:
    """The questions of a plan, in the order in which they are asked.

    Args:
        rows: As `{"key", "kind", "en", "es", "concern_if"}`; the last may be left out.

    Raises:
        Invalid: They cannot be asked; it says which and why.
    """
    if len(rows) > MOST_QUESTIONS:
        raise Invalid(f"Ask at most {MOST_QUESTIONS} questions.")
    questions = tuple(_read(number, row) for number, row in enumerate(rows, 1))
    if len({one.key for one in questions}) < len(questions):
        raise Invalid("Each question needs a key of its own.")
    return questions


def faults_in(questions: Sequence[Question], given: Mapping[str, str]) -> dict[str, Fault]:
    """What is wrong with the answers, by the key of each question that is not well answered."""
    found = {one.key: _fault(one, given.get(one.key, "").strip()) for one in questions}
    return {key: fault for key, fault in found.items() if fault is not None}


def read_answers(questions: Sequence[Question], given: Mapping[str, str]) -> dict[str, str]:
    """The answers by key; what was not asked is left out.

    Raises:
        Invalid: A question is not answered, or not as it can be (`faults_in`).
    """
    if faults_in(questions, given):
        raise Invalid(
            f"Answer every question; yes or no where that is asked, else in at most"
            f" {MOST_ANSWER_CHARS:,} characters."
        )
    return {one.key: given[one.key].strip() for one in questions}


def concerned(questions: Sequence[Question], answers: Mapping[str, str]) -> list[str]:
    """The keys of the questions whose answer an officer should see first, as they were asked."""
    return [
        one.key
        for one in questions
        if one.concern_if is not None and answers.get(one.key) == one.concern_if
    ]


def _read(number: int, row: Mapping[str, Any]) -> Question:
    if not isinstance(row, Mapping) or not row.keys() <= _FIELDS:
        raise Invalid(f"Question {number} has something other than key, kind, en, es, concern_if.")
    key, concern_if = row.get("key"), row.get("concern_if")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise Invalid(f"Question {number} needs a key of small letters, digits and underscores.")
    kind = row.get("kind")
    if not isinstance(kind, str) or kind not in set(QuestionKind):
        raise Invalid(f"Question {number} must be answered by yes_no or by text.")
    offered = (None, YES, NO) if kind == QuestionKind.YES_NO else (None,)
    if concern_if not in offered:
        raise Invalid(f"Question {number}: only yes or no, where that is asked, can be a concern.")
    english, spanish = (_wording(number, row.get(language)) for language in LANGUAGES)
    return Question(key, QuestionKind(kind), english, spanish, concern_if)


def _wording(number: int, words: object) -> str:
    is_said = isinstance(words, str) and "\x00" not in words and words.strip()
    if not is_said or len(str(words)) > MOST_QUESTION_CHARS:
        raise Invalid(
            f"Question {number} needs words in English and in Spanish, at most"
            f" {MOST_QUESTION_CHARS} characters each."
        )
    return str(words).strip()


def _fault(question: Question, answer: str) -> Fault | None:
    if not answer:
        return Fault.UNANSWERED
    if question.kind is QuestionKind.YES_NO:
        return None if answer in (YES, NO) else Fault.NOT_OFFERED
    return Fault.TOO_LONG if len(answer) > MOST_ANSWER_CHARS else None
