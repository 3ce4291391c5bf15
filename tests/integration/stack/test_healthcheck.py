"""What a container's keeper is told: well, or why not."""

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from supervision.core.db import make_engine, transaction
from supervision.core.errors import Unavailable
from supervision.core.health import beat
from supervision.core.settings import Settings
from supervision.stack.healthcheck import check
from supervision.stack.postgres import DatabaseUrls

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CLOSED_PORT = 1


def settings_for(engine_url: str = "unused", **knobs: object) -> Settings:
    urls = {f"{name}_database_url": engine_url for name in ("owner", "engine", "web")}
    return Settings.model_validate(urls | {"link_key": "unused"} | knobs)


@pytest.fixture
def beaten(database: DatabaseUrls) -> Settings:
    """Settings of a database where `ingest-1` was heard at NOW."""
    engine = make_engine(database.engine_url, 1)
    with transaction(engine) as session:
        beat(session, "ingest-1", NOW)
    engine.dispose()
    return settings_for(database.engine_url, stall_after_s=30.0)


def test_a_part_heard_just_now_is_well(beaten: Settings) -> None:
    check("ingest-1", beaten, NOW + timedelta(seconds=30))


def test_a_part_silent_for_too_long_is_not(beaten: Settings) -> None:
    with pytest.raises(Unavailable, match="ingest-1 was last heard 31 s ago"):
        check("ingest-1", beaten, NOW + timedelta(seconds=31))


def test_a_part_never_heard_is_not(beaten: Settings) -> None:
    with pytest.raises(Unavailable, match="scheduler has never been heard"):
        check("scheduler", beaten, NOW)


class Stalled(BaseHTTPRequestHandler):
    """An API that answers, and says that another part is stalled."""

    def do_GET(self) -> None:
        self.send_response(503)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def api_port() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), Stalled) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_an_api_that_answers_is_well_whatever_it_says(api_port: int) -> None:
    check("api", settings_for(web_port=api_port), NOW)


def test_an_api_that_does_not_answer_is_not() -> None:
    with pytest.raises(Unavailable, match="the API does not answer: ConnectionRefusedError"):
        check("api", settings_for(web_port=CLOSED_PORT), NOW)


def test_a_simulator_is_well_while_it_is_connected() -> None:
    with socket.create_server(("127.0.0.1", 0)) as broker:
        port = broker.getsockname()[1]
        settings = settings_for(broker_port=port)
        with pytest.raises(Unavailable, match="no connection to the broker"):
            check("simulate", settings, NOW)
        with socket.create_connection(("127.0.0.1", port)):
            check("simulate", settings, NOW)
