"""Every knob, with its unit and default; read once at the start, then frozen.

Each field is set by an environment variable of its name in capitals behind `SUPERVISION_`,
or by a file of that name in the folder that SUPERVISION_SECRETS_DIR gives.
"""

import os
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_GATEWAYS = ("sms_gateway_url", "voice_gateway_url")
_GATEWAY_NEEDS = ("gateway_account", "gateway_secret", "gateway_sender")


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
    metrics_token: SecretStr | None = Field(
        None, min_length=16, description="Whoever brings it may scrape /metrics; none: nobody"
    )
    link_key: SecretStr = Field(description="Signs the links by which people check in")
    dispatch_link_hours: int = Field(
        4, ge=1, le=24, description="A patrol's link to a dispatch packet ends after this"
    )
    video_room_url: str = Field(
        "https://meet.jit.si/{room}",
        pattern=r"^https?://[^\s{}]+\{room\}[^\s{}]*$",
        description="Where video check-ins take place; {room} is each one's own",
    )

    smtp_host: str | None = Field(None, description="Where e-mails go; none: log channel")
    smtp_port: int = 25
    smtp_sender: str = "supervision@localhost"
    sms_gateway_url: str | None = Field(
        None, pattern=r"^https?://", description="Where text messages go; none: nobody gets one"
    )
    voice_gateway_url: str | None = Field(
        None, pattern=r"^https?://", description="Who calls officers; none: nobody is called"
    )
    gateway_account: str | None = Field(None, description="Our name at the gateways")
    gateway_secret: SecretStr | None = Field(None, description="Our password there")
    gateway_sender: str | None = Field(None, description="Whom messages and calls come from")
    is_gateway_asked_for_receipts: bool = Field(
        default=False, description="Gateways say at public_url what became of each message"
    )
    is_private_webhook_allowed: bool = Field(
        default=False, description="Webhooks by http, and inside private networks too"
    )

    log_json: bool = Field(default=True, description="One JSON object a line, else plain text")

    @model_validator(mode="after")
    def _gateway_is_whole(self) -> Self:
        """A gateway without an account would refuse each message, and nobody would be told."""
        needed = {name: getattr(self, name) for name in _GATEWAY_NEEDS}
        missing = [name for name, value in needed.items() if value is None]
        for gateway in _GATEWAYS:
            if getattr(self, gateway) is not None and missing:
                message = f"{gateway} needs {', '.join(missing)}"
                raise ValueError(message)
        return self


def load_settings() -> Settings:
    """Read the environment; a missing or malformed value stops the process.

    Raises:
        pydantic.ValidationError: It names the fields, never their values.
    """
    secrets_dir = os.environ.get("SUPERVISION_SECRETS_DIR")
    return Settings(_secrets_dir=Path(secrets_dir) if secrets_dir else None)
