"""Plays a scenario whose right answer is known through the running system, and compares."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, text

from ingest.simulator.devices import SimDevice, latest_start_s
from ingest.simulator.faults import Faults
from ingest.simulator.fleet import Fleet, Options, Report, Sent
from ingest.simulator.link import Broker
from ingest.simulator.pings import Ping
from ingest.simulator.progress import Progress
from ingest.simulator.verify import FoundStay, TrueStay, Verdict, compare
from supervision.core.clock import from_us, system_clock, to_us
from supervision.core.db import make_engine, transaction
from supervision.core.settings import Settings
from supervision.demo.plan import devices
from supervision.demo.watching import AlertWatch, PingKey, Publishings, percentile

SEED = 7
RATE_S = 60.0
TURNS = 3
SPEEDUP = 1500.0
DEADLINE_S = 240.0
SETTLED_AFTER_S = 2.0
Run = dict[str, Any]
"""Which devices and from when on: the parameters of every query here."""

FAULTS = Faults(drop=0.02, duplicate=0.05, reorder=0.05, malformed=0.01)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the trial found. `latencies_ms` runs from publish to alert committed."""

    sent: int
    stored: int
    unacked: int
    stays: Verdict
    events_expected: int
    events_found: int
    alerts: int
    latencies_ms: list[float]

    @property
    def is_right(self) -> bool:
        """Every alert right, none missing, none too many, nothing unconfirmed."""
        expected = self.stays.expected + self.events_expected
        return (
            self.stays.is_right
            and self.unacked == 0
            and self.events_found == self.events_expected
            and self.alerts == expected
        )

    def line(self, name: str) -> str:
        """All figures in one line, under the name of what was run."""
        missed = len(self.stays.missed) + max(0, self.events_expected - self.events_found)
        spurious = len(self.stays.spurious) + max(0, self.events_found - self.events_expected)
        return (
            f"{name} {'passed' if self.is_right else 'FAILED'}: "
            f"pings sent {self.sent}, stored {self.stored}; "
            f"alerts expected {self.stays.expected + self.events_expected}, found {self.alerts}, "
            f"missed {missed}, spurious {spurious}, doubled {len(self.stays.doubled)}; "
            f"publish to alert committed p50 {percentile(self.latencies_ms, 0.5):.0f} ms, "
            f"p99 {percentile(self.latencies_ms, 0.99):.0f} ms"
        )


@dataclass(frozen=True, slots=True)
class Pace:
    """How a trial is played: run seconds a second, real seconds at most, resending after."""

    speedup: float
    deadline_s: float | None = None
    resend_after_s: float = 15.0


def run_trial(settings: Settings) -> Figures:
    """Play the demonstration's devices, faults included, against the running system.

    Args:
        settings: Where the running system is; its demonstration is loaded and its fleet off.
    """
    return play_and_compare(settings, _trackers(), Pace(SPEEDUP, DEADLINE_S, 3.0))


def play_and_compare(settings: Settings, trackers: Sequence[SimDevice], pace: Pace) -> Figures:
    """Let registered trackers send through the running system, and compare with the truth."""
    engine = make_engine(settings.engine_database_url.get_secret_value(), 2)
    published = Publishings()
    try:
        with AlertWatch(settings.engine_database_url.get_secret_value(), system_clock) as watch:
            streams = {device.device_uid: device.pings() for device in trackers}
            report = play(settings, streams, pace, published.note)
            # The last alerts are cleared by pings that were acknowledged a moment ago.
            threading.Event().wait(SETTLED_AFTER_S)
        return _figures(engine, trackers, report, watch, published)
    finally:
        engine.dispose()


def play(
    settings: Settings,
    streams: Mapping[str, Iterable[Ping]],
    pace: Pace,
    on_sent: Sent | None = None,
) -> Report:
    """Send these pings as the broker account `simulator`, with progress on the terminal."""
    secret = settings.simulator_password
    broker = Broker(
        settings.broker_host,
        settings.broker_port,
        "simulator",
        None if secret is None else secret.get_secret_value(),
        settings.broker_protocol,
    )
    options = Options(speedup=pace.speedup, resend_after_s=pace.resend_after_s)
    with Progress() as progress:
        return Fleet(streams, broker, options, on_sent).run(pace.deadline_s, progress.show)


def _trackers() -> list[SimDevice]:
    plan = devices(SEED, RATE_S, 0.0, TURNS)
    duration_s = max(device.duration_s() for device in plan)
    start_s = round(latest_start_s(system_clock().timestamp(), duration_s, SPEEDUP) - RATE_S)
    return [
        SimDevice(d.index, d.scenario, d.zone, SEED, RATE_S, start_s, TURNS, FAULTS) for d in plan
    ]


