"""The whole system in one process, on a real database, with a clock that the test moves."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, text

from geofence.service import ZoneKind, ZoneTerms
from ingest.store import DeviceAck
from supervision.bootstrap import build_monitor
from supervision.core.access import Actor, Role
from supervision.core.clock import to_us
from supervision.core.db import transaction
from supervision.core.fixes import (
    Decoded,
    DeviceEvent,
    EventKind,
    Fix,
    Receipt,
    RejectedPing,
    Source,
)
from supervision.core.settings import Settings
from supervision.stack.postgres import DatabaseUrls
from tests.clean_database import lasting_engine

T0 = datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)  # 1790000000, where the scenarios begin
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class FakeClock:
    """Time stands still until the test moves it."""

    def __init__(self, now: datetime = T0) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Person:
    """A supervisee with a device and an order, which says to stay away from a place."""

    supervisee_id: int
    officer_id: int
    order_id: int
    clause_id: int
    device_uid: str
    device_id: int


def settings_for(database: DatabaseUrls, **knobs: Any) -> Settings:
    return Settings(
        owner_database_url=database.owner_url,
        engine_database_url=database.engine_url,
        web_database_url=database.web_url,
        **{"link_key": "a key for tests", **knobs},
    )


@dataclass
class World:
    """One agency and as many people as the test wants."""

    database: DatabaseUrls
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)
        self.settings = settings_for(self.database)
        self.engine = lasting_engine(self.database.engine_url)
        self.monitor = self.another_worker()
        with transaction(self.engine) as session:
            self.agency_id: int = session.execute(
                text("INSERT INTO agency (name, time_zone) VALUES ('A', 'UTC') RETURNING id")
            ).scalar_one()
            for table in ("agency_ledger (agency_id)", "zone_epoch (agency_id, epoch)"):
                values = "(:id)" if "," not in table else "(:id, 0)"
                session.execute(
                    text(f"INSERT INTO {table} VALUES {values}"), {"id": self.agency_id}
                )
        self.officer_id = self.officer()

    def close(self) -> None:
        """Let go of the database, where it is one that goes away."""
        self.engine.dispose()

    def another_worker(self) -> Any:
        """A second process's corridor: its own memory, the same database."""
        return build_monitor(self.settings, self.engine, self.clock)

    def one(self, sql: str, **values: Any) -> Any:
        with transaction(self.engine) as session:
            return session.execute(text(sql), values).scalar_one()

    def rows(self, sql: str, **values: Any) -> Sequence[Row[Any]]:
        with transaction(self.engine) as session:
            return session.execute(text(sql), values).all()

    def officer(self, role: Role = Role.OFFICER) -> int:
        return int(
            self.one(
                "INSERT INTO officer (agency_id, email, display_name, role, password_hash)"
                " VALUES (:agency, :email, 'O', :role, 'x') RETURNING id",
                agency=self.agency_id,
                email=f"officer{next(self._numbers)}@example.org",
                role=str(role),
            )
        )

    def actor(self, role: Role = Role.OFFICER, officer_id: int | None = None) -> Actor:
        return Actor(officer_id or self.officer_id, self.agency_id, role, "O")

    def person(self, device_uid: str | None = None, officer_id: int | None = None) -> Person:
        number = next(self._numbers)
        uid = device_uid or f"dev-{number}"
        officer = officer_id or self.officer_id
        values = {"agency": self.agency_id, "uid": uid, "officer": officer, "n": str(number)}
        supervisee_id = self.one(
            "INSERT INTO supervisee (agency_id, case_number, full_name, time_zone,"
            " supervising_officer_id) VALUES (:agency, :n, 'S', 'UTC', :officer) RETURNING id",
            **values,
        )
        protected_id = self.one(
            "INSERT INTO protected_person (agency_id, full_name, safe_contact)"
            " VALUES (:agency, 'P', 'none') RETURNING id",
            **values,
        )
        order_id = self.one(
            "INSERT INTO court_order (agency_id, supervisee_id, protected_person_id, court,"
            " court_case_number, begins_at) VALUES (:agency, :person, :protected, 'C', :n, :begins)"
            " RETURNING id",
            person=supervisee_id,
            protected=protected_id,
            begins=LONG_AGO,
            **values,
        )
        clause_id = self.one(
            "INSERT INTO order_clause (agency_id, supervisee_id, court_order_id, condition_code,"
            " wording, created_at) VALUES (:agency, :person, :order, '04', 'Stay away', :now)"
            " RETURNING id",
            person=supervisee_id,
            order=order_id,
            now=self.clock(),
            **values,
        )
        device_id = self.one(
            "INSERT INTO device (agency_id, uid, model) VALUES (:agency, :uid, 'M') RETURNING id",
            **values,
        )
        self.one(
            "INSERT INTO device_assignment (agency_id, device_id, supervisee_id, assigned_at)"
            " VALUES (:agency, :device, :person, :at) RETURNING id",
            device=device_id,
            person=supervisee_id,
            at=LONG_AGO,
            **values,
        )
        return Person(supervisee_id, officer, order_id, clause_id, uid, device_id)

    def zone(
        self,
        person: Person,
        geojson: dict[str, Any],
        armed_at: datetime = LONG_AGO,
        *,
        kind: ZoneKind = ZoneKind.EXCLUSION,
        warning_m: float = 0.0,
        schedule: dict[str, Any] | None = None,
    ) -> int:
        """Draw a zone for a person; what is known of him is judged at once."""
        actor = self.actor(Role.PRETRIAL)
        new = (person.clause_id, "Z", geojson, armed_at, ZoneTerms(kind, warning_m, schedule))
        with transaction(self.engine) as session:
            drawn = self.monitor.zoning(session, actor).arm(*new)
        return int(drawn.zone_id)

    def send(
        self,
        fixes: Sequence[Fix] = (),
        events: Sequence[DeviceEvent] = (),
        receipts: Sequence[Receipt] = (),
        rejected: Sequence[RejectedPing] = (),
    ) -> list[DeviceAck]:
        decoded = Decoded(list(fixes), list(events), list(receipts), list(rejected))
        acks: list[DeviceAck] = self.monitor.on_messages(decoded)
        return acks

    def stays(self) -> Sequence[Row[Any]]:
        return self.rows(
            "SELECT * FROM zone_stay WHERE withdrawn_at IS NULL ORDER BY supervisee_id, zone_id,"
            " entered_at"
        )

    def alerts(self) -> Sequence[Row[Any]]:
        return self.rows("SELECT * FROM alert ORDER BY occurred_at, id")

    def history(self, alert_id: int) -> list[str]:
        return [
            row.kind
            for row in self.rows(
                "SELECT kind FROM alert_event WHERE alert_id = :id ORDER BY seq", id=alert_id
            )
        ]


def circle(lon: float, lat: float, radius_m: float) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"radius_m": radius_m},
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
    }


def a_fix(
    device_uid: str,
    at: datetime,
    lon: float,
    lat: float,
    accuracy_m: float | None = 8.0,
    source: Source = Source.GPS,
    received_at: datetime | None = None,
) -> Fix:
    return Fix(
        device_uid=device_uid,
        session=None,
        seq=None,
        part=0,
        fixed_at_us=to_us(at),
        sent_at_us=None,
        received_at_us=to_us(received_at or at + timedelta(seconds=1)),
        lon=lon,
        lat=lat,
        accuracy_m=accuracy_m,
        source=source,
        raw=b"{}",
    )


def an_event(device_uid: str, kind: EventKind, at: datetime) -> DeviceEvent:
    return DeviceEvent(device_uid, None, None, kind, to_us(at), to_us(at) + 1_000_000, {})
