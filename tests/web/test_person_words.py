"""The words of the person's page are there in every language; times are told as he reads them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from supervision.checkins.questions import LANGUAGES, Fault
from supervision.checkins.rules import Method, Purpose
from supervision.checkins.service import NoPosition
from supervision.checkins.stages import Stage
from supervision.web.person.clocks import Clocks
from supervision.web.person.wording import WORDS
from tests.web.console_visits import words_of

NOW = datetime(2026, 9, 21, 14, 13, tzinfo=UTC)
DENVER = ZoneInfo("America/Denver")


def test_every_language_has_every_word() -> None:
    assert set(WORDS) == set(LANGUAGES)
    assert WORDS["en"].keys() == WORDS["es"].keys()
    assert all(word.strip() for words in WORDS.values() for word in words.values())
    same = {key for key in WORDS["en"] if WORDS["en"][key] == WORDS["es"][key]}
    assert same == {"no"}


def test_everything_that_can_be_shown_has_words() -> None:
    shown = [f"purpose_{one}" for one in Purpose] + [f"how_{one}" for one in Method]
    shown += [f"stage_{one}" for one in Stage if one is not Stage.OVER]
    shown += [f"told_{one}" for one in NoPosition] + [f"without_{one}" for one in NoPosition]
    shown += [f"fault_{one}" for one in Fault]
    assert set(shown) <= WORDS["en"].keys()


@pytest.mark.parametrize(
    ("language", "later", "words"),
    [
        ("en", timedelta(0), "today, 8:13 AM MDT"),
        ("es", timedelta(hours=4), "hoy, 12:13 p. m. MDT"),
        ("en", timedelta(hours=16), "Tuesday, September 22, 12:13 AM MDT"),
        ("es", timedelta(days=60), "viernes 20 de noviembre, 7:13 a. m. MST"),
    ],
)
def test_a_moment_is_told_by_his_clock_in_his_language(
    language: str, later: timedelta, words: str
) -> None:
    told = Clocks(language, DENVER, NOW).moment(NOW + later)
    assert words_of(told) == words
    assert f'datetime="{(NOW + later).isoformat()}"' in told
