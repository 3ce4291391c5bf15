"""The outbox: what is due goes out at least once, worst first, under one key however often."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import text

from alerts.catalogue import AlertKind
from alerts.claims import CLAIM_LASTS
from supervision.core.db import transaction
from supervision.core.errors import Unavailable
from tests.harness import T0, World
from tests.outbox import FakeChannel, delivery, drain

Raise = Callable[..., int]


class Killed(BaseException):
    """The process ends here."""


def die() -> None:
    raise Killed


def test_an_alert_goes_to_its_officer_once_with_a_link_to_it(
    world: World, raise_one: Raise
) -> None:
    alert_id, channel = raise_one(), FakeChannel()
    assert drain(delivery(world, channel)) == 1
    (message,) = channel.sent
    assert message.address == world.one("SELECT email FROM officer")
    assert message.subject == f"High alert {alert_id}"
    assert message.text == (
        "A high alert (zone entry) waits for you.\n\n"
        f"Open it: https://console.example/alerts/{alert_id}\n"
    )
    world.clock.forward(3600)
    assert drain(delivery(world, channel)) == 0
    (row,) = world.rows("SELECT * FROM notification")
    assert (row.state, row.attempts, row.sent_at) == ("sent", 1, T0)


def test_a_channel_that_fails_is_tried_again_later_and_later_under_the_same_key(
    world: World, raise_one: Raise
) -> None:
    raise_one()
    channel = FakeChannel(failures=3)
    outbox = delivery(world, channel)
    with structlog.testing.capture_logs() as lines:
        for wait_s in (5, 10, 20):
            assert drain(outbox) == 1
            world.clock.forward(wait_s - 1)
            assert drain(outbox) == 0
            world.clock.forward(1)
    assert [line["attempts"] for line in lines] == [1, 2, 3]
    row = world.rows("SELECT * FROM notification")[0]
    assert (row.state, row.last_error, row.attempts) == ("pending", "The channel is away.", 3)
    assert drain(outbox) == 1
    (message,) = channel.sent
    assert message.key == row.idempotency_key


def test_a_message_whose_sender_died_is_sent_again_under_the_same_key_once_the_claim_lapses(
    world: World, raise_one: Raise
) -> None:
    raise_one()
    dying, next_one = FakeChannel(then=die), FakeChannel()
    with pytest.raises(Killed):
        delivery(world, dying).deliver_due()
    world.clock.now += CLAIM_LASTS
    assert drain(delivery(world, next_one)) == 0
    world.clock.forward(1)
    assert drain(delivery(world, next_one)) == 1
    assert [one.key for one in dying.sent] == [one.key for one in next_one.sent]


def test_the_worst_goes_first_whatever_the_queue_and_whatever_comes_meanwhile(
    world: World, raise_one: Raise
) -> None:
    raise_one(kind=AlertKind.BUTTON, grade=None, dedup_key="medium")
    world.clock.forward(1)
    raise_one(dedup_key="high")
    raise_one(dedup_key="critical", grade="confirmed")
    channel = FakeChannel()
    outbox = delivery(world, channel)
    outbox.deliver_due()
    raise_one(dedup_key="newer", grade="confirmed")
    drain(outbox)
    severities = [one.subject.split()[0] for one in channel.sent]
    assert severities == ["Critical", "Critical", "High", "Medium"]


def test_an_alert_that_became_critical_is_sent_before_others(
    world: World, raise_one: Raise
) -> None:
    raise_one(dedup_key="first")
    last = raise_one(dedup_key="second")
    with transaction(world.engine) as session:
        session.execute(text("UPDATE alert SET severity = 'critical' WHERE id = :id"), {"id": last})
    channel = FakeChannel()
    drain(delivery(world, channel))
    assert channel.sent[0].subject == f"Critical alert {last}"


def test_two_deliverers_send_nothing_twice(world: World, raise_one: Raise) -> None:
    for number in range(40):
        raise_one(dedup_key=f"k{number}", grade="confirmed")
    channel = FakeChannel()
    with ThreadPoolExecutor(4) as pool:
        outboxes = [delivery(world, channel) for _ in range(4)]
        assert sum(pool.map(drain, outboxes)) == 40
    assert set(Counter(one.key for one in channel.sent).values()) == {1}
    assert len(channel.sent) == 40


def test_a_claim_that_lapsed_does_not_undo_what_another_sent(
    world: World, raise_one: Raise
) -> None:
    raise_one()
    other = delivery(world, FakeChannel())

    def too_slow() -> None:
        world.clock.now += CLAIM_LASTS + timedelta(seconds=1)
        assert drain(other) == 1
        raise Unavailable("Timed out.")

    delivery(world, FakeChannel(then=too_slow)).deliver_due()
    (row,) = world.rows("SELECT * FROM notification")
    assert (row.state, row.attempts) == ("sent", 2)


def test_a_sender_that_was_too_slow_but_got_through_settles_it(
    world: World, raise_one: Raise
) -> None:
    raise_one()
    failing = delivery(world, FakeChannel(failures=1))

    def too_slow() -> None:
        world.clock.now += CLAIM_LASTS + timedelta(seconds=1)
        assert failing.deliver_due() == 1

    delivery(world, FakeChannel(then=too_slow)).deliver_due()
    world.clock.forward(3600)
    assert drain(delivery(world, FakeChannel())) == 0
