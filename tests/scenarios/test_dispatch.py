"""Promises about the packet that a patrol reads by a link."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from alerts.service import Sharing, share_packet, withdraw_packet
from supervision.bootstrap.web import build_web
from supervision.core.db import make_engine, transaction
from supervision.web.addresses import packet_url
from tests.harness import T0, Person, World, a_fix, circle

HOUR = timedelta(hours=1)


@pytest.fixture
def patrol(world: World) -> Iterator[TestClient]:
    app = build_web(world.settings, world.clock)
    yield TestClient(app, headers={"accept": "text/html"})
    app.state.runtime.engine.dispose()


@pytest.fixture
def him(world: World) -> Person:
    """He is in a zone, for certain."""
    person = world.person()
    world.zone(person, circle(10.0, 50.0, 200.0))
    world.send([a_fix(person.device_uid, T0, 10.0, 50.0)])
    return person


def link(world: World, *, lasts: timedelta = 4 * HOUR) -> tuple[int, str]:
    """A link to the only alert: its id and its path."""
    (alert,) = world.alerts()
    with transaction(world.engine) as session:
        made = share_packet(session, world.actor(), alert.id, Sharing(lasts), world.clock.now)
    return made.id, packet_url(world.settings, world.agency_id, made.token).partition(":8080")[2]


def tells_nothing(patrol: TestClient, path: str) -> bool:
    """Whether page and message are those of a link that nobody ever made."""
    never = path.rpartition(".")[0] + ".never"
    answers = [(patrol.get(f"{one}{end}")) for end in ("", ".xml") for one in (path, never)]
    shown = [(one.status_code, one.text, dict(one.headers)) for one in answers]
    return shown[0] == shown[1] and shown[2] == shown[3] and shown[0][0] == 404


@pytest.mark.usefixtures("him")
def test_a_link_that_has_ended_tells_nothing(world: World, patrol: TestClient) -> None:
    _, path = link(world)
    world.clock.now = T0 + 4 * HOUR - timedelta(microseconds=1)
    assert "Exclusion zone entered" in patrol.get(path).text
    world.clock.now = T0 + 4 * HOUR
    assert tells_nothing(patrol, path)
    assert world.one("SELECT count(*) FROM dispatch_opening") == 1


@pytest.mark.usefixtures("him")
def test_a_link_that_was_withdrawn_tells_nothing_from_then_on(
    world: World, patrol: TestClient
) -> None:
    link_id, path = link(world)
    _, other = link(world)
    assert patrol.get(path).status_code == 200
    with transaction(world.engine) as session:
        withdraw_packet(session, world.actor(), link_id, world.clock.now)
    assert tells_nothing(patrol, path)
    assert patrol.get(other).status_code == 200


def test_a_patrol_sees_him_go_as_he_goes(world: World, him: Person, patrol: TestClient) -> None:
    _, path = link(world)
    assert "latitude 50.00000, longitude 10.00000" in patrol.get(path).text
    for minutes in (1, 2, 3):
        world.clock.now = T0 + timedelta(minutes=minutes)
        world.send([a_fix(him.device_uid, world.clock.now, 10.0, 50.0 - 0.004 * minutes)])
    shown = patrol.get(path).text
    assert "latitude 49.98800, longitude 10.00000" in shown
    assert "He went south at about 17 mph (27 km/h)" in shown
    assert "over since" in shown


@pytest.mark.usefixtures("him")
def test_what_cannot_be_put_on_record_is_not_shown(world: World, patrol: TestClient) -> None:
    _, path = link(world)
    owner = make_engine(world.database.owner_url)
    with transaction(owner) as session:
        session.execute(text("REVOKE INSERT ON dispatch_opening FROM supervision_web"))
    owner.dispose()
    answer = patrol.get(path)
    assert answer.status_code == 500
    assert "latitude" not in answer.text
