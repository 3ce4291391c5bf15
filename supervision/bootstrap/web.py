"""The roof's part for the web process, apart: workers need not wait for its imports."""

from fastapi import FastAPI

from supervision.bootstrap import build_monitor
from supervision.core.clock import Clock
from supervision.core.db import make_engine
from supervision.core.settings import Settings
from supervision.web.app import create_app
from supervision.web.runtime import WebRuntime

WEB_POOL = 20


def build_web(settings: Settings, clock: Clock) -> FastAPI:
    """The web application, under the web role."""
    engine = make_engine(settings.web_database_url.get_secret_value(), WEB_POOL)
    monitor = build_monitor(settings, engine, clock)
    return create_app(WebRuntime(settings, engine, clock, monitor))
