"""`supervision alerts drill`: a test alert walks the ladder; who was reached, how and when."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from threading import Event
from typing import Annotated

import typer
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from alerts.catalogue import AlertKind
from alerts.drilling import DrillMessage, DrillReport, DrillStep, Outcome
from alerts.service import NewDrill, end_drill, read_drill, start_drill
from supervision.cli.processes import stop_on_signals
from supervision.core.clock import system_clock
from supervision.core.db import make_engine, transaction
from supervision.core.errors import Conflict, Invalid
from supervision.stack.installation import installation_settings
from supervision.web.api.drill_bodies import shown

LOOK_EVERY_S = 0.5
# After the last rung is due: some tries of a way that fails.
WAIT_S = 120
Id = typer.Option(min=1, max=2**63 - 1)


def drill(
    *,
    agency: Annotated[int | None, Id] = None,
    officer: Annotated[int | None, Id] = None,
    kind: Annotated[AlertKind, typer.Option(help="Whose ladder")] = AlertKind.ZONE_ENTRY,
    at_once: Annotated[bool, typer.Option("--at-once", help="Without the ladder's delays")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON")] = False,
) -> None:
    """Raise a marked test alert, wait while it walks the ladder, and report.

    It begins with --officer, or with whoever supervises people and was not drilled for the longest.
    Exit code 0: everybody was reached by every way; 1: not so. Ctrl-C ends the drill.
    """
    engine = make_engine(installation_settings().engine_database_url.get_secret_value(), 1)
    stop = stop_on_signals()
    try:
        with transaction(engine) as session:
            agency_id = _the_agency(session) if agency is None else agency
            new = NewDrill(kind, officer, at_once)
            drill_id = start_drill(session, agency_id, new, None, system_clock())
        report = _follow(engine, drill_id, stop, is_silent=as_json)
    finally:
        engine.dispose()
    typer.echo(shown(report).model_dump_json(indent=2) if as_json else _verdict(report))
    raise typer.Exit(0 if report.has_passed else 1)


def _the_agency(session: Session) -> int:
    ids = session.scalars(text("SELECT id FROM agency ORDER BY id LIMIT 2")).all()
    if len(ids) != 1:
        raise Invalid("Say which agency's ladder: --agency with its id.")
    only: int = ids[0]
    return only


def _follow(engine: Engine, drill_id: int, stop: Event, *, is_silent: bool) -> DrillReport:
    """Say what is settled as it comes, end the drill, and give what came of it."""
    said = set[str]()
    while True:
        with transaction(engine) as session:
            report = read_drill(session, drill_id)
        lines = [] if is_silent else [one for one in _lines(report) if one not in said]
        for line in lines:
            typer.echo(line)
        said.update(lines)
        if report.is_over:
            return report
        gives_up_at = max(step.due_at for step in report.steps) + timedelta(seconds=WAIT_S)
        if report.is_settled or stop.is_set() or system_clock() > gives_up_at:
            _end(engine, drill_id)
        else:
            stop.wait(LOOK_EVERY_S)


def _end(engine: Engine, drill_id: int) -> None:
    with suppress(Conflict), transaction(engine) as session:
        end_drill(session, None, drill_id, system_clock())


def _lines(report: DrillReport) -> Iterator[str]:
    """A line for each message that went out, failed for good or was cut short, and empty rungs."""
    delays = "at once" if report.is_at_once else "by its delays"
    yield (
        f"drill {report.id}: {report.kind.replace('_', ' ')} ({report.severity}), {delays},"
        f" beginning with {report.officer}"
    )
    for step, outcome in zip(report.steps, report.outcomes, strict=True):
        where = f"  {step.due_at:%T}Z  {step.post:<12}"
        if outcome in {Outcome.NOBODY, Outcome.NOT_TOLD}:
            yield f"{where}  {_EMPTY[outcome]}"
        for one in step.told:
            for message in one.messages:
                if message.sent_at is not None or message.state == "failed" or report.is_over:
                    yield f"{where}  {one.name:<24}  {message.means:<8}  {_came(step, message)}"


def _came(step: DrillStep, message: DrillMessage) -> str:
    if message.is_logged:
        return "TO THE LOG ONLY: no mail server is set"
    if message.sent_at is not None and message.has_gone:
        begun_at = max(step.due_at, message.due_at)
        return f"sent after {(message.sent_at - begun_at).total_seconds():.1f} s"
    if message.error is None:
        return "NOT SENT before the end: does delivery run?"
    return f"FAILED at attempt {message.attempts}: {message.error}"


def _verdict(report: DrillReport) -> str:
    if report.has_passed:
        return "everybody was reached, by every way"
    return "NOT everybody was reached, or not by every way"


_EMPTY = {
    Outcome.NOBODY: "nobody stands here",
    Outcome.NOT_TOLD: "NOT TOLD before the end: does the scheduler run?",
}
