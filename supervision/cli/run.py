"""`supervision run`: the whole system on this machine, started and stopped by one command."""

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from supervision.bootstrap import build
from supervision.cli.demo import demo_password
from supervision.cli.showing import Showing, wait_until_up
from supervision.core.db import migrate
from supervision.demo.plan import OFFICERS
from supervision.demo.seeding import is_seeded, seed
from supervision.demo.trial import run_trial
from supervision.stack.folders import claimed, state_folder
from supervision.stack.installation import Installation, free_port, settings_from
from supervision.stack.processes import Part, ProcessSupervisor

INGEST_PROCESSES = 2
WEB_PORT = 8080
INGEST_NAMES = tuple(f"ingest-{number}" for number in range(1, INGEST_PROCESSES + 1))
HEARD = {*INGEST_NAMES, "scheduler", "deliver"}


def run(
    *,
    reset: Annotated[bool, typer.Option("--reset", help="Forget all data and begin anew")] = False,
    self_test: Annotated[
        bool, typer.Option("--self-test", help="Play a known scenario, compare every alert, exit")
    ] = False,
    fleet: Annotated[bool, typer.Option(help="Let simulated trackers move")] = True,
    web_port: Annotated[int, typer.Option(help="Where the console listens")] = WEB_PORT,
) -> None:
    """Start database, broker, migrations, demonstration and all processes; Ctrl-C ends them."""
    folder = state_folder()
    if self_test:
        _self_test(folder / "self-test")
        return
    installation = Installation(folder)
    with claimed(folder):
        if reset:
            _forget(installation)
        try:
            _run(installation, free_port(web_port), with_fleet=fleet)
        finally:
            installation.stop()


def _run(installation: Installation, web_port: int, *, with_fleet: bool) -> None:
    _say("starting database and broker")
    installation.start()
    password = _prepare(installation)
    environment = installation.environment() | {
        "SUPERVISION_WEB_PORT": str(web_port),
        "SUPERVISION_PUBLIC_URL": f"http://127.0.0.1:{web_port}",
    }
    with ProcessSupervisor(installation.folder / "logs") as supervisor:
        for part in parts(environment, with_fleet=with_fleet):
            supervisor.start(part)
        settings = settings_from(environment)
        wait_until_up(settings, HEARD)
        with Showing(settings, _say):
            _say(f"console   http://127.0.0.1:{web_port}")
            for officer in OFFICERS:
                _say(f"sign in   {officer.email}  {password}  ({officer.role})")
            _say("Ctrl-C stops everything")
            supervisor.wait()
    _say("stopped")


def _prepare(installation: Installation) -> str:
    settings = installation.settings()
    _say("migrating")
    migrate(settings.owner_database_url.get_secret_value())
    password = demo_password(installation.folder / "demo-password")
    runtime = build(settings)
    if not is_seeded(runtime.engine):
        _say("loading the demonstration")
        seed(runtime.engine, runtime.monitor, password)
    runtime.engine.dispose()
    return password


def parts(environment: dict[str, str], *, with_fleet: bool) -> list[Part]:
    """The processes of a running system, in the order they start."""
    program = str(Path(sys.executable).with_name("supervision"))
    ingest = [
        Part(name, [program, "ingest"], environment | {"SUPERVISION_BROKER_CLIENT_ID": name})
        for name in INGEST_NAMES
    ]
    others = [Part(name, [program, name], environment) for name in ("scheduler", "deliver", "api")]
    devices = [Part("fleet", [program, "demo-fleet"], environment)] if with_fleet else []
    return [*ingest, *others, *devices]


def _forget(installation: Installation) -> None:
    installation.stop()
    for name in ("postgres", "broker", "logs", "demo-password"):
        path = installation.folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _self_test(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    installation = Installation(folder, is_throwaway=True)
    try:
        _say("starting database and broker")
        installation.start()
        _prepare(installation)
        environment = installation.environment() | {
            "SUPERVISION_WEB_PORT": str(free_port(WEB_PORT))
        }
        with ProcessSupervisor(folder / "logs") as supervisor:
            for part in parts(environment, with_fleet=False):
                supervisor.start(part)
            settings = settings_from(environment)
            wait_until_up(settings, HEARD)
            figures = run_trial(settings)
    finally:
        installation.stop()
    typer.echo(figures.line("self-test"))
    if not figures.is_right:
        raise typer.Exit(1)


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
