"""What the simulator sends, read by the system's own decoder."""

import pytest

from ingest.payload import Limits, RawMessage, decode
from ingest.simulator.devices import SimDevice
from ingest.simulator.faults import Faults
from ingest.simulator.pings import Ping
from ingest.simulator.scenarios import SCENARIOS
from ingest.simulator.truth import SimZone
from supervision.core.fixes import Decoded, EventKind, Source

START_AT_S = 1_790_000_000
LIMITS = Limits(262_144, 400 * 86_400 * 10**6, 120 * 10**6)


def pings_of(scenario: str, faults: Faults) -> list[Ping]:
    zone = SimZone(-122.08, 37.4, 200.0)
    return list(SimDevice(0, scenario, zone, 1, 60.0, START_AT_S, faults=faults).pings())


def read(pings: list[Ping]) -> Decoded:
    received_at_us = (START_AT_S + 86_400) * 10**6
    return decode(
        [RawMessage(p.topic, p.payload, received_at_us, is_retained=False) for p in pings], LIMITS
    )


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_ping_is_believed_and_leaves_a_receipt_that_asks_for_an_ack(scenario: str) -> None:
    pings = pings_of(scenario, Faults(drift_m=5.0))
    decoded = read(pings)
    assert not decoded.rejected
    assert len(decoded.fixes) + len(decoded.events) == len(pings)
    receipts = [(receipt.session, receipt.seq) for receipt in decoded.receipts]
    assert receipts == [(ping.session, ping.seq) for ping in pings]
    assert all(receipt.wants_ack for receipt in decoded.receipts)
    assert {fix.source for fix in decoded.fixes} == {Source.GPS}
    assert all(fix.battery_pct and fix.course_deg is not None for fix in decoded.fixes)


def test_a_cut_strap_is_understood_as_one() -> None:
    (event,) = read(pings_of("strap-cut", Faults())).events
    assert event.kind is EventKind.STRAP_CUT


def test_every_broken_message_is_rejected_and_none_leaves_a_receipt() -> None:
    pings = pings_of("strap-cut", Faults(malformed=1.0)) + pings_of(
        "silence", Faults(malformed=1.0)
    )
    broken = [ping for ping in pings if ping.seq is None]
    assert len({ping.payload[:12] for ping in broken}) > 1
    for ping in broken:
        decoded = read([ping])
        assert len(decoded.rejected) == 1
        assert [decoded.fixes, decoded.events, decoded.receipts] == [[], [], []]
