import math
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from ingest.simulator.outbox import HUSH_S, Outbox
from ingest.simulator.pings import Ping

SESSION = ("sim-0001", "s")


def a_ping(seq: int | None, *, is_lost: bool = False) -> Ping:
    session = None if seq is None else "s"
    return Ping("sim-0001", "t", b"", 0.0, 0.0, session, seq, is_lost)


def an_outbox(*seqs: int) -> Outbox:
    outbox = Outbox(resend_after_s=10.0)
    for seq in seqs:
        outbox.keep(a_ping(seq), 0.0)
    return outbox


def taken(outbox: Outbox, now_s: float) -> list[int | None]:
    pings = []
    while ping := outbox.take(now_s):
        pings.append(ping.seq)
    return pings


def test_a_ping_is_kept_until_an_ack_covers_it() -> None:
    outbox = an_outbox(1, 2, 3)
    outbox.confirm(SESSION, 2)
    assert (len(outbox), outbox.confirmed) == (1, 2)
    outbox.confirm(SESSION, 3)
    assert (len(outbox), outbox.confirmed) == (0, 3)


def test_an_ack_of_another_session_device_or_past_confirms_nothing() -> None:
    outbox = an_outbox(1, 2)
    outbox.confirm(("sim-0001", "other"), 2)
    outbox.confirm(("sim-0002", "s"), 2)
    outbox.confirm(SESSION, 0)
    assert len(outbox) == 2


def test_an_absurdly_high_ack_is_no_long_work() -> None:
    outbox = an_outbox(1, 2)
    outbox.confirm(SESSION, 2**62)
    assert len(outbox) == 0


def test_a_ping_waits_twice_as_long_for_each_further_sending_up_to_eight_times() -> None:
    outbox = an_outbox(1)
    assert taken(outbox, 9.9) == []
    sent_at_s = []
    for now_s in range(10, 300):
        sent_at_s += [now_s for _ in taken(outbox, float(now_s))]
    assert sent_at_s == [10, 20, 40, 80, 160, 240]


def test_what_the_system_misses_is_due_at_once_but_not_while_it_is_on_its_way() -> None:
    outbox = an_outbox(1, 2, 3)
    outbox.ask_again(SESSION, 2, 2, 0.1)
    assert taken(outbox, HUSH_S - 0.1) == []
    assert taken(outbox, HUSH_S) == [2]
    outbox.ask_again(SESSION, 2, 9, 5.0)
    assert taken(outbox, 5.0) == [2, 3]


def test_asking_again_and_again_does_not_send_it_more_often() -> None:
    outbox = an_outbox(1)
    for tenth in range(100):
        outbox.ask_again(SESSION, 1, 1, tenth / 10)
    assert taken(outbox, 9.0) == [1]


def test_a_ping_lost_on_the_way_is_sent_as_soon_as_it_is_missed() -> None:
    outbox = Outbox(10.0)
    outbox.keep(a_ping(1, is_lost=True), 0.0)
    outbox.ask_again(SESSION, 1, 1, 0.1)
    assert taken(outbox, 0.1) == [1]


def test_what_is_not_kept_cannot_be_asked_for() -> None:
    outbox = an_outbox(1)
    outbox.ask_again(SESSION, 2, 2**62, 5.0)
    outbox.ask_again(("sim-0009", "s"), 1, 1, 5.0)
    assert taken(outbox, 5.0) == []


def test_after_a_lost_connection_everything_kept_is_due() -> None:
    outbox = an_outbox(1, 2, 3)
    outbox.confirm(SESSION, 1)
    outbox.all_again(0.5)
    assert taken(outbox, 0.5) == [2, 3]


def test_after_a_lost_connection_patience_starts_anew() -> None:
    outbox = an_outbox(1)
    for now_s in (10.0, 20.0, 40.0):
        assert taken(outbox, now_s) == [1]
    outbox.all_again(41.0)
    assert taken(outbox, 41.0) == [1]
    assert taken(outbox, 50.9) == []
    assert taken(outbox, 51.0) == [1]


def test_copies_confirmed_pings_and_pings_without_a_number_are_not_kept() -> None:
    outbox = an_outbox(1, 2)
    outbox.confirm(SESSION, 1)
    for seq in (1, 2, None):
        outbox.keep(a_ping(seq), 1.0)
    assert len(outbox) == 1


def test_an_empty_outbox_has_no_next_turn() -> None:
    assert an_outbox().next_turn_s() == math.inf
    assert an_outbox(1).next_turn_s() == 10.0


@dataclass
class Losing:
    """A way to the system that loses what the test says, and a system that acks what it has."""

    losses: list[bool]
    stored: set[int]

    def carry(self, ping: Ping, outbox: Outbox, now_s: float) -> None:
        if self.losses and self.losses.pop():
            return
        self.stored.add(ping.seq or 0)
        up_to = next(seq for seq in range(len(self.stored) + 2) if seq + 1 not in self.stored)
        outbox.confirm(SESSION, up_to)
        if up_to < max(self.stored):
            outbox.ask_again(SESSION, up_to + 1, max(self.stored) - 1, now_s)


@given(st.integers(1, 30), st.lists(st.booleans(), max_size=60))
def test_whatever_is_lost_everything_is_stored_in_the_end(count: int, losses: list[bool]) -> None:
    way, outbox, now_s = Losing(losses, set()), Outbox(10.0), 0.0
    for seq in range(1, count + 1):
        outbox.keep(a_ping(seq), now_s)
        way.carry(a_ping(seq), outbox, now_s)
    while len(outbox):
        now_s = max(now_s, outbox.next_turn_s())
        while ping := outbox.take(now_s):
            way.carry(ping, outbox, now_s)
    assert way.stored == set(range(1, count + 1))
    assert outbox.confirmed == count
