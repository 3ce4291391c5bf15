"""Our own contract: `supervision/v1/<device>/events` and `.../status`."""

import json

import pytest

from ingest.payload import Limits, RawMessage, decode
from supervision.core.fixes import Decoded, EventKind, Receipt

DAY_US = 86_400_000_000
LIMITS = Limits(262_144, 400 * DAY_US, 120_000_000)
NOW_S = 1_795_000_000
NOW_US = NOW_S * 1_000_000


def said(body: object, kind: str = "events") -> Decoded:
    payload = json.dumps(body).encode()
    message = RawMessage(f"supervision/v1/tag-1/{kind}", payload, NOW_US, is_retained=False)
    return decode([message], LIMITS)


def reasons(out: Decoded) -> list[str]:
    return [row.reason for row in out.rejected]


RECEIPT = Receipt("tag-1", "boot-7", 41, wants_ack=False)


def event(**more: object) -> Decoded:
    return said({"session": "boot-7", "seq": 41, **more}, kind="events")


def test_a_single_event_and_a_list_of_one_are_the_same() -> None:
    strap = {"t": NOW_S - 5, "kind": "strap_cut", "ohms": 900}
    assert event(**strap) == event(events=[strap])
    (row,) = event(**strap).events
    assert row[:4] == ("tag-1", "boot-7", 41, EventKind.STRAP_CUT)
    assert row[4:] == (NOW_US - 5_000_000, NOW_US, {"ohms": 900})


def test_every_kind_of_the_contract_is_known() -> None:
    contract = "strap_cut strap_restored case_open battery_low battery_critical charging jamming "
    contract += "shielding no_fix motion button home_unit_in_range home_unit_out_of_range"
    out = event(events=[{"t": NOW_S, "kind": kind} for kind in contract.split()])
    assert [row.kind.value for row in out.events] == contract.split()
    assert out.receipts == [RECEIPT]


@pytest.mark.parametrize("kind", ["strapcut", "connection_lost", "", None, 7, ["strap_cut"]])
def test_an_unknown_kind_is_rejected_alone(kind: object) -> None:
    out = event(events=[{"t": NOW_S, "kind": kind}, {"t": NOW_S, "kind": "button"}])
    assert (reasons(out), len(out.events)) == (["unknown_event_kind"], 1)
    assert out.receipts == [RECEIPT]


@pytest.mark.parametrize("stated", [0, NOW_S * 1000, "when?", [1], True])
def test_a_cut_strap_is_not_lost_over_an_impossible_clock(stated: object) -> None:
    (row,) = event(t=stated, kind="strap_cut").events
    assert row.occurred_at_us == NOW_US
    assert row.detail == {"is_time_replaced": True}


def test_an_event_without_a_time_happened_when_it_came() -> None:
    (row,) = event(kind="button").events
    assert (row.occurred_at_us, row.detail) == (NOW_US, {})


def test_events_without_contents_keep_the_count_or_are_ignored() -> None:
    assert event(events=[]).receipts == [RECEIPT]
    (row,) = said({"events": []}, kind="events").rejected
    assert (row.reason, row.is_ignored) == ("empty", True)
    assert reasons(event(events=[5, {"kind": "button"}])) == ["malformed"]


def test_a_last_will_says_the_line_is_lost_and_a_greeting_that_it_is_back() -> None:
    (lost,) = said({"state": "offline"}, kind="status").events
    (back,) = said({"state": "online", "t": NOW_S - 3}, kind="status").events
    assert (lost.kind, lost.occurred_at_us) == (EventKind.CONNECTION_LOST, NOW_US)
    assert (back.kind, back.occurred_at_us) == (EventKind.CONNECTED, NOW_US - 3_000_000)


@pytest.mark.parametrize("state", ["asleep", None, 1, ["offline"]])
def test_any_other_state_is_rejected(state: object) -> None:
    assert reasons(said({"state": state}, kind="status")) == ["unknown_state"]
