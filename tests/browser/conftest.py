"""A real Chromium before the real server; a request to elsewhere or an error in it fails a test."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)
from sqlalchemy import Engine, text

from alerts import service as alerting
from alerts.catalogue import AlertKind
from alerts.rules import Disposition
from supervision.bootstrap.web import build_web
from supervision.core.access import Actor, Role
from supervision.core.clock import system_clock
from supervision.core.db import make_engine, transaction
from supervision.register.models import Officer
from supervision.stack.postgres import PrivatePostgres
from supervision.web import live
from tests import factories
from tests.browser.serving import Served, served
from tests.harness import settings_for
from tests.web.offices import Office, an_office

PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)
# Many offices' desktops give a browser no graphics processor.
FLAGS = ["--no-sandbox", "--disable-3d-apis", "--disable-gpu"]


@dataclass
class Watch:
    """What went wrong in the browser, beside what a test expects to go wrong."""

    origin: str
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def attach(self, context: BrowserContext) -> None:
        context.on("request", lambda request: self._see_request(request.url))
        context.on("console", self._see_message)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))

    def expect(self, pattern: str) -> None:
        self.expected.append(pattern)

    def check(self) -> None:
        assert not self.foreign
        wrong = [one for one in self.errors if not any(re.search(e, one) for e in self.expected)]
        assert not wrong

    def _see_request(self, url: str) -> None:
        if not url.startswith((self.origin, "data:")):
            self.foreign.append(url)

    def _see_message(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.errors.append(f"{message.text} {message.location.get('url')}")


@dataclass(frozen=True)
class Desk:
    """An office at work: its server, its database, and browsers to open on it."""

    server: Served
    engine: Engine
    office: Office
    chromium: Browser
    watch: Watch

    @contextmanager
    def browsing(self, officer: Officer | None, **options: object) -> Iterator[Page]:
        """A window of its own, signed in as this officer unless that is None."""
        context = self.chromium.new_context(base_url=self.server.url, **options)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        self.watch.attach(context)
        page = context.new_page()
        if officer is not None:
            sign_in(page, officer)
        yield page
        context.close()

    def change(self, statement: str, **values: object) -> None:
        """Run SQL behind the console's back; `:agency` is this office's."""
        with transaction(self.engine) as session:
            session.execute(text(statement), {"agency": self.office.agency.id, **values})

    def row(self, query: str) -> tuple[Any, ...]:
        """The one row of a query; `:agency` is this office's."""
        with transaction(self.engine) as session:
            return tuple(session.execute(text(query), {"agency": self.office.agency.id}).one())

    def alert_closed(self) -> tuple[Any, ...]:
        """How the office's one closed alert was judged, and the note; a drill is no alert."""
        return self.row(
            "SELECT disposition, note FROM alert WHERE agency_id = :agency"
            " AND handling = 'closed' AND drill_id IS NULL"
        )

    @property
    def supervisor(self) -> Actor:
        officer = self.office.supervisor
        return Actor(officer.id, officer.agency_id, Role.SUPERVISOR, officer.display_name)

    def acknowledge_as_supervisor(self, alert_id: int) -> None:
        with transaction(self.engine) as session:
            alerting.acknowledge(session, self.supervisor, alert_id, system_clock())

    def close_as_supervisor(self, alert_id: int) -> None:
        with transaction(self.engine) as session:
            alerting.close(
                session, self.supervisor, alert_id, Disposition.OTHER, "Seen to.", system_clock()
            )

    def raise_one(self, kind: AlertKind = AlertKind.STRAP_TAMPER) -> int:
        """An alert found now, as ingest would raise it."""
        with transaction(self.engine) as session:
            return factories.an_alert(session, self.office.supervisee, kind=kind).id


def sign_in(page: Page, officer: Officer) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(officer.email)
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM_PATH", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def premises(postgres: PrivatePostgres, template_database: str) -> Iterator[tuple[Served, Engine]]:
    """A server and its database, which the agencies of a module's tests share."""
    postgres.create_database("browser", template=template_database)
    urls = postgres.urls("browser")
    app = build_web(settings_for(urls), system_clock)
    engine = make_engine(urls.engine_url)
    with served(app) as server:
        yield server, engine
    engine.dispose()
    app.state.runtime.engine.dispose()
    postgres.drop_database("browser")


@pytest.fixture
def desk(
    premises: tuple[Served, Engine], chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.3)
    server, engine = premises
    with transaction(engine) as session:
        office = an_office(session)
    watch = Watch(server.url)
    yield Desk(server, engine, office, chromium, watch)
    with transaction(engine) as session:
        session.execute(text("DELETE FROM process_heartbeat"))
    watch.check()


@pytest.fixture
def page(desk: Desk) -> Iterator[Page]:
    """The officer's browser, at the alert list, live."""
    with desk.browsing(desk.office.officer) as opened:
        opened.locator("#strip[data-state=live]").wait_for()
        yield opened
