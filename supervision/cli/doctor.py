"""Checks every part, and says in one line each what is wrong and what to do about it."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import typer
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

import supervision.web
from ingest.broker_check import check_broker
from supervision.bootstrap import broker_address
from supervision.core import audit
from supervision.core.clock import system_clock
from supervision.core.db import make_engine, transaction
from supervision.core.errors import Broken, SupervisionError
from supervision.core.health import heartbeats
from supervision.core.settings import Settings
from supervision.stack.installation import installation_settings

CLOCK_SKEW_MOST = timedelta(seconds=2)
ASSETS = ("htmx/htmx.min.js", "leaflet/leaflet.js", "leaflet/leaflet.css")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: fine, or what is wrong."""

    part: str
    is_fine: bool
    line: str


def doctor() -> None:
    """Check the database, schema, roles, broker, processes, clock, audit trail and assets."""
    settings = installation_settings()
    findings = [_run(part, check, settings) for part, check in CHECKS.items()]
    for finding in findings:
        typer.echo(f"{'ok  ' if finding.is_fine else 'FAIL'}  {finding.part}: {finding.line}")
    if not all(finding.is_fine for finding in findings):
        raise typer.Exit(1)


def _run(part: str, check: Callable[[Settings], str], settings: Settings) -> Finding:
    try:
        return Finding(part, is_fine=True, line=check(settings))
    except SupervisionError as error:
        return Finding(part, is_fine=False, line=error.message)
    except SQLAlchemyError as error:
        return Finding(part, is_fine=False, line=f"The database refused ({type(error).__name__}).")


@contextmanager
def _asking(url: str) -> Generator[Session]:
    engine = make_engine(url, 1)
    try:
        with transaction(engine) as session:
            yield session
    finally:
        engine.dispose()


def _scalar(url: str, sql: str) -> str:
    with _asking(url) as session:
        return str(session.execute(text(sql)).scalar_one())


def _engine_url(settings: Settings) -> str:
    return settings.engine_database_url.get_secret_value()


def _postgis(settings: Settings) -> str:
    return "PostGIS " + _scalar(_engine_url(settings), "SELECT postgis_lib_version()")


def _schema(settings: Settings) -> str:
    owner_url = settings.owner_database_url.get_secret_value()
    return "version " + _scalar(owner_url, "SELECT version_num FROM alembic_version")


def _web_role(settings: Settings) -> str:
    web_url = settings.web_database_url.get_secret_value()
    rows = _scalar(web_url, "SELECT count(*) FROM supervisee")
    if rows != "0":
        message = "The web role sees rows without an agency: row-level security is not in force."
        raise Broken(message)
    return "sees nothing without an agency"


def _partitions(settings: Settings) -> str:
    made = _scalar(
        _engine_url(settings),
        "SELECT to_regclass('position_' || to_char(current_date + 1, 'YYYYMMDD')) IS NOT NULL",
    )
    if made != "True":
        message = "Tomorrow's partition is missing; is the scheduler running?"
        raise Broken(message)
    return "made ahead"


def _broker(settings: Settings) -> str:
    check_broker(broker_address(settings))
    return f"signed in at {settings.broker_host}:{settings.broker_port}"


def _processes(settings: Settings) -> str:
    now = system_clock()
    with _asking(_engine_url(settings)) as session:
        beats = heartbeats(session)
    limit = timedelta(seconds=settings.stall_after_s)
    silent = [beat.name for beat in beats if now - beat.beat_at > limit]
    if silent or not beats:
        message = f"Not heard lately: {', '.join(silent) or 'any process'}; is the system running?"
        raise Broken(message)
    return "heard: " + ", ".join(beat.name for beat in beats)


def _set_aside(settings: Settings) -> str:
    count = _scalar(
        _engine_url(settings),
        "SELECT count(*) FROM rejected_message"
        " WHERE reason = 'not_storable' AND last_received_at > now() - interval '1 day'",
    )
    if count != "0":
        message = f"{count} messages of the last day could not be stored; see ingest's log."
        raise Broken(message)
    return "no message of the last day"


def _clock(settings: Settings) -> str:
    seconds = float(_scalar(_engine_url(settings), "SELECT extract(epoch FROM clock_timestamp())"))
    skew_s = abs(system_clock().timestamp() - seconds)
    if skew_s > CLOCK_SKEW_MOST.total_seconds():
        message = f"The database's clock and ours differ by {skew_s:.1f} s."
        raise Broken(message)
    return "agrees with the database's"


def _audit(settings: Settings) -> str:
    with _asking(_engine_url(settings)) as session:
        broken = list(audit.broken_links(session))
    if broken:
        message = f"The chain breaks at agency {broken[0][0]}, entry {broken[0][1]}."
        raise Broken(message)
    return "every entry follows from the one before"


def _assets(_settings: Settings) -> str:
    folder = Path(supervision.web.__file__).parent / "static" / "vendor"
    missing = [name for name in ASSETS if not (folder / name).exists()]
    if missing:
        message = f"Missing {', '.join(missing)}; run scripts/setup."
        raise Broken(message)
    return "in place"


CHECKS: dict[str, Callable[[Settings], str]] = {
    "database": _postgis,
    "schema": _schema,
    "web role": _web_role,
    "partitions": _partitions,
    "broker": _broker,
    "processes": _processes,
    "set aside": _set_aside,
    "clock": _clock,
    "audit trail": _audit,
    "console assets": _assets,
}
