"""What the tests of dispatch packets share: a link is made, and a patrol follows it."""

from dataclasses import dataclass
from typing import Any

from httpx2 import Response
from sqlalchemy import text

from tests.web.application import Web
from tests.web.console_visits import words_of
from tests.web.offices import Office

API = "/api/v1"
PUBLIC_URL = "http://127.0.0.1:8080"


@dataclass(frozen=True)
class Patrol:
    """A patrol's phone with a link; `anywhere` is a machine of its own for each."""

    web: Web
    link_id: int
    path: str
    machine: str = "patrol"

    def get(self, end: str = "", accept: str = "text/html", path: str | None = None) -> Response:
        client = self.web.anybody(client=(self.machine, 50_000))
        return client.get((path or self.path) + end, headers={"accept": accept})

    def words(self) -> str:
        answer = self.get()
        assert answer.status_code == 200, answer.text
        return words_of(answer.text)


def shared(web: Web, office: Office, alert_id: int | None = None, **body: Any) -> Patrol:
    """The link that the office's officer makes to an alert of his."""
    path = f"{API}/alerts/{alert_id or office.alert.id}/dispatch-links"
    answer = web.signed_in(office.officer).post(path, json=body)
    assert answer.status_code == 201, answer.text
    url = answer.json()["url"]
    assert url.startswith(f"{PUBLIC_URL}/dispatch/")
    assert answer.json()["cap_url"] == f"{url}.xml"
    return Patrol(web, answer.json()["id"], url.removeprefix(PUBLIC_URL), f"patrol of {url}")


def trail(web: Web, office: Office, patrol: Patrol) -> list[tuple[str, str, Any]]:
    """What the audit trail has of a patrol: tag, subject and detail, in order."""
    with web.behind() as session:
        rows = session.execute(
            text(
                "SELECT tag, subject, detail FROM audit_entry WHERE agency_id = :agency"
                " AND actor = :actor ORDER BY seq"
            ),
            {"agency": office.agency.id, "actor": f"dispatch_link:{patrol.link_id}"},
        )
        return [tuple(row) for row in rows]
