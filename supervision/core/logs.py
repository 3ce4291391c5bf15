"""What processes say to the engineers who run them: event names and ids, never names or places."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# A key that could carry a name or a place is a mistake in our code: it is dropped, and shown so.
_FORBIDDEN = {"lon", "lat", "geom", "geometry", "name", "full_name", "email", "password", "payload"}


def _redact(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for key in _FORBIDDEN & event.keys():
        event[key] = "[redacted]"
    return event


def configure_logs(*, as_json: bool) -> None:
    """Send every log line to standard error, as JSON or as plain text."""
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _redact,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
