"""Promises about a means that fails: the officers see it, and see when it works again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.catalogue import Severity
from alerts.channels import Message
from alerts.failing import Failing
from alerts.rules import Means
from alerts.service import NewPoint, add_own_point, read_failing
from supervision.core.db import make_engine, transaction
from supervision.core.errors import Undeliverable
from tests.harness import T0, World
from tests.outbox import FakeChannel
from tests.reaching import Office

# The second failure is gone around at once, by his account: that is the third.
FIRST_TRIES_S = (0, 5)


def failing(world: World) -> list[Failing]:
    """As the console asks, by the role that sees one agency."""
    engine = make_engine(world.database.web_url)
    with transaction(engine, world.agency_id) as session:
        told = read_failing(session, world.agency_id, world.clock.now)
    engine.dispose()
    return told


@pytest.fixture
def down(office: Office, world: World) -> Office:
    """The mail server goes down; an alert is tried by e-mail, twice one way and once another."""
    office.reach_by(Means.EMAIL, "me@example.org")
    office.find(["possible"])
    office.deliver()
    assert failing(world) == []
    office.ways[Means.EMAIL].is_away = True
    world.clock.forward(60)
    office.find(["possible"])
    for wait_s in FIRST_TRIES_S:
        assert failing(world) == [], "not before the third attempt"
        office.deliver(after_s=wait_s)
    return office


def test_a_mail_server_that_is_down_is_told_within_half_a_minute(
    down: Office, world: World
) -> None:
    (told,) = failing(world)
    assert told.means is Means.EMAIL
    assert told.failures >= 3
    assert told.since == T0 + timedelta(seconds=60)
    assert told.around == ()
    assert down.sent(Means.EMAIL) == ["High alert 1"]


def test_what_goes_around_it_is_told(down: Office, world: World) -> None:
    down.reach_by(Means.SMS)
    down.find(["possible"])
    down.deliver()
    (told,) = failing(world)
    assert (told.means, told.around) == (Means.EMAIL, (Means.SMS,))


def test_it_is_gone_once_one_goes_out_again(down: Office, world: World) -> None:
    down.deliver(after_s=1800)
    assert failing(world) != []
    down.ways[Means.EMAIL].is_away = False
    down.deliver(after_s=600)
    assert "High alert 2" in down.sent(Means.EMAIL)
    assert failing(world) == []


def test_one_agency_is_told_nothing_of_anothers(down: Office, world: World) -> None:
    assert down.raised == 2
    engine = make_engine(world.database.web_url)
    with transaction(engine, world.agency_id + 1) as session:
        assert read_failing(session, world.agency_id, world.clock.now) == []
    engine.dispose()


def test_what_nobody_tried_for_a_day_says_nothing(down: Office, world: World) -> None:
    assert down.raised == 2
    world.clock.forward(25 * 3600)
    assert failing(world) == []


class NobodyListens(FakeChannel):
    """The broker of apps that are not signed in."""

    def send(self, message: Message) -> None:
        raise Undeliverable(f"No app listens at {message.address}.")


def test_one_officers_app_that_is_not_signed_in_is_no_means_that_fails(
    office: Office, world: World
) -> None:
    office.delivery = replace(office.delivery, channels={**office.ways, Means.APP: NobodyListens()})
    office.reach_by(Means.APP)
    for _ in range(4):
        office.find(["confirmed"])
        office.deliver(after_s=30)
    assert len(office.sent(Means.EMAIL)) == 4
    assert failing(world) == []
    colleague = world.officer()
    with transaction(world.engine) as session:
        new = NewPoint("Phone", Means.APP, "", frozenset(Severity))
        add_own_point(session, world.actor(officer_id=colleague), new, world.clock.now)
    office.him = world.person(officer_id=colleague)
    office.find(["confirmed"])
    office.deliver(after_s=30)
    (told,) = failing(world)
    assert (told.means, told.failures, told.around) == (Means.APP, 5, (Means.EMAIL,))
