"""What the tests of the person's page share: a link, and a phone that follows it, scriptless."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from httpx2 import Response
from sqlalchemy import text

from supervision.core.links import CheckinLinks
from tests.duties import a_duty
from tests.web.application import Web
from tests.web.console_visits import words_of
from tests.web.offices import Office

FILLED = {
    "answer.moved": "no",
    "answer.news": "Nothing.",
    "lon": "-104.98",
    "lat": "39.74",
    "accuracy_m": "12.4",
    "position_age_s": "2.5",
    "no_position_reason": "no_script",
}


@dataclass(frozen=True)
class Phone:
    """A person's phone with the link to one of his check-ins."""

    web: Web
    office: Office
    checkin_id: int
    path: str

    def get(self, query: str = "") -> Response:
        headers = {"accept": "text/html"}
        return self.web.anybody().get(self.path + query, headers=headers)

    def words(self, query: str = "") -> str:
        return words_of(self.get(query).text)

    def send(self, fields: dict[str, str], query: str = "") -> Response:
        client = self.web.anybody()
        headers = {"accept": "text/html", "sec-fetch-site": "same-origin"}
        return client.post(self.path + query, data=fields, headers=headers, follow_redirects=False)

    def ask_for_call(self) -> Response:
        return self.web.anybody().post(f"{self.path}/call?lang=en", follow_redirects=False)

    def submissions(self) -> list[Any]:
        asked = {"id": self.checkin_id}
        with self.web.behind() as session:
            sql = text("SELECT * FROM checkin_submission WHERE checkin_id = :id")
            return list(session.execute(sql, asked).all())


def phone_with(web: Web, office: Office, opens_at: datetime, **values: Any) -> Phone:
    """The link to a new check-in of the office's supervisee."""
    with web.behind() as session:
        one = a_duty(session, office.supervisee.id, opens_at, **values)
    return phone_of(web, office, office.agency.id, one.id)


def phone_of(web: Web, office: Office, agency_id: int, checkin_id: int) -> Phone:
    key = web.runtime.settings.link_key.get_secret_value()
    token = CheckinLinks("", key).token(agency_id, checkin_id)
    return Phone(web, office, checkin_id, f"/c/{token}")
