"""Promises about reminders: each goes out once, while it helps, to whoever has an address."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.checkin_world import checkins, do, happened, sweep
from tests.harness import T0, Person, World
from tests.outbox import LINKS, FakeChannel, delivery, drain
from tests.receivers import Gateway, Inbox, mail_server, sms_gateway
from tests.reminding_world import installed, messages, reach, reminded, reminders

DUE = T0.replace(hour=18, minute=0, second=0)
CLOSED, MISSED = DUE + timedelta(hours=1), DUE + timedelta(minutes=75)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
PHONE, EMAIL = "+13035550142", "alex@example.org"


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def smtp_port(inbox: Inbox) -> Iterator[int]:
    with mail_server(inbox) as port:
        yield port


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with sms_gateway() as server:
        yield server


def outcomes(world: World) -> list[str]:
    return [one.outcome for one in reminders(world)]


def test_reminders_come_before_and_at_the_opening_by_mail_in_the_persons_language(
    world: World, him: Person, inbox: Inbox, smtp_port: int
) -> None:
    reach(world, him, email=EMAIL, language="es")
    reminded(world, him, 3600, 0)
    outbox = installed(world, smtp_port, None)
    for at in (DUE - HOUR - SECOND, DUE - HOUR, DUE - SECOND, DUE, DUE + SECOND):
        world.clock.now = at
        world.monitor.send_reminders()
        drain(outbox)
    (first, *_) = checkins(world, him)
    link = LINKS.url(world.agency_id, first.id)
    ahead, opening = inbox.mails
    assert ahead["To"] == opening["To"] == EMAIL
    assert ahead["Subject"] == "Recordatorio: su control es el lun 21 sep, 6:00 PM UTC"
    assert opening["Subject"] == "Es hora de su control, hasta el lun 21 sep, 7:00 PM UTC"
    assert f"Qué hacer: {link}" in ahead.get_content()
    assert f"Qué hacer: {link}" in opening.get_content()
    assert [row.sent_at for row in messages(world)] == [DUE - HOUR, DUE]
    assert [row.kind for row in messages(world)] == ["checkin_ahead", "checkin_open"]


def test_who_has_a_phone_gets_a_text_message_where_there_is_a_gateway(
    world: World, him: Person, gateway: Gateway, inbox: Inbox, smtp_port: int
) -> None:
    reach(world, him, phone=PHONE, email=EMAIL)
    reminded(world, him, 0)
    outbox = installed(world, smtp_port, gateway)
    world.clock.now = DUE
    world.monitor.send_reminders()
    drain(outbox)
    (first, *_) = checkins(world, him)
    (post,) = gateway.posts
    assert post.form["To"] == [PHONE]
    link = LINKS.url(world.agency_id, first.id)
    said = f"It is time for your check-in, until Mon, Sep 21, 7:00 PM UTC. {link}"
    assert post.form["Body"] == [said]
    assert inbox.mails == []


def test_a_gateway_that_was_away_is_asked_again_with_the_same_words_under_the_same_key(
    world: World, him: Person, gateway: Gateway
) -> None:
    reach(world, him, phone=PHONE)
    reminded(world, him, 0)
    outbox = installed(world, None, gateway)
    world.clock.now, gateway.status = DUE, 503
    world.monitor.send_reminders()
    drain(outbox)
    gateway.status = 201
    world.clock.forward(5)
    drain(outbox)
    first, again = gateway.posts
    assert first.form == again.form
    assert first.headers["Idempotency-Key"] == again.headers["Idempotency-Key"]
    (row,) = messages(world)
    assert (row.state, row.attempts) == ("sent", 2)
    assert row.last_error == "The gateway did not take the message (status 503)."


def test_a_reminder_goes_out_once_though_two_schedulers_sweep(world: World) -> None:
    for _ in range(30):
        someone = world.person()
        reach(world, someone, email=EMAIL)
        reminded(world, someone, 3600, 0)
    world.clock.now = DUE
    with ThreadPoolExecutor(2) as both:
        monitors = [world.monitor, world.another_worker()]
        assert sum(both.map(lambda monitor: monitor.send_reminders(), monitors)) == 60
    assert sorted(outcomes(world)) == ["pointless"] * 30 + ["queued"] * 30
    channel = FakeChannel()
    drain(delivery(world, channel))
    assert len(channel.sent) == len({one.key for one in channel.sent}) == 30


def test_a_reminder_found_two_hours_late_after_the_window_closed_is_not_sent(
    world: World, him: Person
) -> None:
    reach(world, him, email=EMAIL)
    reminded(world, him, 0)
    world.clock.now = DUE + 2 * HOUR
    world.monitor.send_reminders()
    assert outcomes(world) == ["pointless"]
    assert messages(world) == []


def test_of_several_found_late_only_the_newest_is_sent(world: World, him: Person) -> None:
    reach(world, him, email=EMAIL)
    reminded(world, him, 7200, 3600, 0)
    world.clock.now = DUE + SECOND
    world.monitor.send_reminders()
    assert outcomes(world) == ["pointless", "pointless", "queued"]
    (message,) = messages(world)
    assert message.kind == "checkin_open"


def test_who_has_no_address_is_shown_to_the_officer_as_not_reached(
    world: World, him: Person
) -> None:
    reach(world, him, phone=PHONE)
    reminded(world, him, 0)
    for at in (DUE, MISSED):
        sweep(world, at)
        world.monitor.send_reminders()
    (first, *_) = checkins(world, him)
    assert outcomes(world) == ["unreachable"]
    assert messages(world) == []
    assert happened(world, first.id) == ["opened", "not_reached", "missed"]
    (alert,) = world.alerts()
    told = {"kind": "open", "state": "not_reached", "means": None, "at": DUE.isoformat()}
    assert alert.evidence["reminders"] == [told]


@pytest.mark.parametrize("act", ["attend", "cancel"])
def test_a_message_whose_check_in_was_attended_or_cancelled_meanwhile_is_not_sent(
    world: World, him: Person, act: str
) -> None:
    reach(world, him, email=EMAIL)
    reminded(world, him, 0)
    world.clock.now = DUE
    world.monitor.send_reminders()
    (first, *_) = checkins(world, him)
    do(world, act, first.id, {"attend": DUE, "cancel": "In hospital."}[act])
    channel = FakeChannel()
    drain(delivery(world, channel))
    assert channel.sent == []
    (row,) = messages(world)
    assert (row.state, row.attempts, row.sent_at) == ("expired", 0, None)


def test_a_message_that_could_not_be_sent_until_the_window_closed_is_not_sent_afterwards(
    world: World, him: Person
) -> None:
    reach(world, him, email=EMAIL)
    reminded(world, him, 0)
    world.clock.now = DUE
    world.monitor.send_reminders()
    channel = FakeChannel()
    channel.is_away = True
    while world.clock.now < CLOSED:
        drain(delivery(world, channel))
        world.clock.forward(60)
    channel.is_away = False
    drain(delivery(world, channel))
    world.clock.forward(3600)
    drain(delivery(world, channel))
    assert channel.sent == []
    assert [row.state for row in messages(world)] == ["expired"]


def test_an_address_that_was_taken_off_the_record_gets_no_message(
    world: World, him: Person
) -> None:
    reach(world, him, email=EMAIL)
    reminded(world, him, 0)
    world.clock.now = DUE
    world.monitor.send_reminders()
    reach(world, him)
    channel = FakeChannel()
    drain(delivery(world, channel))
    assert channel.sent == []
    (row,) = messages(world)
    assert row.last_error == "The receiver has no such address any more."
    reach(world, him, email="new@example.org")
    world.clock.forward(5)
    drain(delivery(world, channel))
    assert [one.address for one in channel.sent] == ["new@example.org"]


def test_the_alert_says_which_reminders_were_sent_and_when(world: World, him: Person) -> None:
    reach(world, him, email=EMAIL)
    reminded(world, him, 7200, 3600, 0)
    outbox = installed(world, 1, None)
    world.clock.now = DUE - 2 * HOUR
    world.monitor.send_reminders()
    drain(delivery(world, FakeChannel()))
    for at in (DUE - HOUR, DUE):
        world.clock.now = at
        world.monitor.send_reminders()
        drain(outbox)
    sweep(world, MISSED)
    (alert,) = world.alerts()
    assert alert.evidence["reminders"] == [
        {"kind": kind, "state": state, "means": "email", "at": at.isoformat()}
        for kind, state, at in [
            ("ahead", "sent", DUE - 2 * HOUR),
            ("ahead", "waiting", DUE - HOUR),
            ("open", "waiting", DUE),
        ]
    ]


def test_what_only_went_to_the_log_does_not_count_as_sent(world: World, him: Person) -> None:
    reach(world, him, email=EMAIL)
    reminded(world, him, 0)
    outbox = installed(world, None, None)
    world.clock.now = DUE
    world.monitor.send_reminders()
    drain(outbox)
    sweep(world, MISSED)
    (alert,) = world.alerts()
    assert [one["state"] for one in alert.evidence["reminders"]] == ["logged"]


def test_no_address_and_no_link_is_kept_with_the_alert(world: World, him: Person) -> None:
    reach(world, him, phone=PHONE, email=EMAIL)
    reminded(world, him, 0)
    world.clock.now = DUE
    world.monitor.send_reminders()
    drain(delivery(world, FakeChannel()))
    sweep(world, MISSED)
    (alert,) = world.alerts()
    kept = f"{alert.evidence} {[dict(row._mapping) for row in messages(world)]}"
    for secret in (PHONE, EMAIL, "https://"):
        assert secret not in kept
