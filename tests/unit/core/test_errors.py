from collections.abc import Iterator

import pytest

from supervision.core import errors
from supervision.core.errors import (
    Broken,
    Refused,
    Rejected,
    SupervisionError,
    Unavailable,
    Undeliverable,
)


def family(branch: type[SupervisionError]) -> Iterator[type[SupervisionError]]:
    yield branch
    for child in branch.__subclasses__():
        yield from family(child)


EVERY = [one for one in family(SupervisionError) if one.__module__ == errors.__name__]


def test_every_error_has_a_code_of_its_own_for_programs() -> None:
    assert len({error.code for error in EVERY}) == len(EVERY)


@pytest.mark.parametrize("error", [one for one in EVERY if one is not Rejected])
def test_an_error_raised_without_words_says_what_its_docstring_says(
    error: type[SupervisionError],
) -> None:
    assert error().message.endswith(".")
    assert error("Other words.").message == "Other words."


def test_a_rejection_keeps_the_slug_apart_from_the_sentence() -> None:
    rejection = Rejected("no_time", "The fix has no time.")
    assert (rejection.reason, rejection.message) == ("no_time", "The fix has no time.")
    assert Rejected("no_time").message == "no_time"


def test_every_error_says_who_must_act_and_only_one_of_them() -> None:
    branches = [Rejected, Refused, Unavailable, Undeliverable, Broken]
    for error in EVERY:
        if error is not SupervisionError:
            assert sum(issubclass(error, branch) for branch in branches) == 1
