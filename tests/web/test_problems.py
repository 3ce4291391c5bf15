import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient
from structlog.testing import capture_logs

from supervision.core import errors
from supervision.core.access import Permission
from supervision.core.db import make_engine
from supervision.web.app import create_app
from supervision.web.deps import SessionDep, requires
from supervision.web.problems import STATUS, problem_of
from tests.web.application import Web
from tests.web.offices import Office

FIELDS = {"type", "title", "status", "detail", "instance"}
SECRET = "coordinates -104.98 39.74 of Alex Sample"  # noqa: S105 -- stands for what must not be told


def tree(kind: type[errors.SupervisionError]) -> Iterator[type[errors.SupervisionError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from tree(child)


def test_every_error_of_ours_has_a_status() -> None:
    ours = {kind for kind in tree(errors.SupervisionError) if kind.__module__ == errors.__name__}
    assert set(STATUS) == ours
    assert len(ours) == 15


@pytest.mark.parametrize("kind", [kind for kind in STATUS if issubclass(kind, errors.Refused)])
def test_a_refusal_says_what_it_is_and_why(kind: type[errors.Refused]) -> None:
    body = json.loads(bytes(problem_of(kind()).as_response().body))
    assert body.keys() == FIELDS
    assert body["type"] == f"/problems/{kind.code}"
    assert body["status"] == STATUS[kind] < 500
    assert body["detail"] == kind().message
    assert body["instance"].startswith("urn:uuid:")


def test_no_two_kinds_of_refusal_share_a_code() -> None:
    assert len({kind.code for kind in STATUS}) == len(STATUS)


@pytest.mark.parametrize(
    "error", [ValueError(SECRET), errors.Broken(SECRET), errors.SupervisionError(SECRET)]
)
def test_our_own_failure_is_an_id_and_no_words_of_it(error: Exception) -> None:
    with capture_logs() as lines:
        response = problem_of(error).as_response()
    body = json.loads(bytes(response.body))
    assert (response.status_code, body["type"]) == (500, "/problems/broken")
    assert SECRET not in bytes(response.body).decode()
    assert [line["instance"] for line in lines] == [body["instance"]]
    assert SECRET not in repr(lines)


@pytest.fixture
def faulty(web: Web, office: Office) -> TestClient:
    """The application with a few routes more that fail in their own ways."""
    router = APIRouter(prefix="/api/faulty", dependencies=[requires(Permission.READ_AGENCY)])

    @router.get("/endpoint")
    def fail() -> None:
        raise ValueError(SECRET)

    @router.get("/commit")
    def fail_at_commit(session: SessionDep) -> str:
        session.connection().invalidate()
        return "done"

    own = replace(web, app=create_app(web.runtime))
    own.app.include_router(router)
    return own.signed_in(office.officer)


def test_a_failure_nobody_foresaw_is_a_problem_with_an_id(faulty: TestClient) -> None:
    with capture_logs() as lines:
        answer = faulty.get("/api/faulty/endpoint")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["instance"] == lines[0]["instance"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert SECRET not in answer.text + repr(lines)
    assert any("test_problems" in place for place in lines[0]["where"])


def test_a_commit_that_fails_is_never_told_as_success(faulty: TestClient) -> None:
    answer = faulty.get("/api/faulty/commit")
    assert answer.status_code >= 500
    assert "done" not in answer.text


def test_a_database_that_is_away_is_told_as_unavailable(web: Web, office: Office) -> None:
    own = replace(web, app=create_app(web.runtime))
    client = own.signed_in(office.officer)
    gone = web.runtime.engine.url.update_query_dict({"host": "/nowhere"})
    engine = make_engine(gone.render_as_string(hide_password=False))
    own.app.state.runtime = replace(web.runtime, engine=engine)
    answer = client.get("/api/v1/agency")
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")
    assert answer.headers["retry-after"] == "5"
    assert "nowhere" not in answer.text


def test_wrong_fields_are_named_and_not_repeated(web: Web, office: Office) -> None:
    body = {"case_number": SECRET * 10, "full_name": "", "time_zone": 7, "shoe_size": SECRET}
    answer = web.signed_in(office.supervisor).post("/api/v1/supervisees", json=body)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")
    assert answer.headers["content-type"] == "application/problem+json"
    assert {one["where"] for one in answer.json()["errors"]} == {
        "body.case_number",
        "body.full_name",
        "body.time_zone",
        "body.supervising_officer_id",
        "body.shoe_size",
    }
    assert "Alex" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("PUT", "/api/v1/session", 405, "method_not_allowed"),
    ],
)
def test_what_is_not_there_is_a_problem_too(
    web: Web, method: str, path: str, status: int, code: str
) -> None:
    answer = web.anybody().request(method, path)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{code}")


@pytest.mark.parametrize(
    "body", [b"{", b"\xff", b"[" * 100_000, b"1" * 5_000, b'{"email": "\\ud800"}', b"", b"null"]
)
def test_a_body_that_is_no_json_object_is_refused(web: Web, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = web.anybody().post("/api/v1/session", content=body, headers=headers)
    assert answer.status_code in {400, 422}
    assert answer.json().keys() >= FIELDS
