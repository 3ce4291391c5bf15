"""What the console's tests share: an officer's browser without scripts, and a stay to look at."""

import html
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine, text

from supervision.core.clock import Clock
from supervision.core.db import transaction
from supervision.core.fixes import Decoded, Fix
from supervision.monitor import Monitor
from supervision.register.models import Officer
from tests import factories
from tests.harness import a_fix
from tests.web.application import Web
from tests.web.offices import Office

LON, LAT = -104.98, 39.74
M_EAST_DEG = 1 / 85_600  # at this latitude


@dataclass(frozen=True)
class Browser:
    """A browser that runs no script: pages, links and forms alone."""

    client: TestClient

    def get(self, path: str, **headers: str) -> Response:
        return self.client.get(path, headers={"accept": "text/html", **headers})

    def page(self, path: str) -> str:
        """The page's text without its tags, which are not what an officer reads."""
        answer = self.get(path)
        assert answer.status_code == HTTPStatus.OK, answer.text
        return words_of(answer.text)

    def submit(
        self, path: str, fields: dict[str, Any], files: Any = None, **headers: str
    ) -> Response:
        """Send a form as the page at `/` would, with its security token."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.get("/help").text)
        assert token is not None
        data = {"csrf_token": token[1], **fields}
        accepted = {"accept": "text/html", **headers}
        return self.client.post(path, data=data, files=files, headers=accepted)


def browser_of(web: Web, officer: Officer) -> Browser:
    client = web.anybody(follow_redirects=False)
    form = {"email": officer.email, "password": factories.PASSWORD}
    assert client.post("/sign-in", data=form).status_code == HTTPStatus.SEE_OTHER
    return Browser(client)


def words_of(page: str) -> str:
    """What stands on a page, in one line."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    apart = re.sub(r"</(dt|dd|td|th|li|p|div|h\d)>", " ", body)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", apart))).strip()


def fixes_through_the_zone(device_uid: str, begins_at: datetime) -> list[Fix]:
    """From 500 m west into the zone of 300 m, out again; two fixes before it a gap of 10 min."""
    steps = [(0, -500), (10, -400), (11, -250), (12, -80), (13, 150), (14, 420)]
    return [
        a_fix(device_uid, begins_at + timedelta(minutes=minute), LON + east_m * M_EAST_DEG, LAT)
        for minute, east_m in steps
    ]


def a_stay(web: Web, office: Office) -> int:
    """An hour later somebody walks through the zone of the office's case; the alert's id.

    Sign in afterwards: an hour ends a sign-in.
    """
    web.clock.forward(3_600)
    return walk_through_the_zone(web.engine, web.clock, office)


def walk_through_the_zone(engine: Engine, clock: Clock, office: Office) -> int:
    """Let the zone be judged, and send fixes that end now; the alert's id."""
    with transaction(engine) as session:
        counted = "UPDATE zone_epoch SET epoch = 1 WHERE agency_id = :agency"
        session.execute(text(counted), {"agency": office.agency.id})
    monitor = Monitor(engine, clock, timedelta(minutes=5))
    monitor.make_partitions()
    for fix in fixes_through_the_zone(office.device.uid, clock() - timedelta(minutes=14)):
        monitor.on_messages(Decoded([fix], [], [], []))
    query = "SELECT id FROM alert WHERE zone_id = :zone"
    with transaction(engine) as session:
        alert_id: int = session.execute(text(query), {"zone": office.zone.id}).scalar_one()
    return alert_id
