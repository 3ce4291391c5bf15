"""Check-ins over HTTP: whoever asks, before and after the scheduler has come by."""

from datetime import timedelta

from fastapi.testclient import TestClient
from httpx2 import Response

from supervision.monitor import Monitor
from tests.web.application import Web
from tests.web.offices import Office

CHECKINS = "/api/v1/checkins"
TO_OPEN_S = 4 * 3_600  # then it is 18:13:20, and the office's check-in has been open since 18:00
TO_MISSED_S = 6 * 3_600  # 20:13:20; it was missed at 19:15
REASON = {"reason": "He was in hospital; the discharge letter is in the file."}
PLACE = {"lon": -104.98, "lat": 39.74, "accuracy_m": 12, "place": "From the car park"}


def unswept(web: Web, office: Office, seconds: int) -> TestClient:
    """The officer, who signs in anew some time later."""
    web.clock.forward(seconds)
    return web.signed_in(office.officer)


def swept(web: Web, office: Office, seconds: int) -> TestClient:
    """The same, after the scheduler has come by."""
    client = unswept(web, office, seconds)
    Monitor(web.engine, web.clock, timedelta(minutes=5)).sweep_checkins()
    return client


def history(client: TestClient, path: str) -> list[str]:
    return [event["kind"] for event in client.get(path).json()["events"]]


def told(answer: Response) -> tuple[str, str]:
    return answer.json()["state"], answer.json()["attended_at"]


def refused(answer: Response, status: int) -> bool:
    is_problem = answer.headers["content-type"] == "application/problem+json"
    return is_problem and answer.status_code == status
