"""The web application as the tests ask it, and the database behind its back."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from anyio.from_thread import BlockingPortal
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from supervision.core.db import transaction
from supervision.register.models import (
    Officer,
)
from supervision.web.runtime import WebRuntime
from tests import factories
from tests.harness import FakeClock
from tests.web.offices import Office


@dataclass(frozen=True)
class Web:
    """The application, and the database behind its back."""

    app: FastAPI
    runtime: WebRuntime
    clock: FakeClock
    engine: Engine
    loop: BlockingPortal | None = None

    def behind(self) -> AbstractContextManager[Session]:
        """A transaction under the engine role, to arrange and to look."""
        return transaction(self.engine)

    def anybody(self, **options: Any) -> TestClient:
        client = TestClient(self.app, base_url="http://testserver", **options)
        client.portal = self.loop
        return client

    def signed_in(self, officer: Officer) -> TestClient:
        """A program that signed in as this officer."""
        client = self.anybody()
        token = self.sign_in(officer).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        return client

    def sign_in(self, officer: Officer, password: str = factories.PASSWORD) -> Response:
        body = {"email": officer.email, "password": password}
        return self.anybody().post("/api/v1/session", json=body)

    def audited(self, office: "Office", tag: str) -> list[str]:
        """The subjects on an agency's audit trail under a tag, in order."""
        with self.behind() as session:
            rows = session.execute(
                text(
                    "SELECT subject FROM audit_entry"
                    " WHERE agency_id = :agency AND tag = :tag ORDER BY seq"
                ),
                {"agency": office.agency.id, "tag": tag},
            )
            return [row.subject for row in rows]
