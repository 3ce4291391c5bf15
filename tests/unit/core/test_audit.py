from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from supervision.core.audit import Entry

AT = datetime(2026, 9, 21, 12, tzinfo=UTC)
entries = st.builds(
    Entry,
    agency_id=st.integers(1, 3),
    seq=st.integers(1, 3),
    at=st.sampled_from([AT, AT + timedelta(microseconds=1)]),
    actor=st.sampled_from(["system", "officer:1"]),
    tag=st.sampled_from(["alert:raised", "alert:closed"]),
    subject=st.sampled_from(["alert:1", "alert:11"]),
    detail=st.dictionaries(st.sampled_from(["a", "b"]), st.integers(0, 2) | st.text(max_size=2)),
)
hashes = st.sampled_from([b"", b"\1" * 32, b"\2" * 32])


@given(one=entries, other=entries, before=hashes, before_other=hashes)
def test_two_entries_have_one_hash_only_if_they_are_the_same_after_the_same(
    one: Entry, other: Entry, before: bytes, before_other: bytes
) -> None:
    is_same = (one, before) == (other, before_other)
    assert (one.chained_to(before) == other.chained_to(before_other)) == is_same


@given(entry=entries, hours=st.integers(-12, 14))
def test_an_instant_hashes_alike_in_every_time_zone(entry: Entry, hours: int) -> None:
    moved = entry.at.astimezone(timezone(timedelta(hours=hours)))
    same = Entry(
        entry.agency_id, entry.seq, moved, entry.actor, entry.tag, entry.subject, entry.detail
    )
    assert same.chained_to(b"") == entry.chained_to(b"")
