"""What holds for every answer: headers, size, documentation, health."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from supervision.core.health import beat
from supervision.web.security import MAX_BODY_BYTES
from tests.web.application import Web
from tests.web.offices import Office

SIGN_IN = "/api/v1/session"
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("path", ["/api/v1/agency", "/healthz", "/docs", "/openapi.json", "/x"])
def test_every_answer_carries_the_guarding_headers(web: Web, path: str) -> None:
    headers = web.anybody().get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "img-src 'self' data:" in policy
    assert "frame-ancestors 'none'" in policy
    assert ("unsafe" in policy) == (path == "/docs")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


def test_the_documentation_loads_nothing_from_elsewhere(web: Web) -> None:
    page = web.anybody().get("/docs").text
    assert not re.findall(r"""(?:https?:)?//[^\s"']+""", page)
    linked = re.findall(r"""(?:src|href)=["']([^"']+)""", page)
    assert len(linked) >= 3
    for path in linked:
        assert web.anybody().get(path).status_code == 200, path


def test_the_description_names_every_operation_once_by_its_own_name(web: Web) -> None:
    schema = web.anybody().get("/openapi.json").json()
    names = [
        operation["operationId"] for path in schema["paths"].values() for operation in path.values()
    ]
    assert len(names) == len(set(names)) >= 35
    assert {"list_alerts", "arm_zone", "list_positions", "open_session"} <= set(names)
    elsewhere = {path for path in schema["paths"] if not path.startswith("/api/v1/")}
    assert elsewhere == {
        "/healthz",
        "/live",
        "/calendar/{feed}.ics",
        "/dispatch/{secret}.xml",
        "/gateway/receipts/{token}",
    }


def test_the_description_holds_examples_and_problems(web: Web) -> None:
    schema = web.anybody().get("/openapi.json").json()
    new_zone = schema["components"]["schemas"]["NewZone"]["properties"]
    assert new_zone["geometry"]["examples"][0]["type"] == "Feature"
    answers = schema["paths"]["/api/v1/alerts/{alert_id}"]["get"]["responses"]
    assert "application/problem+json" in answers["default"]["content"]
    assert "HTTPValidationError" not in schema["components"]["schemas"]


def test_a_body_over_the_limit_is_refused_by_what_it_declares(web: Web) -> None:
    answer = web.anybody().post(SIGN_IN, content=b" " * (MAX_BODY_BYTES + 1), headers=JSON)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_over_the_limit_is_refused_when_it_declares_nothing(web: Web) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(MAX_BODY_BYTES // 10_000 + 1):
            yield b" " * 10_000

    answer = web.anybody().post(SIGN_IN, content=pieces(), headers=JSON)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_at_the_limit_is_read(web: Web) -> None:
    answer = web.anybody().post(SIGN_IN, content=b" " * MAX_BODY_BYTES, headers=JSON)
    assert answer.status_code == 422


def test_health_tells_ages_and_turns_red_when_a_process_is_stalled(
    web: Web, office: Office
) -> None:
    name = f"ingest-{office.agency.id}"
    with web.behind() as session:
        session.execute(text("DELETE FROM process_heartbeat"))
        beat(session, name, web.clock.now, topics=3)
    web.clock.forward(web.runtime.settings.stall_after_s)
    well = web.anybody().get("/healthz")
    mine = {"name": name, "age_s": 30.0, "is_stalled": False}
    assert (well.status_code, well.json()) == (200, {"status": "ok", "processes": [mine]})
    web.clock.forward(0.1)
    stalled = web.anybody().get("/healthz")
    assert (stalled.status_code, stalled.json()["status"]) == (503, "stalled")
    with web.behind() as session:
        beat(session, name, web.clock.now + timedelta(days=1))
    assert web.anybody().get("/healthz").status_code == 200
