"""Many requests at once on few connections: none waits for ever, none borrows another's agency."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from anyio.to_thread import current_default_thread_limiter
from fastapi.testclient import TestClient
from sqlalchemy import QueuePool

from supervision.core.db import make_engine
from supervision.web.app import create_app
from supervision.web.runtime import WebRuntime
from tests import factories
from tests.web.application import Web
from tests.web.offices import Office

POOL = 2
AT_ONCE = 24


@pytest.fixture
def narrow(web: Web) -> Iterator[Web]:
    """The application on two connections only, which give up waiting after five seconds."""
    engine = make_engine(web.runtime.engine.url.render_as_string(hide_password=False), POOL)
    assert isinstance(engine.pool, QueuePool)
    engine.pool._timeout = 5
    runtime = WebRuntime(web.runtime.settings, engine, web.clock, web.runtime.monitor)
    yield Web(create_app(runtime), runtime, web.clock, web.engine)
    engine.dispose()


def test_more_requests_than_connections_are_all_answered_each_from_its_own_agency(
    narrow: Web, office: Office, other_office: Office
) -> None:
    offices = (office, other_office)
    tokens = [narrow.sign_in(one.supervisor).json()["token"] for one in offices]
    with TestClient(narrow.app) as client, ThreadPoolExecutor(AT_ONCE) as threads:

        def names_seen(number: int) -> list[str]:
            bearer = {"Authorization": f"Bearer {tokens[number % 2]}"}
            answer = client.get("/api/v1/supervisees", headers=bearer)
            return [row["full_name"] for row in answer.json()["items"]]

        seen = list(threads.map(names_seen, range(AT_ONCE * 4)))
    assert seen == [[one.supervisee.full_name] for one in offices] * (AT_ONCE * 2)


def test_no_more_threads_run_than_there_are_connections(narrow: Web) -> None:
    async def tokens() -> float:
        return current_default_thread_limiter().total_tokens

    with TestClient(narrow.app) as client:
        assert client.portal is not None
        assert client.portal.call(tokens) == POOL


def test_many_sign_ins_at_once_leave_room_for_other_requests(narrow: Web, office: Office) -> None:
    token = narrow.sign_in(office.supervisor).json()["token"]
    body = {"email": office.officer.email, "password": factories.PASSWORD}
    with TestClient(narrow.app) as client, ThreadPoolExecutor(AT_ONCE) as threads:
        opened = [threads.submit(client.post, "/api/v1/session", json=body) for _ in range(20)]
        answer = client.get("/api/v1/session", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200
        assert {one.result().status_code for one in opened} == {201}
