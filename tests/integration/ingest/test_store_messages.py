"""Sessions' counts, events and rejections: kept once, whatever comes again and in what order."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.store import DeviceAck
from supervision.core.clock import to_us
from supervision.core.fixes import EventKind, Receipt, RejectedPing
from tests.harness import T0, World, an_event

quickly = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def told(device_uid: str, session: str, known: set[int]) -> DeviceAck:
    """What a device must be told of a session of which these numbers are known."""
    holes = list(holes_below(max(known), known))
    stored_up_to = holes[0][0] - 1 if holes else max(known)
    return DeviceAck(device_uid, session, stored_up_to, tuple(holes))


def holes_below(last: int, known: set[int]) -> Iterator[tuple[int, int]]:
    missing = [number for number in range(1, last) if number not in known]
    for number in missing:
        if number - 1 not in missing:
            end = next(one for one in range(number, last + 1) if one in known)
            yield number, end - 1


@quickly
@given(
    batches=st.lists(
        st.lists(
            st.tuples(st.sampled_from(["boot-1", "boot-2"]), st.integers(1, 25)),
            min_size=1,
            max_size=8,
        ),
        min_size=1,
        max_size=8,
    )
)
def test_whatever_the_order_a_device_is_told_what_is_missing(
    world: World, batches: list[list[tuple[str, int]]]
) -> None:
    him = world.person()
    known: dict[str, set[int]] = {"boot-1": set(), "boot-2": set()}
    for batch in batches:
        receipts = [Receipt(him.device_uid, name, seq, wants_ack=True) for name, seq in batch]
        for name, seq in batch:
            known[name].add(seq)
        expected = {told(him.device_uid, name, known[name]) for name, _ in batch}
        assert set(world.send(receipts=receipts)) == expected


def test_a_session_may_begin_with_nought_and_end_with_the_last_number_there_is(
    world: World,
) -> None:
    him = world.person()
    last = 2**63 - 2
    receipts = [Receipt(him.device_uid, "s", seq, wants_ack=True) for seq in (0, last)]
    (ack,) = world.send(receipts=receipts)
    assert (ack.stored_up_to, ack.missing) == (0, ((1, last - 1),))


def test_a_device_that_counts_wildly_is_told_of_its_first_holes_only(world: World) -> None:
    him = world.person()
    receipts = [Receipt(him.device_uid, "s", 2 * k, wants_ack=True) for k in range(1, 1001)]
    (ack,) = world.send(receipts=receipts)
    assert ack.stored_up_to == 0
    assert ack.missing == tuple((2 * k + 1, 2 * k + 1) for k in range(50))


def test_the_same_event_is_kept_and_told_once(world: World) -> None:
    him = world.person()
    cut = an_event(him.device_uid, EventKind.STRAP_CUT, T0)
    later = an_event(him.device_uid, EventKind.STRAP_CUT, T0 + timedelta(minutes=1))
    world.send(events=[cut, cut])
    world.send(events=[later, cut])
    assert world.one("SELECT count(*) FROM device_event") == 2
    assert len(world.alerts()) == 2


def a_rejection(reason: str, payload: bytes, seconds: int, topic: str = "t") -> RejectedPing:
    received_at_us = to_us(T0 + timedelta(seconds=seconds))
    return RejectedPing(topic, None, reason, "why", payload, received_at_us)


@quickly
@given(
    batches=st.lists(
        st.lists(
            st.tuples(
                st.sampled_from(["not_json", "malformed"]),
                st.sampled_from([b"", b"\0", b"\xff", b"{}"]),
            ),
            max_size=10,
        ),
        max_size=5,
    )
)
def test_rejections_are_counted_by_their_words(
    world: World, batches: list[list[tuple[str, bytes]]]
) -> None:
    topic = f"t/{world.one('SELECT count(*) FROM rejected_message')}/{id(batches)}"
    for second, batch in enumerate(batches):
        world.send(rejected=[a_rejection(*words, second, topic) for words in batch])
    rows = world.rows(
        "SELECT reason, payload, times_seen FROM rejected_message WHERE topic = :topic", topic=topic
    )
    everything = [words for batch in batches for words in batch]
    assert {(row.reason, bytes(row.payload)): row.times_seen for row in rows} == {
        words: everything.count(words) for words in everything
    }


@pytest.mark.parametrize("topic", ["with\0nought", "with 'quotes' \\ \t", "\U0001f600"])
def test_any_topic_can_be_kept(world: World, topic: str) -> None:
    world.send(rejected=[a_rejection("unknown_topic", b"\0", 0, topic)])
    assert world.one("SELECT topic FROM rejected_message") == topic.replace("\0", "\ufffd")
