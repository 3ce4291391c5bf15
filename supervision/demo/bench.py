"""Measures the system on this machine, through the real broker and database.

Two loads: one that saturates ingest (its rate, beside that of the bare pipeline), and one at a
steady rate (how long from publish to commit, and from publish to alert).
"""

import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from time import monotonic
from typing import Any, NamedTuple, Self

import numpy as np
import psutil
from sqlalchemy import Engine, text

from supervision.core.clock import system_clock
from supervision.core.db import transaction
from supervision.core.errors import Unavailable
from supervision.core.settings import Settings
from supervision.demo.fleet import fleet_zone
from supervision.demo.load import LoadLine, fix_payload, publish_packet
from supervision.demo.watching import AlertWatch, percentile

# Every so many messages one asks for the device ack: it tells how far the others are stored.
ASK_EVERY = 50
# Messages sent and not yet known to be stored, at most; ingest always finds work, never a flood.
OUTSTANDING_MOST = 5_000
# Of a thousand pings so many go into a zone. Tagged people enter one about once in 1,440 pings.
ENTRIES_PER_1000 = 1
FAR_DEG = 0.006
WARM_UP_S = 3.0
CHUNK = 50
STUCK_AFTER_S = 30.0
STUCK = "Ingest stores nothing; look at its log."


@dataclass(frozen=True, slots=True)
class Rate:
    """Messages stored per second by one ingest process under saturating load."""

    messages: int
    seconds_s: float

    @property
    def per_s(self) -> float:
        """Messages per second."""
        return self.messages / self.seconds_s


@dataclass(frozen=True, slots=True)
class Delays:
    """Delays at a steady rate, milliseconds from publish."""

    offered_per_s: float
    commit_p50_ms: float
    commit_p99_ms: float
    alert_p50_ms: float
    alert_p99_ms: float
    alerts: int
    ingest_rss_mb: float


class Message(NamedTuple):
    """A packet ready to be sent; `asks` for the device ack, `enters` its wearer's zone."""

    uid: str
    seq: int
    packet: bytes
    asks: bool
    enters: bool


