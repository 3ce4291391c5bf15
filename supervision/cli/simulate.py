"""Simulated trackers and recorded tracks, sent to the system as devices would."""

from pathlib import Path
from typing import Annotated

import typer

from ingest.simulator.devices import SimDevice, latest_start_s
from ingest.simulator.faults import Faults, parse_faults
from ingest.simulator.flags import parse_rate, parse_speedup
from ingest.simulator.fleet import Report
from ingest.simulator.pings import Writer
from ingest.simulator.progress import line
from ingest.simulator.replay import read_track, shift_to, to_pings
from ingest.simulator.scenarios import SCENARIO_NAMES
from supervision.core.clock import system_clock
from supervision.core.db import make_engine
from supervision.core.errors import Invalid
from supervision.core.fixes import EventKind
from supervision.core.settings import Settings
from supervision.demo.fleet import FIRST_INDEX, enrol_fleet, fleet_zone
from supervision.demo.trial import Pace, play, play_and_compare
from supervision.stack.installation import installation_settings

CONFIRMED_WITHIN_S = 10.0

ShareFlag = Annotated[str | None, typer.Option(help="Share of pings, such as 2%")]


def simulate(  # noqa: PLR0913, PLR0917 -- one parameter is one flag of the command
    devices: Annotated[int, typer.Option(min=1, max=100_000, help="How many trackers")] = 10,
    rate: Annotated[str, typer.Option(help="Fixes of each, such as 1/min or 1/15s")] = "1/min",
    scenario: Annotated[str, typer.Option(help=", ".join(SCENARIO_NAMES))] = "mixed",
    seed: Annotated[int, typer.Option(help="The same seed gives the same pings")] = 1,
    speedup: Annotated[str, typer.Option(help="Such as 60x, or max for flat out")] = "1x",
    turns: Annotated[int, typer.Option(min=1, help="How often the scenario is played")] = 1,
    drop: ShareFlag = None,
    duplicate: ShareFlag = None,
    reorder: ShareFlag = None,
    malformed: ShareFlag = None,
    delay: Annotated[str | None, typer.Option(help="30s, or lognormal(2s,30s)")] = None,
    drift: Annotated[str | None, typer.Option(help="Metres, such as 8m")] = None,
    disconnect: Annotated[str | None, typer.Option(help="Away per every, 10m/1h")] = None,
    *,
    verify: Annotated[
        bool, typer.Option("--verify", help="Compare the alerts with the truth; exit 1 if wrong")
    ] = False,
) -> None:
    """Let simulated trackers send to the running system; those not registered are enrolled."""
    flags = {
        "drop": drop,
        "duplicate": duplicate,
        "reorder": reorder,
        "malformed": malformed,
        "delay": delay,
        "drift": drift,
        "disconnect": disconnect,
    }
    try:
        rate_s, pace = parse_rate(rate), Pace(parse_speedup(speedup))
        faults = parse_faults(flags)
    except ValueError as error:
        raise Invalid(str(error)) from error
    settings = installation_settings()
    trackers = _trackers(devices, scenario, seed, rate_s, turns, faults, pace)
    _enrol(settings, devices)
    if not verify:
        streams = {tracker.device_uid: tracker.pings() for tracker in trackers}
        _end(play(settings, streams, pace))
        return
    figures = play_and_compare(settings, trackers, pace)
    typer.echo(figures.line("verify"))
    if not figures.is_right:
        raise typer.Exit(1)


def replay(
    file: Annotated[Path, typer.Argument(help="GPX, or CSV with one fix a row")],
    device: Annotated[str | None, typer.Option(help="Who sends; default: the track's name")] = None,
    speedup: Annotated[str, typer.Option(help="Such as 60x, or max for flat out")] = "1x",
    shift_to_: Annotated[
        str | None, typer.Option("--shift-to", help="`now`: move the last fix to the present")
    ] = None,
) -> None:
    """Send a recorded track as its device would; the device must be registered."""
    if shift_to_ not in (None, "now"):
        message = "A recording can be shifted to `now` only."
        raise Invalid(message)
    if not file.is_file():
        message = f"There is no file {file.name}."
        raise Invalid(message)
    try:
        pace = Pace(parse_speedup(speedup))
    except ValueError as error:
        raise Invalid(str(error)) from error
    tracks = read_track(file)
    now_s = system_clock().timestamp()
    if shift_to_ == "now":
        tracks = shift_to(tracks, now_s)
    if device is not None and len(tracks) > 1:
        message = f"The recording holds {len(tracks)} tracks; leave out --device."
        raise Invalid(message)
    session = f"replay-{round(now_s)}"
    streams = {device or track.name: to_pings(track, session, device) for track in tracks}
    _end(play(installation_settings(), streams, pace))


def press(
    device: Annotated[str, typer.Argument(help="Whose button; the device must be registered")],
    lon: Annotated[float | None, typer.Option(min=-180, max=180, help="Degrees east")] = None,
    lat: Annotated[float | None, typer.Option(min=-90, max=90, help="Degrees north")] = None,
    accuracy_m: Annotated[float | None, typer.Option("--accuracy", min=0, help="Metres")] = None,
) -> None:
    """Press a device's button now, as its bearer would; exit 1 if nobody confirms it in 10 s."""
    if (lon is None) != (lat is None):
        message = "A place is both --lon and --lat."
        raise Invalid(message)
    now_s = system_clock().timestamp()
    place = {"lon": lon, "lat": lat, "accuracy_m": accuracy_m}
    ping = Writer(device, f"press-{now_s:.3f}").event(0.0, EventKind.BUTTON, now_s, place)
    _end(play(installation_settings(), {device: [ping]}, Pace(1.0, CONFIRMED_WITHIN_S)))


def _trackers(
    count: int,
    scenario: str,
    seed: int,
    rate_s: float,
    turns: int,
    faults: Faults,
    pace: Pace,
) -> list[SimDevice]:
    indices = range(FIRST_INDEX, FIRST_INDEX + count)

    def planned(start_s: float) -> list[SimDevice]:
        return [
            SimDevice(index, scenario, fleet_zone(index), seed, rate_s, start_s, turns, faults)
            for index in indices
        ]

    duration_s = max(tracker.duration_s() for tracker in planned(0.0))
    return planned(round(latest_start_s(system_clock().timestamp(), duration_s, pace.speedup)))


def _enrol(settings: Settings, count: int) -> None:
    engine = make_engine(settings.engine_database_url.get_secret_value(), 1)
    try:
        enrol_fleet(engine, system_clock, range(FIRST_INDEX, FIRST_INDEX + count))
    finally:
        engine.dispose()


def _end(report: Report) -> None:
    typer.echo(line(report))
    if not report.is_complete:
        raise typer.Exit(1)
