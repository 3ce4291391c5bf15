"""Keeps what a protected person's device reports: that, when, and of a press of its button where.

Nothing else of her whereabouts is kept (ADR-0025): her fixes are dropped before they get here.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from ingest.payload.values import number
from ingest.quality import MAX_ACCURACY_M, accuracy_m, flaw, within
from supervision.core.clock import from_us
from supervision.core.fixes import DeviceEvent, EventKind


class ProtectedEvent(NamedTuple):
    """What a device reported, and the protected person who carried it then."""

    event: DeviceEvent
    device_id: int
    agency_id: int
    protected_person_id: int


class KeptEvent(NamedTuple):
    """One that was new, and the row in which it is kept."""

    id: int
    protected: ProtectedEvent


class Place(NamedTuple):
    """Where a button was pressed, as far as the device said; degrees and metres."""

    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None

    @property
    def is_known(self) -> bool:
        """Whether the device said it."""
        return self.lon is not None


_EVENTS = text(
    "INSERT INTO protected_event AS kept (agency_id, protected_person_id, device_id, kind,"
    " occurred_at, received_at, lon, lat, accuracy_m)"
    " SELECT * FROM unnest(CAST(:agency AS bigint[]), CAST(:person AS bigint[]),"
    " CAST(:device AS bigint[]), CAST(:kind AS text[]), CAST(:occurred AS timestamptz[]),"
    " CAST(:received AS timestamptz[]), CAST(:lon AS float8[]), CAST(:lat AS float8[]),"
    " CAST(:accuracy AS float8[]))"
    " AS event (agency, person, device, kind, occurred, received, lon, lat, accuracy)"
    " ORDER BY device, kind, occurred, person"
    " ON CONFLICT (device_id, kind, occurred_at, protected_person_id) DO UPDATE"
    " SET lon = excluded.lon, lat = excluded.lat, accuracy_m = excluded.accuracy_m"
    " WHERE kept.lon IS NULL AND excluded.lon IS NOT NULL"
    " RETURNING id, device_id, kind, occurred_at, protected_person_id, xmax = 0 AS is_new"
)


def store_protected_events(session: Session, events: Sequence[ProtectedEvent]) -> list[KeptEvent]:
    """Keep these events, and where one was pressed if that is told later; returns the new ones.

    The caller commits.
    """
    if not events:
        return []
    placed = sorted(((one, _place(one.event)) for one in events), key=lambda one: one[1].is_known)
    told = {_key(one): (one, place) for one, place in placed}
    events, places = zip(*told.values(), strict=True)
    rows = session.execute(
        _EVENTS,
        {
            "agency": [one.agency_id for one in events],
            "person": [one.protected_person_id for one in events],
            "device": [one.device_id for one in events],
            "kind": [str(one.event.kind) for one in events],
            "occurred": [from_us(one.event.occurred_at_us) for one in events],
            "received": [from_us(one.event.received_at_us) for one in events],
            "lon": [place.lon for place in places],
            "lat": [place.lat for place in places],
            "accuracy": [place.accuracy_m for place in places],
        },
    )
    return [
        KeptEvent(
            row.id, told[row.device_id, row.kind, row.occurred_at, row.protected_person_id][0]
        )
        for row in rows
        if row.is_new
    ]


def forget_words(session: Session, device_id: int) -> None:
    """Keep no more of what a device of hers said and nobody believed; the caller commits."""
    session.execute(text("SELECT forget_rejected_words(:device)"), {"device": device_id})


def _key(one: ProtectedEvent) -> tuple[int, str, datetime, int]:
    occurred_at = from_us(one.event.occurred_at_us)
    return one.device_id, str(one.event.kind), occurred_at, one.protected_person_id


def _place(event: DeviceEvent) -> Place:
    """Where it was pressed; a place that cannot be is none, and the press is kept all the same."""
    if event.kind is not EventKind.BUTTON:
        return Place()
    detail: Mapping[str, object] = event.detail
    lon, lat = number(detail.get("lon")), number(detail.get("lat"))
    # When it was pressed is believed already: only the place is asked about.
    if lon is None or lat is None or flaw(lon, lat, None, 0, 0, 0) is not None:
        return Place()
    return Place(lon, lat, accuracy_m(within(number(detail.get("accuracy_m")), 0, MAX_ACCURACY_M)))
