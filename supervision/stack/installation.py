"""The private installation that `supervision run` keeps: its database, broker and settings."""

import os
import socket
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from supervision.core.errors import Unavailable
from supervision.core.settings import Settings, load_settings
from supervision.stack.folders import state_folder
from supervision.stack.mosquitto import PrivateMosquitto
from supervision.stack.postgres import PrivatePostgres
from supervision.stack.secrets import keep_key

DATABASE = "supervision"


class Installation:
    """A database cluster and a broker in one folder, and what processes need to find them."""

    def __init__(self, folder: Path, *, is_throwaway: bool = False) -> None:
        """Name the folder; nothing is touched before `start`."""
        self.folder = folder
        self.postgres = PrivatePostgres(folder / "postgres", is_throwaway=is_throwaway)
        self.broker = PrivateMosquitto(folder / "broker", is_demonstration=True)

    def start(self) -> None:
        """Start both servers, and make the database if it is new.

        Raises:
            Unavailable: One of them is not installed or gave up; its log says why.
        """
        self.postgres.start()
        self.postgres.create_database(DATABASE)
        self.broker.start()

    def stop(self) -> None:
        """Stop both servers; what they keep stays in the folder."""
        self.broker.stop()
        self.postgres.stop()

    def environment(self) -> dict[str, str]:
        """The settings as environment variables for a child process of ours alone."""
        urls = self.postgres.urls(DATABASE)
        return {
            "SUPERVISION_OWNER_DATABASE_URL": urls.owner_url,
            "SUPERVISION_ENGINE_DATABASE_URL": urls.engine_url,
            "SUPERVISION_WEB_DATABASE_URL": urls.web_url,
            "SUPERVISION_BROKER_HOST": self.broker.host,
            "SUPERVISION_BROKER_PORT": str(self.broker.port),
            "SUPERVISION_BROKER_USERNAME": "ingest",
            "SUPERVISION_BROKER_PASSWORD": self.broker.password("ingest"),
            "SUPERVISION_SIMULATOR_PASSWORD": self.broker.password("simulator"),
            "SUPERVISION_LINK_KEY": keep_key(self.folder / "link-key"),
        }

    def settings(self, **knobs: str) -> Settings:
        """The same settings for use in this process."""
        return settings_from(self.environment() | knobs)


def settings_from(environment: Mapping[str, str]) -> Settings:
    """Settings read from these variables on top of the process's own."""
    values = {
        name.removeprefix("SUPERVISION_").lower(): value
        for name, value in (dict(os.environ) | dict(environment)).items()
        if name.startswith("SUPERVISION_")
    }
    return Settings.model_validate(values)


def installation_settings() -> Settings:
    """The environment's settings, or those of the private installation where none are set.

    Raises:
        Unavailable: There is no such installation.
    """
    try:
        return load_settings()
    except ValidationError:
        return Installation(state_folder()).settings()


def free_port(wanted: int) -> int:
    """The wanted TCP port of this machine, or any free one where it is taken."""
    for port in (wanted, 0):
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(trial.getsockname()[1])
    message = "This machine has no free TCP port."
    raise Unavailable(message)
