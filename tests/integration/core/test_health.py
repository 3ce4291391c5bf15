from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from supervision.core.db import transaction
from supervision.core.health import Heartbeat, beat, heartbeats

T0 = datetime(2026, 9, 21, 12, tzinfo=UTC)


def test_a_process_is_heard_when_it_last_beat_with_what_it_last_said(engine: Engine) -> None:
    with transaction(engine) as session:
        beat(session, "scheduler", T0, failing=["partitions"])
        beat(session, "ingest-1", T0, messages=5)
        beat(session, "scheduler", T0 + timedelta(seconds=5), failing=[])
    with transaction(engine) as session:
        assert heartbeats(session) == [
            Heartbeat("ingest-1", T0, {"messages": 5}),
            Heartbeat("scheduler", T0 + timedelta(seconds=5), {"failing": []}),
        ]
