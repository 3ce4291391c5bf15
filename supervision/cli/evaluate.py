"""Holds the engine against recorded tracks whose true stays are known."""

import json
from pathlib import Path
from typing import Annotated

import typer

from supervision.demo.evaluation import evaluate


def geofence_eval(
    prefix: Annotated[str, typer.Argument(help="Of PREFIX.tracks.jsonl.gz, PREFIX.cases.jsonl.gz")],
    out: Annotated[Path, typer.Argument(help="Where to write one line a case")],
    *,
    alerts_only: Annotated[
        bool, typer.Option(help="Only the fixes with which an officer is told, once a stay")
    ] = False,
) -> None:
    """Judge recorded tracks with the engine's own rules; a scorer compares with the truth."""
    count = 0
    with out.open("w") as lines:
        for verdict in evaluate(prefix, alerts_only=alerts_only):
            lines.write(json.dumps(verdict, separators=(",", ":")) + "\n")
            count += 1
    typer.echo(f"{count} cases judged")
