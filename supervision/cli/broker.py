"""Accounts on the private broker: of devices, under their own names, and of officers' apps."""

from typing import Annotated

import typer
from sqlalchemy import text

from supervision.core.db import make_engine, transaction
from supervision.core.errors import Invalid, Unavailable
from supervision.core.officer_apps import TOPIC
from supervision.stack.folders import state_folder
from supervision.stack.installation import installation_settings
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
    typer.echo(_broker().add_user(device_uid.split("/")[0]))


@app.command("add-officer")
def add_officer(
    email: Annotated[str, typer.Argument(help="The address that the officer signs in with")],
) -> None:
    """Give an officer's app its account and print account, password and topic, once.

    It may read the alerts for this officer and nothing else. The officer chooses the app on the
    page "Messages".
    """
    broker = _broker()
    account, password = broker.add_app(_officer_id(email))
    typer.echo(
        f"account   {account}\npassword  {password}\ntopic     {TOPIC.format(account=account)}"
    )


@app.command("remove")
def remove(
    account: Annotated[str, typer.Argument(help="A device's name, or the account of an app")],
) -> None:
    """Let a lost device or app sign in no more; a line that it has open is cut."""
    _broker().remove_user(account)


def _broker() -> PrivateMosquitto:
    folder = state_folder() / "broker"
    if not folder.is_dir():
        message = "There is no private broker yet; start the system first."
        raise Unavailable(message)
    return PrivateMosquitto(folder)


def _officer_id(email: str) -> int:
    engine = make_engine(installation_settings().engine_database_url.get_secret_value(), 1)
    try:
        with transaction(engine) as session:
            found: int | None = session.execute(
                text("SELECT id FROM officer WHERE email = lower(:email) AND is_active"),
                {"email": email},
            ).scalar_one_or_none()
    finally:
        engine.dispose()
    if found is None:
        raise Invalid("No officer signs in with this address.")
    return found
