"""Watches the alerts' history for every open console and hands each what it has not seen yet.

One thread and one connection for the process. A notice from the database only wakes the thread;
what it tells is read from the history by number, so a lost notice costs a second and no alert.
"""

import asyncio
import select
import socket
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from threading import Event, RLock, Thread
from time import monotonic

import psycopg2
import structlog
from psycopg2 import extensions
from sqlalchemy import URL

from supervision.core.clock import Clock
from supervision.core.errors import TooManyAttempts
from supervision.web.live_subscription import FeedEvent, Subscription

log = structlog.get_logger()

POLL_S = 1.0
RECONNECT_S = 1.0
READ_AT_ONCE = 200
STREAMS_PER_OFFICER = 5
# A process not heard for a day was taken out of service.
FORGOTTEN_AFTER = timedelta(days=1)

_NEWEST = "SELECT alert_event_seq FROM agency_ledger WHERE agency_id = %s"
_SINCE = (
    "SELECT seq, alert_id, kind FROM alert_event WHERE agency_id = %s AND seq > %s"
    " ORDER BY seq LIMIT %s"
)
_SILENT = "SELECT name FROM process_heartbeat WHERE beat_at BETWEEN %s AND %s ORDER BY name"


class LiveFeed:
    """Hands alert events to subscriptions. Start it once for the process, stop it at the end."""

    def __init__(self, url: URL, clock: Clock, silent_after_s: float) -> None:
        """Stand ready; nothing is opened yet.

        Args:
            url: The database under the web role: row-level security applies here too.
            clock: The time.
            silent_after_s: A process of ours not heard for longer is named in `silent`.
        """
        self._address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._clock = clock
        self._silent_after = timedelta(seconds=silent_after_s)
        self._lock = RLock()
        self._subscriptions: set[Subscription] = set()
        self._stopping = Event()
        self._bell, self._rope = socket.socketpair()
        self._bell.settimeout(0)
        self._read_at = monotonic()
        self._silent: tuple[str, ...] = ()
        self._thread = Thread(target=self._run, name="live-feed", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """End all streams and the thread."""
        self.end_streams()
        self._stopping.set()
        self._rope.send(b"!")
        self._thread.join()
        self._bell.close()
        self._rope.close()

    def end_streams(self) -> None:
        """Tell every stream to end now; a signal handler may call this."""
        with self._lock:
            for subscription in self._subscriptions:
                subscription.is_over = True
                subscription.knock()

    @contextmanager
    def subscribed(
        self, agency_id: int, officer_id: int, after_seq: int | None
    ) -> Iterator[Subscription]:
        """A stream's subscription, for the length of the block; call it on the event loop.

        Args:
            agency_id: Whose events.
            officer_id: Who listens.
            after_seq: The last number the console has; None to begin with what comes next.

        Raises:
            TooManyAttempts: The officer has too many consoles open already.
        """
        loop = asyncio.get_running_loop()
        subscription = Subscription(agency_id, officer_id, after_seq, loop)
        with self._lock:
            if (
                Counter(s.officer_id for s in self._subscriptions)[officer_id]
                >= STREAMS_PER_OFFICER
            ):
                raise TooManyAttempts("Too many consoles are open; close one of them.")
            self._subscriptions.add(subscription)
        self._rope.send(b"+")
        try:
            yield subscription
        finally:
            with self._lock:
                self._subscriptions.discard(subscription)

    @property
    def lag_s(self) -> float:
        """How long ago the history was last read; grows when the database is out of reach."""
        return monotonic() - self._read_at

    @property
    def silent(self) -> tuple[str, ...]:
        """Processes of ours that should be heard and are not."""
        return self._silent

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with closing(self._connect()) as connection:
                    self._watch(connection)
            except psycopg2.Error as error:
                log.warning("live_feed_lost_database", error=type(error).__name__)
                self._stopping.wait(RECONNECT_S)

    def _connect(self) -> extensions.connection:
        connection: extensions.connection = psycopg2.connect(
            self._address,
            application_name="live-feed",
            connect_timeout=5,
            keepalives_idle=5,
            keepalives_interval=2,
            keepalives_count=3,
            options="-c timezone=UTC -c statement_timeout=10000",
        )
        connection.autocommit = True
        return connection

    def _watch(self, connection: extensions.connection) -> None:
        with connection.cursor() as cursor:
            cursor.execute("LISTEN alert_event")
            while not self._stopping.is_set():
                self._read_all(cursor)
                select.select([connection.fileno(), self._bell.fileno()], [], [], POLL_S)
                with suppress(BlockingIOError):
                    self._bell.recv(4096)
                connection.poll()
                connection.notifies.clear()

    def _read_all(self, cursor: extensions.cursor) -> None:
        for agency_id, subscriptions in self._by_agency().items():
            cursor.execute("SELECT set_config('app.agency', %s, false)", (str(agency_id),))
            _place_new(cursor, agency_id, subscriptions)
            while _hand_over(cursor, agency_id, subscriptions):
                pass
        now = self._clock()
        cursor.execute(_SILENT, (now - FORGOTTEN_AFTER, now - self._silent_after))
        self._silent = tuple(name for (name,) in cursor.fetchall())
        self._read_at = monotonic()

    def _by_agency(self) -> dict[int, list[Subscription]]:
        grouped: dict[int, list[Subscription]] = defaultdict(list)
        with self._lock:
            for subscription in self._subscriptions:
                grouped[subscription.agency_id].append(subscription)
        return grouped


def _place_new(
    cursor: extensions.cursor, agency_id: int, subscriptions: list[Subscription]
) -> None:
    fresh = [one for one in subscriptions if not one.is_placed]
    if fresh:
        cursor.execute(_NEWEST, (agency_id,))
        row = cursor.fetchone()
        for one in fresh:
            one.place(0 if row is None else row[0])
            one.knock()


def _hand_over(
    cursor: extensions.cursor, agency_id: int, subscriptions: list[Subscription]
) -> bool:
    """Give the next stretch of history to whoever lacks it; whether there may be more."""
    ready = [one for one in subscriptions if one.has_room]
    if not ready:
        return False
    since = min(one.last_seq or 0 for one in ready)
    cursor.execute(_SINCE, (agency_id, since, READ_AT_ONCE))
    events = [FeedEvent(*row) for row in cursor.fetchall()]
    for one in ready:
        one.offer(events)
    return len(events) == READ_AT_ONCE
