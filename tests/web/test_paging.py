import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supervision.core.errors import Invalid
from supervision.web.paging import decode_cursor, encode_cursor
from tests import factories
from tests.web.application import Web
from tests.web.offices import Office

PATH = "/api/v1/supervisees"
BIGINTS = st.integers(-(2**63) + 1, 2**63 - 1)


@settings(deadline=None)  # the machine may be busy
@given(st.lists(BIGINTS, min_size=1, max_size=3).map(tuple))
def test_a_cursor_comes_back_as_the_key_it_was_made_of(key: tuple[int, ...]) -> None:
    assert decode_cursor(encode_cursor(key), len(key)) == key


@settings(deadline=None)  # the machine may be busy
@given(st.text(max_size=50))
def test_a_text_that_is_no_cursor_is_refused_and_does_no_harm(text: str) -> None:
    try:
        key = decode_cursor(text, 1)
    except Invalid:
        return
    assert len(key) == 1


@pytest.mark.parametrize(
    "key", ['["1"]', "[1.5]", "[true]", "[null]", "1", "{}", "[9223372036854775808]", "[1,2]"]
)
def test_a_cursor_of_anything_but_one_integer_is_refused(key: str) -> None:
    forged = encode_cursor(()).replace("W10", __import__("base64").b64encode(key.encode()).decode())
    with pytest.raises(Invalid):
        decode_cursor(forged, 1)


def test_pages_together_are_the_list_without_a_gap_or_a_double(web: Web, office: Office) -> None:
    with web.behind() as session:
        for _ in range(6):
            factories.a_supervisee(session, office.officer)
    client = web.signed_in(office.officer)
    whole = [row["id"] for row in client.get(PATH).json()["items"]]
    seen: list[int] = []
    path: str | None = f"{PATH}?limit=3"
    while path is not None:
        answer = client.get(path)
        page = answer.json()
        seen += [row["id"] for row in page["items"]]
        path = answer.links["next"]["url"] if "next" in answer.links else None
        assert (path is None) == (page["next"] is None)
    assert len(whole) == 7
    assert seen == whole


def test_the_link_to_the_next_page_stays_on_this_host_and_keeps_the_question(
    web: Web, office: Office
) -> None:
    with web.behind() as session:
        factories.an_alert(session, office.supervisee)
    client = web.signed_in(office.officer)
    answer = client.get("/api/v1/alerts", params={"limit": 1, "handling": "new"})
    link = answer.links["next"]["url"]
    assert link.startswith("/api/v1/alerts?")
    assert "handling=new" in link
    assert answer.json()["next"] in link


def test_rows_added_meanwhile_do_not_shift_the_pages(web: Web, office: Office) -> None:
    with web.behind() as session:
        factories.an_alert(session, office.supervisee)
    client = web.signed_in(office.officer)
    first = client.get("/api/v1/alerts", params={"limit": 1}).json()
    with web.behind() as session:
        factories.an_alert(session, office.supervisee)
    second = client.get("/api/v1/alerts", params={"limit": 1, "cursor": first["next"]}).json()
    assert second["items"][0]["id"] == office.alert.id


@pytest.mark.parametrize(
    "wrong", [{"limit": 0}, {"limit": 501}, {"limit": "many"}, {"cursor": "x"}, {"cursor": "W10"}]
)
def test_a_wrong_page_is_refused(web: Web, office: Office, wrong: dict[str, str]) -> None:
    answer = web.signed_in(office.officer).get(PATH, params=wrong)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")
