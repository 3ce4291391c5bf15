"""`supervision checkins preview`: what a plan would ask of somebody, before it is made."""

import json
from datetime import date, datetime, time
from typing import Annotated

import typer

from supervision.checkins.due import Recurring, due_times
from supervision.core.errors import Invalid
from supervision.core.recurrence import read_time_zone

app = typer.Typer(help="Check-ins, before they are planned.", no_args_is_help=True)


@app.callback()
def checkins() -> None:
    """Check-ins, before they are planned."""


@app.command("preview")
def preview(
    *,
    rrule: Annotated[str, typer.Option(help="RRULE without DTSTART: FREQ=WEEKLY;BYDAY=TU,FR")],
    at: Annotated[str, typer.Option(metavar="HH:MM", help="Local time of day")],
    tz: Annotated[str, typer.Option(metavar="ZONE", help="The person's: America/New_York")],
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="The rule's first date")],
    last: Annotated[str, typer.Option("--until", metavar="DATE", help="The last date, included")],
    as_json: Annotated[bool, typer.Option("--json", help="For programs")] = False,
) -> None:
    """List what would be due, once on each local date, by the person's clocks."""
    starts_on, ends_on = _date("--from", first), _date("--until", last)
    if ends_on < starts_on:
        raise Invalid("--until must not be before --from.")
    zone = read_time_zone(tz)
    dues = due_times(Recurring(rrule, starts_on, _time(at), zone), starts_on, ends_on)
    rows = [
        {
            "local_date": due.local_date.isoformat(),
            "due_at": due.due_at.isoformat(),
            "local": due.local(zone).isoformat(),
        }
        for due in dues
    ]
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
        return
    for due in dues:
        typer.echo(f"{due.local_date:%a %Y-%m-%d}  {due.local(zone):%H:%M %Z}  {due.due_at:%F %R}Z")
    typer.echo(f"{len(dues)} check-ins")


def _date(option: str, word: str) -> date:
    try:
        return datetime.strptime(word, "%Y-%m-%d").date()  # noqa: DTZ007 -- a date has no zone
    except ValueError as error:
        message = f"{option} must be a date, such as 2026-01-05."
        raise Invalid(message) from error


def _time(word: str) -> time:
    try:
        return datetime.strptime(word, "%H:%M").time()  # noqa: DTZ007 -- nor has a time of day
    except ValueError as error:
        raise Invalid("--at must be a time from 00:00 to 23:59.") from error
