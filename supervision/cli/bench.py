"""`supervision bench`: how fast this machine takes in, stores, judges and alerts."""

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import create_engine, text

from ingest.worker import Handler
from supervision.bootstrap import build, build_feed, build_worker
from supervision.cli.processes import stop_on_signals
from supervision.core.clock import system_clock
from supervision.core.db import make_engine, migrate
from supervision.core.logs import configure_logs
from supervision.core.settings import load_settings
from supervision.demo.bare import TABLE, BareHandler, UnjudgedMonitor
from supervision.demo.bench import Fleet, Load, Rates, measure_delays, report
from supervision.demo.fleet import enrol_fleet, share_zones
from supervision.stack.folders import state_folder
from supervision.stack.installation import Installation
from supervision.stack.processes import Part, ProcessSupervisor

ZONES_EACH = 3
SHARED_ZONES = 3_000


def bench(
    *,
    devices: Annotated[int, typer.Option(min=100, help="Registered trackers")] = 50_000,
    seconds: Annotated[float, typer.Option(help="Seconds of each load")] = 20.0,
    rate: Annotated[float, typer.Option(help="Steady pings a second for the delays")] = 2000.0,
    as_json: Annotated[bool, typer.Option("--json", help="Figures as JSON")] = False,
) -> None:
    """Measure ingest beside the bare pipeline, and the delays to commit and alert."""
    folder = state_folder() / "bench"
    shutil.rmtree(folder, ignore_errors=True)
    installation = Installation(folder)
    try:
        installation.start()
        figures = _measure(installation, devices, seconds, rate)
    finally:
        installation.stop()
    shutil.rmtree(folder, ignore_errors=True)
    if as_json:
        typer.echo(json.dumps(figures))
    else:
        for name, value in figures.items():
            typer.echo(f"{name:20} {value}")


def bench_ingest(
    *, unjudged: Annotated[bool, typer.Option(help="Whole, but for the engine")] = False
) -> None:
    """The process of a pipeline to compare with, for `bench` alone."""
    settings = load_settings()
    configure_logs(as_json=True)
    stop = stop_on_signals()
    runtime = build(settings)
    feed = build_feed(settings, runtime.clock)
    handler: Handler = BareHandler(runtime.engine)
    if unjudged:
        late_after = timedelta(seconds=settings.late_after_s)
        handler = UnjudgedMonitor(runtime.engine, runtime.clock, late_after).on_messages
    worker = build_worker(settings, feed, handler)
    feed.start()
    try:
        worker.run(stop, lambda: None)
    finally:
        feed.stop()


def _measure(
    installation: Installation, devices: int, seconds_s: float, rate_per_s: float
) -> dict[str, object]:
    settings = installation.settings()
    owner_url = settings.owner_database_url.get_secret_value()
    migrate(owner_url)
    _make_bare_table(owner_url)
    engine = make_engine(settings.engine_database_url.get_secret_value(), 2)
    sys.stderr.write(
        f"registering {devices} trackers with {ZONES_EACH} zones each and {SHARED_ZONES} shared\n"
    )
    enrol_fleet(engine, system_clock, range(devices), ZONES_EACH)
    share_zones(engine, system_clock, SHARED_ZONES)
    build(settings).monitor.make_partitions()
    with _process(installation, "bench-ingest"), Load(settings, devices, 1, "bare") as load:
        sys.stderr.write("bare pipeline\n")
        bare = load.saturate(seconds_s)
    blind = _process(installation, "bench-ingest", "--unjudged")
    with blind, Load(settings, devices, 3, "unjudged") as load:
        sys.stderr.write("whole pipeline without the engine\n")
        unjudged = load.saturate(seconds_s)
    with _process(installation, "ingest") as pid, Load(settings, devices, 2, "full") as load:
        sys.stderr.write("whole pipeline\n")
        full = load.saturate(seconds_s)
        sys.stderr.write(f"delays at {rate_per_s:.0f} pings/s\n")
        delays = measure_delays(settings, engine, load, rate_per_s, seconds_s, pid)
    engine.dispose()
    rates = Rates(bare, unjudged, full)
    return report(rates, delays, Fleet(devices, ZONES_EACH, SHARED_ZONES))


@contextmanager
def _process(installation: Installation, command: str, *options: str) -> Iterator[int]:
    program = str(Path(sys.executable).with_name("supervision"))
    # One name for both: the broker keeps dealing messages to a name that has left (ADR-0005).
    environment = installation.environment() | {"SUPERVISION_BROKER_CLIENT_ID": "bench"}
    with ProcessSupervisor(installation.folder / "logs") as supervisor:
        supervisor.start(Part(command, [program, command, *options], environment))
        yield supervisor.pid(command)


def _make_bare_table(owner_url: str) -> None:
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.execute(text(TABLE))
    engine.dispose()
