"""Pipelines to compare with: one that only copies, and the whole one without its engine."""

from datetime import datetime
from io import StringIO

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from geofence.service import StayFinding
from ingest.store import DeviceAck, OwnedFix
from ingest.store.fixes import copy_lines
from supervision.core.db import transaction
from supervision.core.fixes import Decoded, LocatedFixes
from supervision.monitor import Monitor

TABLE = """
CREATE TABLE IF NOT EXISTS bare_fix (
    id bigint, agency_id bigint, supervisee_id bigint, device_id bigint, fixed_us bigint,
    sent_us bigint, received_us bigint, lon double precision, lat double precision,
    accuracy_m double precision, source smallint, speed_mps double precision,
    course_deg double precision, altitude_m double precision, battery_pct double precision,
    session text, seq bigint, raw bytea
);
GRANT SELECT, INSERT ON bare_fix TO supervision_engine
"""


class BareHandler:
    """Copies fixes into a plain table without index or check."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __call__(self, decoded: Decoded) -> list[DeviceAck]:
        """Keep the fixes of a batch; answer the messages that ask for it."""
        owned = [OwnedFix(fix, 0, 0, 0) for fix in decoded.fixes]
        with transaction(self._engine) as session:
            cursor = session.connection().connection.cursor()
            lines = StringIO(copy_lines(owned, [0] * len(owned)))
            cursor.copy_expert("COPY bare_fix FROM STDIN", lines, size=1 << 20)
        return [
            DeviceAck(receipt.device_uid, receipt.session, receipt.seq, ())
            for receipt in decoded.receipts
            if receipt.wants_ack
        ]


class UnjudgedMonitor(Monitor):
    """The whole system, blind: what it saves is the engine's share of each ping's time."""

    def judge(self, session: Session, fixes: LocatedFixes, now: datetime) -> list[StayFinding]:
        """Find nothing."""
        del session, fixes, now
        return []
