import signal
import subprocess
import sys
from time import monotonic

import httpx2

from supervision.stack.postgres import DatabaseUrls
from tests import factories
from tests.browser.serving import free_port
from tests.web.conftest import Office, Web

SERVE = """
import sys, threading, uvicorn
from supervision.bootstrap import build_web
from supervision.core.clock import system_clock
from supervision.core.settings import load_settings

app = build_web(load_settings(), system_clock)
uvicorn.run(app, port=int(sys.argv[1]), log_level="info")
"""


def test_a_process_told_to_stop_does_not_wait_for_its_open_streams(
    database: DatabaseUrls,
    web: Web,  # noqa: ARG001 -- arranges the office
    office: Office,
) -> None:
    port = free_port()
    environment = {
        "SUPERVISION_OWNER_DATABASE_URL": database.owner_url,
        "SUPERVISION_ENGINE_DATABASE_URL": database.engine_url,
        "SUPERVISION_WEB_DATABASE_URL": database.web_url,
    }
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(port)],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr is not None
    with server, httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
        assert any("running on" in line for line in server.stderr)
        form = {"email": office.officer.email, "password": factories.PASSWORD}
        client.post("/sign-in", data=form)
        with client.stream("GET", "/live") as answer:
            lines = answer.iter_lines()
            assert next(lines) == ": open"
            asked_at = monotonic()
            server.send_signal(signal.SIGTERM)
            assert list(lines)[-1] == ""
        assert server.wait(10) in {0, -signal.SIGTERM}
    assert monotonic() - asked_at < 4
