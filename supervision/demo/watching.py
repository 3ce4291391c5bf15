"""Measures how long it takes from a device's ping to the committed alert."""

import select
import threading
from collections.abc import Iterable
from datetime import datetime
from types import TracebackType
from typing import Self

import psycopg2
import psycopg2.extensions

from ingest.simulator.pings import Ping
from supervision.core.clock import Clock

LOOK_EVERY_S = 0.5

PingKey = tuple[str, str | None, int | None]


class Publishings:
    """When each ping was first sent; told by the fleet, from several threads."""

    def __init__(self) -> None:
        self._first: dict[PingKey, datetime] = {}

    def note(self, ping: Ping, at: datetime) -> None:
        """Take down a sending; only the first of a ping counts."""
        self._first.setdefault((ping.device_uid, ping.session, ping.seq), at)

    def first_of(self, keys: Iterable[PingKey]) -> datetime | None:
        """When the first of these pings was sent, if any was."""
        return min((at for key in keys if (at := self._first.get(key))), default=None)


class AlertWatch:
    """Hears every committed line of alert history, and notes when: after its commit."""

    def __init__(self, database_url: str, clock: Clock) -> None:
        self._dsn = database_url.replace("+psycopg2", "")
        self._clock = clock
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="alert-watch", daemon=True)
        self._connection: psycopg2.extensions.connection | None = None
        self.heard: dict[tuple[int, int], datetime] = {}

    def __enter__(self) -> Self:
        """Begin to listen; what is committed from now on is heard."""
        self._connection = psycopg2.connect(self._dsn)
        self._connection.set_isolation_level(psycopg2.extensions.ISOLATION_LEVEL_AUTOCOMMIT)
        self._connection.cursor().execute("LISTEN alert_event")
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop listening."""
        self._over.set()
        self._thread.join()
        if self._connection is not None:
            self._connection.close()

    def _listen(self) -> None:
        connection = self._connection
        while connection is not None and not self._over.is_set():
            if not any(select.select([connection], [], [], LOOK_EVERY_S)):
                continue
            connection.poll()
            now = self._clock()
            while connection.notifies:
                agency, seq = connection.notifies.pop(0).payload.split(":")
                self.heard[int(agency), int(seq)] = now


def percentile(values: list[float], share: float) -> float:
    """The value below which this share of them lies; NaN of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")
