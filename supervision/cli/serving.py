"""The process that officers and people reach: api."""

import uvicorn

from supervision.bootstrap.web import build_web
from supervision.core.clock import system_clock
from supervision.core.logs import configure_logs
from supervision.core.settings import load_settings

SHUTDOWN_WITHIN_S = 5


def api() -> None:
    """Serve the API and the console."""
    settings = load_settings()
    configure_logs(as_json=settings.log_json)
    uvicorn.run(
        build_web(settings, system_clock),
        host=settings.web_host,
        port=settings.web_port,
        timeout_graceful_shutdown=SHUTDOWN_WITHIN_S,
        log_level="warning",
        access_log=False,
        server_header=False,
    )
