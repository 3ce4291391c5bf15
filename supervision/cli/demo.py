"""The demonstration's data and its fleet of trackers."""

import secrets
from pathlib import Path
from typing import Annotated

import typer

from supervision.bootstrap import build
from supervision.core.clock import system_clock
from supervision.core.settings import load_settings
from supervision.demo.live import live_streams
from supervision.demo.seeding import is_seeded
from supervision.demo.seeding import seed as write_demo
from supervision.demo.trial import Pace, play

PASSWORD_BYTES = 9


def seed(
    password_file: Annotated[
        Path, typer.Option(help="Holds the demonstration's password; made if absent")
    ],
) -> None:
    """Load the demonstration: an agency, officers, supervisees, orders, zones and devices.

    Does nothing where it is loaded already.
    """
    runtime = build(load_settings())
    if is_seeded(runtime.engine):
        typer.echo("The demonstration is loaded already.", err=True)
        return
    write_demo(runtime.engine, runtime.monitor, demo_password(password_file))


def fleet(seed_number: Annotated[int, typer.Option("--seed")] = 1) -> None:
    """Let the demonstration's trackers send, in real time, until told to stop."""
    streams = live_streams(seed_number, system_clock().timestamp())
    play(load_settings(), streams, Pace(speedup=1.0))


def demo_password(file: Path) -> str:
    """The demonstration's password: random, made once, readable by its owner only."""
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(PASSWORD_BYTES), encoding="utf-8")
    return file.read_text(encoding="utf-8").strip()
