"""Accounts on the private broker: one for each device, under the device's own name."""

from typing import Annotated

import typer

from supervision.core.errors import Unavailable
from supervision.stack.folders import state_folder
from supervision.stack.mosquitto import PrivateMosquitto

app = typer.Typer(help="Accounts on the private broker.", no_args_is_help=True)


@app.callback()
def accounts() -> None:
    """Accounts on the private broker."""


@app.command("add-device")
def add_device(
    device_uid: Annotated[str, typer.Argument(help="The device's registered name")],
) -> None:
    """Give a device its account and print its password, once.

    It may write and read its own topics only. A phone with OwnTracks is named `user/phone` in
    the register and signs in to the broker as `user`.
    """
    folder = state_folder() / "broker"
    if not folder.is_dir():
        message = "There is no private broker yet; start the system first."
        raise Unavailable(message)
    password = PrivateMosquitto(folder).add_user(device_uid.split("/")[0])
    typer.echo(password)
