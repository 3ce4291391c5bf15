"""One application for all tests of it, on one database; each test has offices of its own."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi.testclient import TestClient
from sqlalchemy import text

from supervision.core.db import make_engine
from supervision.monitor import Monitor
from supervision.stack.postgres import DatabaseUrls, PrivatePostgres
from supervision.web.app import create_app
from supervision.web.attempts import Strangers
from supervision.web.auth import SignInDesk
from supervision.web.runtime import WebRuntime
from tests import factories
from tests.harness import FakeClock, settings_for
from tests.web.application import Web
from tests.web.offices import Office, an_office
from tests.web.patrol_visits import Patrol, shared


@pytest.fixture(scope="session")
def shared_database(postgres: PrivatePostgres, template_database: str) -> Iterator[DatabaseUrls]:
    """One database for all tests of the API: each has agencies of its own, which is the point."""
    postgres.create_database("web", template=template_database)
    yield postgres.urls("web")
    postgres.drop_database("web")


@pytest.fixture(scope="session")
def shared_web(shared_database: DatabaseUrls) -> Iterator[Web]:
    """One application for all tests of a run: hundreds of them would fill the memory."""
    clock = FakeClock(factories.NOW)
    settings = settings_for(shared_database)
    web_engine = make_engine(shared_database.web_url)
    engine = make_engine(shared_database.engine_url)
    monitor = Monitor(web_engine, clock, timedelta(minutes=5))
    runtime = WebRuntime(settings, web_engine, clock, monitor)
    # One event loop for all requests, as a server has; a client alone would start one for each.
    with start_blocking_portal() as loop:
        yield Web(create_app(runtime), runtime, clock, engine, loop)
    web_engine.dispose()
    engine.dispose()


@pytest.fixture
def web(shared_web: Web) -> Web:
    """The application as it is when it has just been started."""
    shared_web.clock.now = factories.NOW
    shared_web.app.state.sign_in_desk = SignInDesk(shared_web.runtime)
    shared_web.app.state.dispatch_strangers = Strangers()
    return shared_web


@pytest.fixture
def office(web: Web) -> Office:
    with web.behind() as session:
        return an_office(session)


@pytest.fixture
def other_office(web: Web) -> Office:
    with web.behind() as session:
        return an_office(session)


@pytest.fixture
def told_is_reviewed(web: Web, office: Office) -> None:
    """Somebody has looked at what was told a month ago: it is on no list that waits."""
    with web.behind() as session:
        session.execute(
            text(
                "UPDATE checkin SET state = 'reviewed', reviewed_at = :now, reviewed_by_id = :by"
                " WHERE id = :id"
            ),
            {"now": factories.NOW, "by": office.officer.id, "id": office.told.id},
        )


@pytest.fixture
def officer(web: Web, office: Office) -> TestClient:
    """A program of the officer whose case it is."""
    return web.signed_in(office.officer)


@pytest.fixture
def patrol(web: Web, office: Office) -> Patrol:
    """Who was given the packet about the office's alert."""
    return shared(web, office)
