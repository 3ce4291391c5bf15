"""`supervision zones preview`: what a zone would have done, before it is drawn."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from geofence.service import Rehearsal, ZoneKind, ZoneTerms
from supervision.bootstrap import build
from supervision.core.db import transaction
from supervision.core.errors import Invalid
from supervision.core.settings import load_settings
from supervision.corridor.previewing import Draft, find_person

app = typer.Typer(help="Zones, before they are drawn.", no_args_is_help=True)

MOST_ROWS = 20


@app.callback()
def zones() -> None:
    """Zones, before they are drawn."""


@app.command("preview")
def preview(
    *,
    person: Annotated[str, typer.Option(help="Case number, or id")],
    drawing: Annotated[Path, typer.Option(help="The zone as a GeoJSON file")],
    kind: Annotated[ZoneKind, typer.Option(help="Keep out, or keep in")] = ZoneKind.EXCLUSION,
    warning_m: Annotated[float, typer.Option(min=0, help="Width of the warning ring")] = 0.0,
    schedule: Annotated[Path | None, typer.Option(help="A schedule as a JSON file")] = None,
    days: Annotated[int, typer.Option(min=1, max=90, help="How far back to look")] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="All of it as JSON")] = False,
) -> None:
    """Replay a person's last days as if the zone had been armed at their beginning."""
    terms = ZoneTerms(kind, warning_m, None if schedule is None else _read(schedule))
    geojson = _read(drawing)
    runtime = build(load_settings())
    with transaction(runtime.engine) as session:
        draft = Draft(find_person(session, person), geojson, terms, days)
        found = runtime.monitor.preview_zone(session, draft)
    if as_json:
        typer.echo(json.dumps(_as_json(found), indent=2, default=str))
    else:
        _show(found)


def _read(file: Path) -> dict[str, Any]:
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"{file} cannot be read as JSON."
        raise Invalid(message) from error
    if not isinstance(data, dict):
        message = f"{file} holds no JSON object."
        raise Invalid(message)
    return data


def _as_json(found: Rehearsal) -> dict[str, Any]:
    return asdict(found) | {
        "alerts": found.alerts,
        "alerts_per_day": found.alerts_per_day,
        "stays_near_edge": found.stays_near_edge,
        "warnings": [one._asdict() for one in found.warnings],
    }


def _show(found: Rehearsal) -> None:
    console = Console()
    console.print(
        f"{found.fixes.replayed} fixes from {found.begins_at:%Y-%m-%d %H:%M} to"
        f" {found.ends_at:%Y-%m-%d %H:%M} UTC, usual accuracy {found.fixes.usual_accuracy_m:.0f} m"
    )
    console.print(
        f"{found.alerts} alerts ({found.alerts_per_day:.2f} a day): {len(found.stays)} stays,"
        f" {found.stays_near_edge} of them near the edge; {len(found.approaches)} approaches"
    )
    console.print(
        f"{found.fixes.near_edge} fixes near the edge; {found.silences} silences in reach,"
        f" {found.silent_s / 3600:.1f} h"
    )
    if found.stays:
        console.print(_table(found))
    for warning in found.warnings:
        console.print(f"warning ({warning.code}): {warning.sentence}")


def _table(found: Rehearsal) -> Table:
    """The first stays; the rest are counted above."""
    table = Table("entered (UTC)", "minutes", "grade", "by", "deepest", "accuracy")
    for stay in found.stays[:MOST_ROWS]:
        table.add_row(
            f"{stay.entered_at:%Y-%m-%d %H:%M:%S}",
            f"{stay.duration_s / 60:.0f}",
            str(stay.grade),
            str(stay.by),
            f"{stay.deepest_m:.0f} m",
            f"{stay.accuracy_m:.0f} m",
        )
    return table
