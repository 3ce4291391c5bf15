"""`supervision alerts`: `tail` shows them as they come, without names; `drill` tests ladders."""

import json
import re
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Annotated

import typer
from sqlalchemy import Engine

from alerts.following import Place, Step, find_place, read_on
from supervision.cli import drill
from supervision.cli.processes import stop_on_signals
from supervision.core.clock import Clock, system_clock
from supervision.core.db import make_engine, transaction
from supervision.core.errors import Invalid, Unavailable
from supervision.stack.installation import installation_settings

app = typer.Typer(help="Alerts as they come, and drills.", no_args_is_help=True)

LOOK_EVERY_S = 0.5
_SPAN = re.compile(r"(\d{1,6})(s|min|h|d)")
_UNIT_S = {"s": 1, "min": 60, "h": 3_600, "d": 86_400}


@app.callback()
def alerts() -> None:
    """Alerts as they come, and drills."""


app.command("drill")(drill.drill)


@app.command("tail")
def tail(
    *,
    agency: Annotated[int | None, typer.Option(min=1, max=2**63 - 1, help="One agency's")] = None,
    since: Annotated[
        str | None, typer.Option(help="Begin with those since then: 2h, or 2026-01-05T08:00Z")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object a line")] = False,
) -> None:
    """Follow alerts: a line for each that is raised or handled, until Ctrl-C.

    A database that goes away is waited for; nothing is missed meanwhile.
    """
    begins_at = None if since is None else _instant(since, system_clock)
    engine = make_engine(installation_settings().engine_database_url.get_secret_value(), 1)
    stop = stop_on_signals()
    try:
        with transaction(engine) as session:
            place = find_place(session, agency, begins_at)
        _Following(engine, agency, place, as_json=as_json).run(stop)
    finally:
        engine.dispose()


class _Following:
    """Says what is new, again and again, from where it was."""

    def __init__(
        self, engine: Engine, agency_id: int | None, place: Place, *, as_json: bool
    ) -> None:
        self._engine = engine
        self._agency_id = agency_id
        self._place = place
        self._line = _as_json if as_json else _as_words
        self._is_cut_off = False

    def run(self, stop: Event) -> None:
        """Until told to stop, between two lines."""
        while not stop.is_set():
            try:
                has_more = self._say_next()
            except Unavailable:
                self._note(is_cut_off=True)
                has_more = False
            if not has_more:
                stop.wait(LOOK_EVERY_S)

    def _say_next(self) -> bool:
        """Say the next stretch; whether there may be more."""
        with transaction(self._engine) as session:
            steps, place = read_on(session, self._agency_id, self._place)
        self._note(is_cut_off=False)
        for step in steps:
            typer.echo(self._line(step))
        has_moved = place != self._place
        self._place = place
        return has_moved

    def _note(self, *, is_cut_off: bool) -> None:
        if is_cut_off and not self._is_cut_off:
            typer.echo("supervision: the database is out of reach; waiting for it", err=True)
        if self._is_cut_off and not is_cut_off:
            typer.echo("supervision: the database is back", err=True)
        self._is_cut_off = is_cut_off


def _as_words(step: Step) -> str:
    kind = step.kind.replace("_", " ")
    handling = step.handling.replace("_", " ")
    drill = "  (drill)" if step.is_drill else ""
    return (
        f"{step.at:%F %T}Z  {step.severity:<8}  {kind:<17}  {step.alert_id:<8}  {handling}{drill}"
    )


def _as_json(step: Step) -> str:
    return json.dumps(asdict(step) | {"at": step.at.isoformat()})


def _instant(word: str, clock: Clock) -> datetime:
    """An instant with its offset, or so long ago."""
    try:
        return _read(word, clock())
    except (ValueError, OverflowError) as error:
        message = "--since must be a span (90s, 15min, 2h, 3d) or a time with its offset."
        raise Invalid(message) from error


def _read(word: str, now: datetime) -> datetime:
    span = _SPAN.fullmatch(word)
    if span is not None:
        return now - timedelta(seconds=int(span[1]) * _UNIT_S[span[2]])
    instant = datetime.fromisoformat(word)
    if instant.tzinfo is None:
        raise ValueError(word)
    return instant.astimezone(UTC)
