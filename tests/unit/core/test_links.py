"""Links say one check-in each, and nobody can make one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervision.core.errors import NotFound
from supervision.core.links import CheckinLinks, video_url

LINKS = CheckinLinks("https://check.example.org", "a key for tests")
IDS = st.integers(1, 2**63 - 1)


@given(agency_id=IDS, checkin_id=IDS)
def test_a_link_says_which_check_in_and_is_the_same_however_often_it_is_made(
    agency_id: int, checkin_id: int
) -> None:
    url = LINKS.url(agency_id, checkin_id)
    assert url == LINKS.url(agency_id, checkin_id)
    assert LINKS.read(url.removeprefix("https://check.example.org/c/")) == (agency_id, checkin_id)


@given(wrong=st.text() | st.builds(lambda a, b, c: f"{a}-{b}.{c}", IDS, IDS, st.text()))
def test_what_we_did_not_make_is_no_link(wrong: str) -> None:
    with pytest.raises(NotFound):
        LINKS.read(wrong)


def test_a_link_made_with_another_key_is_none() -> None:
    with pytest.raises(NotFound):
        CheckinLinks("", "another key").read(LINKS.token(1, 2))


def test_a_video_room_is_named_in_the_address_and_nothing_else_of_it_changes() -> None:
    assert video_url("https://meet.jit.si/{room}", "a_B-9") == "https://meet.jit.si/a_B-9"
    assert video_url("https://x.org/r?n={room}&q=1", "a/b&c") == "https://x.org/r?n=a%2Fb%26c&q=1"
