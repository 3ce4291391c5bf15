"""Puts the commands together; each is imported when it is asked for.

All of them, the web application above all, take three times as long to import as a worker alone,
and a worker that was killed is to be back soon.
"""

from importlib import import_module
from typing import cast

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

# What each command is, in the order in which the help lists them.
_PLACES = {
    "run": "run.run",
    "api": "serving.api",
    "ingest": "processes.ingest",
    "scheduler": "processes.scheduler",
    "deliver": "processes.deliver",
    "migrate": "schema.migrate",
    "secrets": "schema.secrets",
    "asyncapi": "schema.asyncapi",
    "seed": "demo.seed",
    "demo-fleet": "demo.fleet",
    "simulate": "simulate.simulate",
    "replay": "simulate.replay",
    "press": "simulate.press",
    "bench": "bench.bench",
    "bench-ingest": "bench.bench_ingest",
    "geofence-eval": "evaluate.geofence_eval",
    "doctor": "doctor.doctor",
    "alerts": "alerts.app",
    "broker": "broker.app",
    "checkins": "checkins.app",
    "zones": "zones.app",
}
_HIDDEN = {"demo-fleet", "bench-ingest"}


class _Commands(TyperGroup):
    def list_commands(self, _context: object) -> list[str]:
        return list(_PLACES)

    def get_command(self, _context: object, name: str) -> TyperCommand | TyperGroup | None:
        return _load(name) if name in _PLACES else None


def _load(name: str) -> TyperCommand | TyperGroup:
    module, _, what = _PLACES[name].partition(".")
    found = getattr(import_module(f"supervision.cli.{module}"), what)
    if isinstance(found, typer.Typer):
        return get_group(found)
    alone = typer.Typer(add_completion=False)
    alone.command(name, hidden=name in _HIDDEN)(found)
    return cast(TyperCommand, get_command(alone))


app = typer.Typer(
    name="supervision",
    cls=_Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def supervision() -> None:
    """Remote supervision: trackers' pings in over MQTT, alerts on an officer's screen."""
