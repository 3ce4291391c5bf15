"""Commands while the broker or the database is away: none is lost, and each is noted in the end."""

from collections.abc import Sequence

import pytest
from sqlalchemy.exc import ProgrammingError

from ingest.delivery import CommandDelivery
from ingest.store import DueCommand, Outcome
from supervision.core.errors import Unavailable
from supervision.stack.mosquitto import PrivateMosquitto
from tests.harness import Person, World
from tests.ingest_rig import address_of, feeding, joining, until
from tests.integration.ingest.delivering import (
    PROTOCOL,
    delivering,
    locate,
    settle,
    state,
    tracker_of,
)

pytestmark = pytest.mark.usefixtures("looked_for_at_once")


@PROTOCOL
def test_while_the_broker_is_away_nothing_is_taken_on_and_then_all_is_sent(
    world: World, him: Person, broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    tracker = tracker_of(him, broker_of_its_own, protocol)
    with delivering(world, broker_of_its_own, protocol) as (deliver, feed):
        with tracker.awake():
            pass
        with joining(feed):
            broker_of_its_own.stop()
            until(lambda: not feed.is_connected)
            command_id = locate(world, him)
            deliver()
            assert state(world, command_id) == ("pending", 0, None)
            broker_of_its_own.start()
        settle(deliver, lambda: state(world, command_id)[0] == "sent")
    with tracker.awake():
        assert b"locate" in tracker.hear()


@PROTOCOL
def test_a_broker_that_dies_with_a_command_in_hand_gets_it_again(
    world: World, him: Person, broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    tracker = tracker_of(him, broker_of_its_own, protocol)
    with delivering(world, broker_of_its_own, protocol) as (deliver, feed):
        with tracker.awake():
            pass
        with joining(feed):
            # Not looked at again before the broker has gone: whatever it said is not noted yet.
            command_id = locate(world, him)
            deliver()
            broker_of_its_own.stop()
            until(lambda: not feed.is_connected)
            assert state(world, command_id)[0] == "sending"
            broker_of_its_own.start()
        settle(deliver, lambda: state(world, command_id)[0] == "sent")
    with tracker.awake():
        assert b"locate" in tracker.hear()


def test_what_is_known_while_the_database_is_away_is_noted_when_it_is_back(
    world: World, him: Person, broker_of_its_own: PrivateMosquitto
) -> None:
    failures: list[Exception] = []

    def exchange(outcomes: Sequence[Outcome], most: int) -> list[DueCommand]:
        if failures:
            raise failures[0]
        due: list[DueCommand] = world.monitor.exchange_commands(outcomes, most)
        return due

    tracker = tracker_of(him, broker_of_its_own, "5")
    with tracker.awake(), feeding(address_of(broker_of_its_own)) as feed:
        deliver = CommandDelivery(feed, exchange)
        command_id = locate(world, him)
        deliver()
        assert tracker.hear()
        for failure in (Unavailable(), ProgrammingError("SELECT", None, Exception())):
            failures[:] = [failure]
            for _ in range(3):
                deliver()
        assert state(world, command_id)[0] == "sending"
        failures.clear()
        settle(deliver, lambda: state(world, command_id) == ("sent", 1, None))
