"""What Prometheus scrapes: counts and ages by agency id, read when asked for, and nobody's name."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Response
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from alerts.catalogue import Severity
from alerts.rules import Handling
from supervision.core.db import transaction
from supervision.core.errors import NotFound, NotSignedIn
from supervision.core.health import heartbeats
from supervision.web.deps import PUBLIC, BearerDep, NowDep, RuntimeDep

router = APIRouter(include_in_schema=False)

Rows = Sequence[Row[Any]]

_OPEN = [one for one in Handling if one is not Handling.CLOSED]
_AGENCIES = text("SELECT * FROM count_agencies() ORDER BY agency_id")
_OPEN_ALERTS = text("SELECT * FROM count_open_alerts()")


def require_token(runtime: RuntimeDep, bearer: BearerDep) -> None:
    """Stop here unless the caller brings the token of the settings.

    Raises:
        NotFound: The installation lets nobody scrape.
        NotSignedIn: No token, or a wrong one.
    """
    token = runtime.settings.metrics_token
    if token is None:
        raise NotFound
    sent = "" if bearer is None else bearer.credentials
    if not secrets.compare_digest(sent.encode(), token.get_secret_value().encode()):
        raise NotSignedIn("Bring the scrape token.")


@router.get("/metrics", dependencies=[PUBLIC, Depends(require_token)])
def get_metrics(
    runtime: RuntimeDep, now: NowDep, accept: Annotated[str, Header()] = ""
) -> Response:
    """The metrics as they are now; 503 when the database is away."""
    encode, media_type = choose_encoder(accept)
    registry = CollectorRegistry()
    with transaction(runtime.engine) as session:
        registry.register(_Collector(session, now))
        return Response(encode(registry), headers={"Content-Type": media_type})


@dataclass(frozen=True, slots=True, eq=False)
class _Collector(Collector):
    """Reads the database each time it is asked; the functions it calls give counts away alone."""

    session: Session
    now: datetime

    def describe(self) -> Iterable[Metric]:
        """Nothing, so that registering it reads nothing."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Every metric with its samples."""
        agencies = self.session.execute(_AGENCIES).all()
        open_alerts = self.session.execute(_OPEN_ALERTS).all()
        return [
            self._raised(agencies),
            *self._outbox(agencies),
            self._open(agencies, open_alerts),
            self._oldest_new(agencies, open_alerts),
            self._heartbeats(),
        ]

    def _raised(self, agencies: Rows) -> Metric:
        raised = CounterMetricFamily(
            "supervision_alerts_raised", "Alerts ever raised", labels=["agency"]
        )
        for row in agencies:
            raised.add_metric([str(row.agency_id)], row.alerts_raised)
        return raised

    def _outbox(self, agencies: Rows) -> Iterable[Metric]:
        pending = GaugeMetricFamily(
            "supervision_outbox_pending", "Messages that wait to be sent", labels=["agency"]
        )
        oldest = _ages("supervision_outbox_oldest_pending_age", "Of the oldest; 0 if none waits")
        for row in agencies:
            pending.add_metric([str(row.agency_id)], row.messages_pending)
            oldest.add_metric([str(row.agency_id)], self._age_s(row.oldest_message_created_at))
        return pending, oldest

    def _open(self, agencies: Rows, open_alerts: Rows) -> Metric:
        labels = ["agency", "severity", "handling"]
        alerts = GaugeMetricFamily(
            "supervision_alerts_open", "Alerts that nobody has closed", labels=labels
        )
        counts = {(row.agency_id, row.severity, row.handling): row.alerts for row in open_alerts}
        # What is none is said too: a sample that is missing looks like a scrape that failed.
        for agency, severity, handling in product(agencies, Severity, _OPEN):
            key = (agency.agency_id, severity, handling)
            alerts.add_metric([str(one) for one in key], counts.get(key, 0))
        return alerts

    def _oldest_new(self, agencies: Rows, open_alerts: Rows) -> Metric:
        ages = _ages("supervision_alerts_oldest_new_age", "Of the oldest new alert; 0 if none")
        for agency_id in (row.agency_id for row in agencies):
            found_at = [
                row.oldest_found_at
                for row in open_alerts
                if row.agency_id == agency_id and row.handling == Handling.NEW
            ]
            ages.add_metric([str(agency_id)], self._age_s(min(found_at, default=None)))
        return ages

    def _heartbeats(self) -> Metric:
        ages = _ages("supervision_process_heartbeat_age", "Since it was last heard", "process")
        for beat in heartbeats(self.session):
            ages.add_metric([beat.name], self._age_s(beat.beat_at))
        return ages

    def _age_s(self, since: datetime | None) -> float:
        return 0.0 if since is None else max(0.0, (self.now - since).total_seconds())


def _ages(name: str, meaning: str, label: str = "agency") -> GaugeMetricFamily:
    return GaugeMetricFamily(name, meaning, labels=[label], unit="seconds")
