"""An outbox whose messages a test keeps, and whose channels fail when it wants."""

from collections.abc import Callable
from threading import Lock
from typing import ClassVar

from alerts.channels import Message
from alerts.delivery import Delivery
from alerts.rules import Means
from supervision.core.errors import Unavailable
from supervision.core.links import CheckinLinks
from tests.harness import World

LINKS = CheckinLinks("https://console.example", "a key for tests")


class FakeChannel:
    """Keeps what was sent; fails as often as it is told to; may die as a process does."""

    is_read: ClassVar[bool] = True

    def __init__(self, failures: int = 0, then: Callable[[], None] = lambda: None) -> None:
        self.sent: list[Message] = []
        self.failures = failures
        self.is_away = False
        self._then = then
        self._lock = Lock()

    def send(self, message: Message) -> None:
        with self._lock:
            if self.failures > 0 or self.is_away:
                self.failures -= 1
                raise Unavailable("The channel is away.")
            self.sent.append(message)
        self._then()


def delivery(world: World, channel: FakeChannel) -> Delivery:
    """All messages go by one channel, whatever their means."""
    channels = dict.fromkeys(Means, channel)
    return Delivery(world.engine, channels, world.clock, LINKS, chance=lambda: 0.5)


def drain(one: Delivery) -> int:
    count = 0
    while one.deliver_due():
        count += 1
    return count


class FakeLog(FakeChannel):
    """Stands in for a mail server, as the log does."""

    is_read: ClassVar[bool] = False
