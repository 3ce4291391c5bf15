from hypothesis import given
from hypothesis import strategies as st

from supervision.core.fixes import (
    Decoded,
    DeviceEvent,
    EventKind,
    Fix,
    Receipt,
    RejectedPing,
    Source,
)
from supervision.corridor.attribution import Owned, attribute, device_uids
from supervision.register.roster import KnownDevice, Wearing

AGENCY, DEVICE, FIRST, SECOND = 3, 5, 71, 72
KNOWN = {
    "tag": KnownDevice(
        DEVICE,
        AGENCY,
        (Wearing(DEVICE, AGENCY, FIRST, 10, 20), Wearing(DEVICE, AGENCY, SECOND, 25, None)),
    )
}


def a_fix(uid: str, at_us: int) -> Fix:
    return Fix(uid, None, None, 0, at_us, None, at_us, 5.0, 50.0, 8.0, Source.GPS, raw=b"words")


def an_event(uid: str, at_us: int) -> DeviceEvent:
    return DeviceEvent(uid, None, None, EventKind.STRAP_CUT, at_us, at_us, {"note": "x"})


def owned_by(at_us: int, uid: str = "tag") -> Owned:
    return attribute(Decoded([a_fix(uid, at_us)], [an_event(uid, at_us)], [], []), KNOWN)


def test_a_ping_belongs_to_whoever_wore_the_device_at_the_pings_own_time() -> None:
    for at_us, person in [(10, FIRST), (19, FIRST), (25, SECOND), (10**15, SECOND)]:
        owned = owned_by(at_us)
        assert owned.people == {person}
        assert owned.fixes[0].supervisee_id == owned.events[0].supervisee_id == person
        assert owned.rejected == []


def test_a_ping_of_a_time_when_nobody_wore_the_device_is_kept_as_rejected() -> None:
    for at_us in (9, 20, 24):
        owned = owned_by(at_us)
        assert owned.people == set()
        assert [one.reason for one in owned.rejected] == ["device_not_assigned"] * 2
        assert owned.rejected[0].payload == b"words"
        assert b"strap_cut" in owned.rejected[1].payload


def test_a_device_that_nobody_registered_is_rejected_as_unknown() -> None:
    owned = owned_by(10, "stranger")
    assert [one.reason for one in owned.rejected] == ["unknown_device"] * 2
    assert owned.agencies == {"tag": AGENCY}


def test_a_receipt_counts_for_a_known_device_whether_worn_or_not_and_for_no_other() -> None:
    receipts = [Receipt("tag", "s", 1, wants_ack=True), Receipt("stranger", "s", 1, wants_ack=True)]
    owned = attribute(Decoded([], [], receipts, []), KNOWN)
    assert [(one.receipt, one.device_id) for one in owned.receipts] == [(receipts[0], DEVICE)]


def test_every_name_in_the_batch_is_looked_up_once() -> None:
    bad = [RejectedPing("t", "d", "r", "", b"", 1), RejectedPing("t", None, "r", "", b"", 1)]
    decoded = Decoded(
        [a_fix("a", 1), a_fix("a", 2)],
        [an_event("b", 1)],
        [Receipt("c", "s", 1, wants_ack=False)],
        bad,
    )
    assert device_uids(decoded) == {"a", "b", "c", "d"}


uids = st.sampled_from(["tag", "stranger"])
times = st.integers(0, 40)


@given(
    fixes=st.lists(st.builds(a_fix, uids, times), max_size=8),
    events=st.lists(st.builds(an_event, uids, times), max_size=8),
)
def test_every_ping_leaves_exactly_one_row(fixes: list[Fix], events: list[DeviceEvent]) -> None:
    owned = attribute(Decoded(fixes, events, [], []), KNOWN)
    rows = len(owned.fixes) + len(owned.events) + len(owned.rejected)
    assert rows == len(fixes) + len(events)
    assert [one.fix for one in owned.fixes] == [
        fix for fix in fixes if fix.device_uid == "tag" and KNOWN["tag"].worn_at(fix.fixed_at_us)
    ]
