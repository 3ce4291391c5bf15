"""Setting an installation up: its schema, its secrets, and what its devices may say."""

import json
from pathlib import Path
from typing import Annotated

import typer

from ingest.payload import contract
from supervision.core import db
from supervision.core.settings import load_settings
from supervision.stack.secrets import make_secrets


def migrate() -> None:
    """Bring the database's schema up to date; safe to run at every start."""
    db.migrate(load_settings().owner_database_url.get_secret_value())


def asyncapi() -> None:
    """Print the MQTT contract as an AsyncAPI document; docs/asyncapi.json is this."""
    typer.echo(json.dumps(contract.asyncapi(), indent=2))


def secrets(
    folder: Annotated[Path, typer.Argument(help="Where to write them")],
    *,
    demonstration: Annotated[
        bool,
        typer.Option(
            envvar="SUPERVISION_DEMONSTRATION", help="With an account for simulated trackers"
        ),
    ] = False,
) -> None:
    """Write random passwords into a folder, once; what is there is left alone."""
    make_secrets(folder, is_demonstration=demonstration)
