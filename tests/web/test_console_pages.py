import json
import re
from http import HTTPStatus

import pytest
from sqlalchemy import text

from supervision.register.clauses import MEANINGS, ConditionCode
from supervision.web.console import track
from tests.web.application import Web
from tests.web.console_visits import LAT, LON, Browser, a_stay, browser_of, words_of
from tests.web.offices import Office

FOREIGN = re.compile(r"(?:src|href|action|srcset|content)=\"(?:https?:)?//")
INLINE = re.compile(
    r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*(src=|application/json))"
)


@pytest.fixture
def stay(web: Web, office: Office) -> int:
    """The alert of a walk through the zone, from 15:10:20 to 15:13:20."""
    return a_stay(web, office)


@pytest.fixture
def browser(web: Web, office: Office, stay: int) -> Browser:  # noqa: ARG001 -- comes first
    return browser_of(web, office.officer)


def test_the_alert_page_tells_what_an_officer_and_a_court_ask_for(
    office: Office, browser: Browser, stay: int
) -> None:
    page = browser.page(f"/alerts/{stay}")
    for words in (
        "Entered 15:10:20 UTC by the tracker\u2019s time",
        "That fix reached us 15:10:21 UTC",
        "Left 15:13:20 UTC",
        "Deepest 220 m inside the edge, known to 8 m",
        "Fixes in the stay 3",
        "Confirmed. All evidence together, fixes and the way between them, put the person inside",
        f"Court case {office.order.court_case_number}",
        f"Clause 04: {MEANINGS[ConditionCode('04')]}",
        "circle, version 1 armed",
        "Alert raised by the software",
        "Condition cleared by the software",
    ):
        assert words in page


def test_the_table_has_the_same_points_as_the_map_with_gaps_and_distances(
    browser: Browser, stay: int
) -> None:
    page = browser.get(f"/alerts/{stay}").text
    found = re.search(r'id="map-data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    drawn = json.loads(found[1])
    rows = {
        int(number): words_of(row)
        for number, row in re.findall(r'<tr id="point-(\d+)"[^>]*>(.*?)</tr>', page, re.DOTALL)
    }
    assert [point["id"] for point in drawn["points"]] == list(rows)
    assert [point["is_after_gap"] for point in drawn["points"]].count(True) == 1
    entry, deepest = rows[drawn["entry_id"]], rows[drawn["deepest_id"]]
    assert re.search(r"Entry 50 m inside 8 m GPS", entry)
    assert re.search(r"Deepest 220 m inside 8 m GPS", deepest)
    assert sum("After a gap" in row for row in rows.values()) == 1
    assert all(abs(point["lon"] - LON) < 0.01 for point in drawn["points"])
    outline = drawn["zone"]["coordinates"][0]
    assert len(outline) > 64
    assert all(abs(lat - LAT) < 0.01 for _, lat in outline)


def test_looking_at_an_alert_with_its_zone_and_track_is_on_record(
    web: Web, office: Office, browser: Browser, stay: int
) -> None:
    browser.get(f"/alerts/{stay}")
    assert web.audited(office, "alert:viewed") == [f"alert:{stay}"]
    assert web.audited(office, "zone:viewed") == [f"zone:{office.zone.id}"]
    assert web.audited(office, "positions:viewed") == [f"supervisee:{office.supervisee.id}"]


def test_an_alert_about_no_zone_shows_no_zone(web: Web, office: Office, browser: Browser) -> None:
    page = browser.page(f"/alerts/{office.alert.id}")
    assert "Strap reported cut or opened" in page
    assert "Order" not in page
    assert web.audited(office, "zone:viewed") == []


def test_a_track_too_long_to_show_says_so(
    browser: Browser, stay: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(track, "MOST_POINTS", 3)
    assert "Only the first 3 points are shown." in browser.page(f"/alerts/{stay}")


def test_a_retired_zones_alert_is_still_shown_by_the_drawing_that_judged_it(
    web: Web, office: Office, browser: Browser, stay: int
) -> None:
    with web.behind() as session:
        session.execute(
            text(
                "INSERT INTO zone_version (agency_id, supervisee_id, zone_id, version, epoch,"
                " shape, buffer_m, inradius_m, warning_m, time_zone, armed_at, notes, drawn_at)"
                " SELECT agency_id, supervisee_id, zone_id, 2, 2, 'retired', 0, 0, 0, 'UTC', :now,"
                " '{}', :now FROM zone_version WHERE zone_id = :zone"
            ),
            {"now": web.clock(), "zone": office.zone.id},
        )
    page = browser.page(f"/alerts/{stay}")
    assert "circle, version 1 armed" in page
    assert "Deepest 220 m inside" in page


def test_a_persons_page_names_zones_and_tells_no_place(
    web: Web, office: Office, browser: Browser
) -> None:
    web.clock.forward(120)
    path = f"/supervisees/{office.supervisee.id}"
    page = browser.page(path)
    for words in (
        f"Case number {office.supervisee.case_number}",
        f"Tracker {office.device.uid}, Simulated bracelet, worn since",
        "Last fix 2 min ago",
        f"{office.zone.name} In force",
        "Left the zone 15:13, was 220 m deep",
    ):
        assert words in page
    assert not re.search(r"104\.9|39\.7", browser.get(path).text)


def test_another_caseloads_alert_and_person_are_not_there(
    web: Web, office: Office, other_office: Office
) -> None:
    for stranger in (office.colleague, other_office.supervisor):
        browser = browser_of(web, stranger)
        for path in (f"/alerts/{office.alert.id}", f"/supervisees/{office.supervisee.id}"):
            answer = browser.get(path)
            assert answer.status_code == HTTPStatus.NOT_FOUND
            assert office.supervisee.full_name not in answer.text


def test_no_page_loads_from_elsewhere_or_has_script_or_style_within(
    office: Office, browser: Browser, stay: int
) -> None:
    paths = ["/sign-in", "/", "/help", f"/alerts/{stay}", f"/alerts/{stay}/close"]
    paths += ["/check-ins", "/check-ins?needs=awaiting", f"/check-ins/{office.checkin.id}"]
    for path in [*paths, f"/supervisees/{office.supervisee.id}", "/alerts/0"]:
        page = browser.get(path).text
        assert "<title>" in page
        assert not FOREIGN.search(page), path
        assert not INLINE.search(page), path
