"""Tells a container's keeper whether the part inside is well: exit 0, or 1 and a reason.

python -m supervision.stack.healthcheck api | simulate | scheduler | deliver | ingest-1 ...
"""

import http.client
import sys
from datetime import datetime, timedelta

import psutil

from supervision.core.clock import system_clock
from supervision.core.db import make_engine, transaction
from supervision.core.errors import Unavailable
from supervision.core.health import heartbeats
from supervision.core.settings import Settings, load_settings

HTTP_TIMEOUT_S = 5.0


def check(part: str, settings: Settings, now: datetime) -> None:
    """Find out whether a part of the system is well.

    The API is well when it answers, even if what it says is that another part is stalled; the
    simulator when it is connected to the broker; every other when its heartbeat is young.

    Args:
        part: `api`, `simulate`, or the name of a heartbeat.
        settings: As that part has them.
        now: Aware UTC.

    Raises:
        Unavailable: It is not; the message says how.
    """
    if part == "api":
        _check_api(settings)
    elif part == "simulate":
        _check_connection(settings.broker_port)
    else:
        _check_heartbeat(part, settings, now)


def _check_api(settings: Settings) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", settings.web_port, timeout=HTTP_TIMEOUT_S)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException) as error:
        raise Unavailable(f"the API does not answer: {type(error).__name__}") from error
    finally:
        connection.close()


def _check_connection(port: int) -> None:
    for each in psutil.net_connections("tcp"):
        if each.status == psutil.CONN_ESTABLISHED and each.raddr and each.raddr.port == port:
            return
    raise Unavailable("there is no connection to the broker")


def _check_heartbeat(part: str, settings: Settings, now: datetime) -> None:
    engine = make_engine(settings.engine_database_url.get_secret_value(), 1)
    try:
        with transaction(engine) as session:
            heard_at = {beat.name: beat.beat_at for beat in heartbeats(session)}.get(part)
    finally:
        engine.dispose()
    if heard_at is None:
        raise Unavailable(f"{part} has never been heard")
    if now - heard_at > timedelta(seconds=settings.stall_after_s):
        raise Unavailable(f"{part} was last heard {(now - heard_at).total_seconds():.0f} s ago")


def main(part: str) -> int:
    """Check one part with the environment's settings; the exit code."""
    try:
        check(part, load_settings(), system_clock())
    except Unavailable as error:
        sys.stderr.write(error.message + "\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
