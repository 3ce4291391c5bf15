import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import httpx2

from tests import factories
from tests.browser.serving import free_port
from tests.web.application import Web
from tests.web.offices import Office

SERVE = """
import sys
import uvicorn
from supervision.bootstrap.web import build_web
from supervision.core.clock import system_clock
from supervision.core.settings import load_settings

app = build_web(load_settings(), system_clock)
uvicorn.run(app, port=int(sys.argv[1]), log_level="info")
"""


@contextmanager
def serving(port: int, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Another process with the real server, up; killed if it is still there at the end."""
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(port)],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr is not None
    with server:
        try:
            assert any("running on" in line for line in server.stderr)
            yield server
        finally:
            server.kill()


def test_a_process_told_to_stop_does_not_wait_for_its_open_streams(
    web: Web, office: Office
) -> None:
    port = free_port()
    settings = web.runtime.settings
    environment = {
        "SUPERVISION_OWNER_DATABASE_URL": settings.owner_database_url.get_secret_value(),
        "SUPERVISION_ENGINE_DATABASE_URL": settings.engine_database_url.get_secret_value(),
        "SUPERVISION_WEB_DATABASE_URL": settings.web_database_url.get_secret_value(),
        "SUPERVISION_LINK_KEY": settings.link_key.get_secret_value(),
    }
    with serving(port, environment) as server:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
            form = {"email": office.officer.email, "password": factories.PASSWORD}
            client.post("/sign-in", data=form)
            with client.stream("GET", "/live") as answer:
                lines = answer.iter_lines()
                assert next(lines) == ": open"
                asked_at = monotonic()
                server.send_signal(signal.SIGTERM)
                assert list(lines)[-1] == ""
        server.wait(10)
    assert monotonic() - asked_at < 4
