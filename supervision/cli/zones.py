"""`supervision zones preview`: what a zone would have done, before it is drawn."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from geofence.service import ZoneKind, ZoneTerms
from supervision.bootstrap import build
from supervision.cli.rehearsal_tables import show
from supervision.core.db import transaction
from supervision.core.errors import Invalid
from supervision.corridor.previewing import LONGEST_DAYS, Draft, find_person
from supervision.stack.installation import installation_settings
from supervision.web.api.zone_preview import ZonePreview

app = typer.Typer(help="Zones, before they are drawn.", no_args_is_help=True)


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
    days: Annotated[int, typer.Option(min=1, max=LONGEST_DAYS, help="How far back to look")] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="All of it, as the API gives it")] = False,
) -> None:
    """Replay a person's last days as if the zone had been armed at their beginning.

    Nothing is drawn; the look is on the audit trail, by the system.
    """
    terms = ZoneTerms(kind, warning_m, None if schedule is None else _read(schedule))
    geojson = _read(drawing)
    runtime = build(installation_settings())
    try:
        with transaction(runtime.engine) as session:
            draft = Draft(find_person(session, person), geojson, terms, days)
            found = runtime.monitor.preview_zone(session, None, draft)
    finally:
        runtime.engine.dispose()
    if as_json:
        typer.echo(ZonePreview.model_validate(found).model_dump_json(indent=2))
    else:
        show(found)


def _read(file: Path) -> dict[str, Any]:
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        message = f"There is no file {file.name}."
        raise Invalid(message) from error
    except (OSError, ValueError, RecursionError) as error:
        message = f"{file.name} cannot be read as JSON."
        raise Invalid(message) from error
    if not isinstance(data, dict):
        message = f"{file.name} holds no JSON object."
        raise Invalid(message)
    return data