def _figures(
    engine: Engine,
    trackers: Sequence[SimDevice],
    report: Report,
    watch: AlertWatch,
    published: Publishings,
) -> Figures:
    true = [TrueStay(d.device_uid, stay) for d in trackers for stay in d.expected_stays()]
    events = sorted(
        round(event.at_s * 1000) for device in trackers for event in device.expected_events()
    )
    uids = [device.device_uid for device in trackers]
    since = from_us(int(min(device.start_at_s for device in trackers) * 1e6))
    run = {"uids": uids, "since": since}
    found_ms = _found_events_ms(engine, run)
    return Figures(
        sent=report.sent + report.resent,
        stored=_count(engine, _STORED, run),
        unacked=report.unacked,
        stays=compare(true, _found_stays(engine, run)),
        events_expected=len(events),
        events_found=len([at_ms for at_ms in found_ms if at_ms in events]),
        alerts=_count(engine, _ALERTS, run),
        latencies_ms=_latencies_ms(engine, run, watch, published),
    )


_WORN = (
    " JOIN device_assignment w ON w.supervisee_id = a.supervisee_id"
    " JOIN device d ON d.id = w.device_id AND d.uid = ANY(:uids) AND a.occurred_at >= :since"
)
_STORED = (
    "SELECT count(*) FROM position p JOIN device d ON d.id = p.device_id"
    " WHERE d.uid = ANY(:uids) AND p.fixed_at >= :since"
)
# An approach is told before the entry that it leads to, and is none of the scenario's answers.
_ALERTS = "SELECT count(*) FROM alert a" + _WORN + " AND a.kind <> 'zone_approach'"
_EVENTS = (
    "SELECT a.occurred_at FROM alert a"
    + _WORN
    + " AND a.kind NOT IN ('zone_entry', 'zone_approach')"
)
_FOUND = (
    "SELECT d.uid, extract(epoch FROM s.entered_at) AS entered_s,"
    " extract(epoch FROM s.left_at) AS left_s, a.grade"
    " FROM alert a JOIN zone_stay s ON s.id = (a.evidence ->> 'stay_id')::bigint"
    " AND s.ring = 'zone'"
    " JOIN zone z ON z.id = a.zone_id AND z.supervisee_id = a.supervisee_id" + _WORN
)


def _count(engine: Engine, sql: str, run: Run) -> int:
    with transaction(engine) as session:
        return int(session.execute(text(sql), run).scalar_one())


def _found_stays(engine: Engine, run: Run) -> list[FoundStay]:
    with transaction(engine) as session:
        return [
            FoundStay(
                row.uid,
                float(row.entered_s),
                None if row.left_s is None else float(row.left_s),
                row.grade,
            )
            for row in session.execute(text(_FOUND), run)
        ]


def _found_events_ms(engine: Engine, run: Run) -> list[int]:
    with transaction(engine) as session:
        return [round(to_us(row.occurred_at) / 1000) for row in session.execute(text(_EVENTS), run)]


_RAISED = (
    "SELECT e.agency_id, e.seq, d.uid, p.session, p.seq AS ping_seq"
    " FROM alert_event e JOIN alert a ON a.id = e.alert_id AND e.kind = 'raised'"
    " JOIN zone_stay s ON s.id = (a.evidence ->> 'stay_id')::bigint"
    " JOIN position p ON p.supervisee_id = s.supervisee_id AND p.fixed_at >= :since"
    " AND p.fixed_at BETWEEN s.entered_at AND s.last_seen_at"
    " JOIN device d ON d.id = p.device_id AND d.uid = ANY(:uids)"
)


def _latencies_ms(
    engine: Engine, run: Run, watch: AlertWatch, published: Publishings
) -> list[float]:
    """From the first sending of any ping of the stay to the moment its alert was committed."""
    pings: dict[tuple[int, int], list[PingKey]] = {}
    with transaction(engine) as session:
        for row in session.execute(text(_RAISED), run):
            key = (row.uid, row.session, row.ping_seq)
            pings.setdefault((row.agency_id, row.seq), []).append(key)
    waits = [
        watch.heard[line] - sent_at
        for line, keys in pings.items()
        if line in watch.heard and (sent_at := published.first_of(keys)) is not None
    ]
    return [wait / timedelta(milliseconds=1) for wait in waits]
