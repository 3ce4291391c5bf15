from datetime import UTC, datetime
from threading import Event
from typing import Any, cast

from supervision.monitor import Monitor
from supervision.scheduler import Ticker


class Bare:
    """A corridor in which nothing happens, but that it is noted when check-ins are made."""

    def __init__(self) -> None:
        self.stop = Event()

    def clock(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 -- the timer library goes by the machine's clock

    def make_checkins(self) -> int:
        self.stop.set()
        return 0

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: 0


def test_check_ins_are_made_as_soon_as_it_ticks() -> None:
    bare = Bare()
    ticker = Ticker(cast("Monitor", bare))
    assert not bare.stop.is_set()
    ticker.run(bare.stop)
    assert bare.stop.is_set()
