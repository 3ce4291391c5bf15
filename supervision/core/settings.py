"""Every knob, with its unit and default; read once at the start, then frozen.

Each field is set by an environment variable of its name in capitals behind `SUPERVISION_`,
or by a file of that name in the folder that SUPERVISION_SECRETS_DIR gives.
"""

import os
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an installation can choose. No secret has a default."""

    model_config = SettingsConfigDict(
        env_prefix="SUPERVISION_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    owner_database_url: SecretStr = Field(description="Owns the schema; migrations only")
    engine_database_url: SecretStr = Field(description="Ingest, scheduler and delivery")
    web_database_url: SecretStr = Field(description="The API; row-level security applies")

    broker_host: str = "127.0.0.1"
    broker_port: int = 1883
    broker_username: str = "ingest"
    broker_password: SecretStr | None = None
    broker_client_id: str = "ingest-1"
    broker_protocol: str = Field("5", pattern=r"^(5|3\.1\.1)$")
    broker_window: int = Field(1000, description="Unacknowledged messages in flight, at most")

    simulator_password: SecretStr | None = Field(
        None, description="Of the broker account `simulator`; simulate, replay and bench only"
    )

    batch_max_messages: int = Field(500, description="Messages in one transaction, at most")
    batch_wait_ms: int = Field(20, description="How long a batch waits to fill")
    stall_after_s: float = Field(30.0, description="A part silent for longer is unwell")

    max_payload_bytes: int = Field(262_144, description="A larger message is rejected")
    max_fix_age_days: int = Field(400, description="An older fix is rejected")
    max_fix_ahead_s: float = Field(120.0, description="A fix further in the future is rejected")
    late_after_s: float = Field(300.0, description="A finding made this long after is marked late")
    coverage_grace_minutes: int = Field(
        15, ge=0, description="A clause without zone or waiver for as long is an alert"
    )

    web_host: str = "127.0.0.1"
    web_port: int = 8080
    session_idle_minutes: int = Field(30, description="A sign-in unused for longer ends")
    session_max_hours: int = Field(12, description="A sign-in ends after this in any case")
    is_cookie_secure: bool = Field(default=False, description="Cookies over HTTPS only")
    public_url: str = Field("http://127.0.0.1:8080", description="Where the web is reached")
    video_room_url: str = Field(
        "https://meet.jit.si/{room}", description="Where a video check-in is held; {room} its name"
    )
    link_key: SecretStr = Field(description="Signs the links by which people check in")

    smtp_host: str | None = Field(None, description="Where alert e-mails go; none: log channel")
    smtp_port: int = 25
    smtp_sender: str = "supervision@localhost"

    log_json: bool = Field(default=True, description="One JSON object a line, else plain text")


def load_settings() -> Settings:
    """Read the environment; a missing or malformed value stops the process.

    Raises:
        pydantic.ValidationError: It names the fields, never their values.
    """
    secrets_dir = os.environ.get("SUPERVISION_SECRETS_DIR")
    return Settings(_secrets_dir=Path(secrets_dir) if secrets_dir else None)
