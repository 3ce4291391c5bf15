"""Setting an installation up: its schema and its secrets."""

from pathlib import Path
from typing import Annotated

import typer

from supervision.core import db
from supervision.core.settings import load_settings
from supervision.stack.secrets import make_secrets


def migrate() -> None:
    """Bring the database's schema up to date; safe to run at every start."""
    db.migrate(load_settings().owner_database_url.get_secret_value())


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
