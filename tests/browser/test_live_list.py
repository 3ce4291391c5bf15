from datetime import timedelta
from time import monotonic

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from alerts import service as alerting
from alerts.catalogue import AlertKind
from alerts.rules import Disposition
from supervision.core.clock import system_clock
from supervision.core.db import transaction
from tests.browser.conftest import Desk, sign_in

pytestmark = pytest.mark.browser

COUNT_TONES = """
window.tones = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) { window.tones += 1; start.apply(this, when); };
"""


def row(page: Page, alert_id: int) -> Locator:
    return page.locator(f"#alert-{alert_id}")


def strip(page: Page) -> Locator:
    return page.locator("#strip-state")


def test_a_new_alert_appears_within_two_seconds_without_a_reload(desk: Desk, page: Page) -> None:
    page.evaluate("window.isTheSamePage = true")
    begun_at = monotonic()
    critical, high = desk.raise_one(), desk.raise_one(AlertKind.JAMMING)
    expect(row(page, critical)).to_be_visible(timeout=2_000)
    expect(row(page, high)).to_be_visible(timeout=2_000)
    assert monotonic() - begun_at < 2
    assert page.evaluate("window.isTheSamePage")
    shown = page.locator(".alert").evaluate_all("rows => rows.map(row => row.dataset.alert)")
    assert shown == [str(one) for one in (desk.office.alert.id, critical, high)]
    expect(page.get_by_role("alert")).to_have_text(f"Critical alert: {him(desk)}")
    expect(page.locator("#announcements")).to_have_text(f"New alert: high, {him(desk)}")
    expect(page.locator("#summary")).to_have_text("2 critical, 1 high; 3 new")
    expect(page).to_have_title("(3) Alerts – Supervision")  # noqa: RUF001 -- as the title has it


def him(desk: Desk) -> str:
    return desk.office.supervisee.full_name


def test_an_alert_is_acknowledged_and_closed_by_mouse(desk: Desk, page: Page) -> None:
    mine = row(page, desk.office.alert.id)
    mine.get_by_role("button", name="Acknowledge").click()
    expect(mine).to_contain_text(f"Acknowledged {desk.office.officer.display_name}")
    mine.get_by_role("link", name="Close").click()
    dialog = page.get_by_role("dialog", name=f"Close alert {desk.office.alert.id}")
    dialog.get_by_role("radio", name="Device fault").check()
    dialog.get_by_role("textbox", name="Note").fill("Seen in person: the strap is whole.")
    dialog.get_by_role("button", name="Close the alert").click()
    expect(mine).to_have_count(0)
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("No alert waits here.")).to_be_visible()
    assert desk.alert_closed() == ("device_fault", "Seen in person: the strap is whole.")


def test_what_a_colleague_does_shows_by_itself(desk: Desk, page: Page) -> None:
    other = desk.raise_one()
    expect(row(page, other)).to_be_visible()
    desk.acknowledge_as_supervisor(desk.office.alert.id)
    with transaction(desk.engine) as session:
        judgement = (Disposition.DUPLICATE, "The same cut.", system_clock())
        alerting.close(session, desk.supervisor, other, *judgement)
    expect(row(page, other)).to_have_count(0)
    expect(row(page, desk.office.alert.id)).to_contain_text(desk.supervisor.display_name)


def test_a_dead_server_shows_and_what_was_missed_appears_once(desk: Desk, page: Page) -> None:
    desk.watch.expect("ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING")
    desk.server.stop()
    expect(strip(page)).to_have_text("DISCONNECTED")
    missed = desk.raise_one()
    desk.server.start()
    expect(strip(page)).to_have_text("LIVE", timeout=8_000)
    expect(row(page, missed)).to_have_count(1)
    later = desk.raise_one()
    expect(row(page, later)).to_have_count(1)
    expect(page.locator(".alert")).to_have_count(3)


def test_an_attempt_that_is_never_answered_is_given_up_and_made_again(desk: Desk) -> None:
    unanswered: list[Route] = []

    def keep_waiting(route: Route) -> None:
        unanswered.append(route)

    with desk.browsing(None) as page:
        page.clock.install()
        page.route("**/live?*", keep_waiting, times=1)
        sign_in(page, desk.office.officer)
        expect(strip(page)).to_have_text("CONNECTING")
        page.clock.fast_forward(21_000)
        expect(strip(page)).to_have_text("LIVE")
    assert len(unanswered) == 1


def test_whoever_is_signed_out_sees_so_and_no_more_of_the_list(desk: Desk, page: Page) -> None:
    desk.watch.expect("401")
    desk.change("DELETE FROM web_session WHERE agency_id = :agency")
    expect(strip(page)).to_have_text("SIGNED OUT", timeout=8_000)
    expect(row(page, desk.office.alert.id)).to_be_hidden()
    expect(page.get_by_role("link", name="Sign in again")).to_be_visible()


def test_a_sign_in_about_to_end_can_be_prolonged(desk: Desk, page: Page) -> None:
    ago = system_clock() - timedelta(minutes=29)
    desk.change("UPDATE web_session SET last_seen_at = :ago WHERE agency_id = :agency", ago=ago)
    stay = page.get_by_role("button", name="Stay signed in")
    expect(page.locator("#strip-detail")).to_have_text("Your sign-in ends soon.")
    stay.click()
    expect(stay).to_be_hidden()
    expect(page.locator("#strip-detail")).to_have_text("What is new appears by itself.")


def test_silence_of_our_own_processes_shows_as_delay(desk: Desk, page: Page) -> None:
    ago = system_clock() - timedelta(minutes=1)
    desk.change("INSERT INTO process_heartbeat VALUES ('ingest', :ago, '{}')", ago=ago)
    expect(strip(page)).to_have_text("DELAYED")
    expect(page.locator("#strip-detail")).to_contain_text("Not heard: ingest.")


def test_a_filter_that_hides_a_new_alert_says_so(desk: Desk, page: Page) -> None:
    page.get_by_role("link", name="Acknowledged", exact=True).click()
    page.locator("#strip[data-state=live]").wait_for()
    hidden = desk.raise_one()
    page.get_by_role("link", name="Show all alerts").click()
    expect(row(page, hidden)).to_be_visible()


def ten_seconds_later(page: Page) -> None:
    page.clock.fast_forward(10_000)
    page.locator("#strip[data-state=live]").wait_for()


def test_an_armed_console_sounds_until_a_critical_alert_is_acknowledged(desk: Desk) -> None:
    with desk.browsing(None) as page:
        page.add_init_script(COUNT_TONES)
        page.clock.install()
        sign_in(page, desk.office.officer)
        ten_seconds_later(page)
        assert page.evaluate("tones") == 0, "unarmed, it is silent"
        page.get_by_role("button", name="Arm sound").click()
        expect(page.get_by_role("button", name="Sound armed", pressed=True)).to_be_visible()
        assert page.evaluate("tones") == 2, "the test tone"
        ten_seconds_later(page)
        assert page.evaluate("tones") == 5, "a critical alert is open"
        row(page, desk.office.alert.id).get_by_role("button", name="Acknowledge").click()
        expect(row(page, desk.office.alert.id)).to_contain_text("Acknowledged")
        ten_seconds_later(page)
        assert page.evaluate("tones") == 5, "acknowledged, it is silent"
        desk.raise_one()
        page.wait_for_function("() => window.tones === 8")