class Load:
    """Sends one fix per message for a fleet of registered trackers, round after round."""

    def __init__(self, settings: Settings, devices: int, seed: int, name: str) -> None:
        secret = settings.simulator_password
        self._line = LoadLine(
            settings.broker_host,
            settings.broker_port,
            "simulator",
            "" if secret is None else secret.get_secret_value(),
            self._on_ack,
        )
        self._devices = devices
        self._rng = np.random.default_rng(seed)
        self._name = self._session = f"bench-{name}"
        self._asked: dict[tuple[str, int], tuple[int, float]] = {}
        self.sent = 0
        self.stored_up_to = 0
        self.commit_delays_s: list[float] = []
        self.entered_at_s: dict[str, float] = {}

    def __enter__(self) -> Self:
        """Connect, and wait until ingest answers.

        Raises:
            Unavailable: It does not.
        """
        self._line.open()
        deadline_s = monotonic() + STUCK_AFTER_S
        while not self.commit_delays_s:
            if monotonic() > deadline_s:
                raise Unavailable(STUCK)
            self._send([self._message(0, 1, system_clock().timestamp(), 0)])
            self._listen_for(1.0)
        self.sent = self.stored_up_to = 0
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up."""
        self._line.close()

    def saturate(self, seconds_s: float) -> Rate:
        """Keep ingest busy for so long; the rate is counted after a warm-up.

        Raises:
            Unavailable: Nothing is acknowledged any more.
        """
        chunks = self._chunks()
        begun_s = monotonic()
        counted_from: tuple[int, float] | None = None
        while (now_s := monotonic()) - begun_s < WARM_UP_S + seconds_s:
            if counted_from is None and now_s - begun_s >= WARM_UP_S:
                counted_from = (self.stored_up_to, now_s)
            if self.sent - self.stored_up_to < OUTSTANDING_MOST:
                self._send(next(chunks))
            else:
                self._wait_for_acks()
        first, first_s = counted_from or (0, begun_s)
        rate = Rate(self.stored_up_to - first, monotonic() - first_s)
        self._drain()
        return rate

    def pace(self, per_s: float, seconds_s: float) -> None:
        """Send at a steady rate for so long, then wait until all is stored."""
        chunks = self._chunks()
        begun_s = monotonic()
        sent_before = self.sent
        while (elapsed_s := monotonic() - begun_s) < seconds_s:
            if (self.sent - sent_before) / per_s <= elapsed_s:
                self._send(next(chunks))
            else:
                self._line.listen((self.sent - sent_before) / per_s - elapsed_s)
        self._drain()

    def _listen_for(self, seconds_s: float) -> None:
        """Read for so long, whatever comes, or until ingest answers."""
        until_s = monotonic() + seconds_s
        while (left_s := until_s - monotonic()) > 0 and not self.commit_delays_s:
            self._line.listen(left_s)

    def _drain(self) -> None:
        while self.sent - self.stored_up_to >= ASK_EVERY:
            self._wait_for_acks()

    def _wait_for_acks(self) -> None:
        before, deadline_s = self.stored_up_to, monotonic() + STUCK_AFTER_S
        while self.stored_up_to == before:
            if monotonic() > deadline_s:
                raise Unavailable(STUCK)
            self._line.listen(1.0)

    def _send(self, chunk: list[Message]) -> None:
        now_s = monotonic()
        for message in chunk:
            self.sent += 1
            if message.asks:
                self._asked[message.uid, message.seq] = (self.sent, now_s)
            if message.enters:
                self.entered_at_s[message.uid] = now_s
        self._line.send(b"".join(message.packet for message in chunk))

    def _on_ack(self, device_uid: str, seq: int, at_s: float) -> None:
        asked = self._asked.pop((device_uid, seq), None)
        if asked is not None:
            number, sent_at_s = asked
            self.stored_up_to = max(self.stored_up_to, number)
            self.commit_delays_s.append(at_s - sent_at_s)

    def _chunks(self) -> Iterator[list[Message]]:
        # Each run through the fleet counts anew, in a session of its own.
        self._session = f"{self._name}-{round(system_clock().timestamp() * 1000)}"
        number = seq = 0
        while True:
            seq += 1
            for first in range(0, self._devices, CHUNK):
                t = system_clock().timestamp()
                places = range(first, min(first + CHUNK, self._devices))
                yield [self._message(place, seq, t, number + k) for k, place in enumerate(places)]
                number += CHUNK

    def _message(self, place: int, seq: int, t: float, number: int) -> Message:
        uid, zone = f"sim-{place + 1:04d}", fleet_zone(place)
        enters = bool(self._rng.random() < ENTRIES_PER_1000 / 1000) and uid not in self.entered_at_s
        asks = number % ASK_EVERY == 0
        east_deg, north_deg = self._rng.normal(0.0, 2e-4, 2)
        lon = zone.lon + (0.0 if enters else -FAR_DEG) + east_deg
        payload = fix_payload(self._session, seq, t, lon, zone.lat + north_deg, ack=asks)
        packet = publish_packet(f"supervision/v1/{uid}/fixes", payload, number)
        return Message(uid, seq, packet, asks, enters)


def measure_delays(
    settings: Settings, engine: Engine, load: Load, per_s: float, seconds_s: float, ingest_pid: int
) -> Delays:
    """Send at a steady rate and time the device acks and the alerts, both after their commit."""
    url = settings.engine_database_url.get_secret_value()
    load.commit_delays_s.clear()
    load.entered_at_s.clear()
    offset_s = monotonic() - system_clock().timestamp()
    with AlertWatch(url, system_clock) as watch:
        load.pace(per_s, seconds_s)
        threading.Event().wait(1.0)
    alerts_ms = [
        (watch.heard[agency, seq].timestamp() + offset_s - load.entered_at_s[uid]) * 1000
        for agency, seq, uid in _raised(engine)
        if (agency, seq) in watch.heard and uid in load.entered_at_s
    ]
    commits_ms = [delay_s * 1000 for delay_s in load.commit_delays_s]
    return Delays(
        offered_per_s=per_s,
        commit_p50_ms=percentile(commits_ms, 0.5),
        commit_p99_ms=percentile(commits_ms, 0.99),
        alert_p50_ms=percentile(alerts_ms, 0.5),
        alert_p99_ms=percentile(alerts_ms, 0.99),
        alerts=len(alerts_ms),
        ingest_rss_mb=psutil.Process(ingest_pid).memory_info().rss / 2**20,
    )


class Rates(NamedTuple):
    """Of the bare pipeline, of the whole one without its engine, and of the whole one."""

    bare: Rate
    unjudged: Rate
    full: Rate

    @property
    def engine_share(self) -> float:
        """The engine's share of the whole pipeline's time for a ping."""
        return 1 - self.full.per_s / self.unjudged.per_s


class Fleet(NamedTuple):
    """What the load was measured with."""

    devices: int
    zones_each: int
    zones_shared: int


def report(rates: Rates, delays: Delays, fleet: Fleet) -> dict[str, Any]:
    """The figures, by name and unit."""
    return {
        **fleet._asdict(),
        "bare_per_s": round(rates.bare.per_s),
        "unjudged_per_s": round(rates.unjudged.per_s),
        "full_per_s": round(rates.full.per_s),
        "full_share_of_bare": round(rates.full.per_s / rates.bare.per_s, 3),
        "engine_share_of_full": round(rates.engine_share, 3),
        **{
            name: round(value, 1) if isinstance(value, float) else value
            for name, value in asdict(delays).items()
        },
    }


def _raised(engine: Engine) -> list[tuple[int, int, str]]:
    with transaction(engine) as session:
        rows = session.execute(
            text(
                "SELECT e.agency_id, e.seq, d.uid FROM alert_event e"
                " JOIN alert a ON a.id = e.alert_id AND e.kind = 'raised'"
                " JOIN device_assignment w ON w.supervisee_id = a.supervisee_id"
                " JOIN device d ON d.id = w.device_id WHERE e.at > :since"
            ),
            {"since": system_clock() - timedelta(minutes=10)},
        )
        return [(row.agency_id, row.seq, row.uid) for row in rows]
