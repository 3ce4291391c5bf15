"""Nothing in the audit trail can be changed unnoticed by anyone who does not rewrite all of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from supervision.core import audit
from supervision.core.audit import Entry, Tag, broken_links
from supervision.core.db import transaction

AT = datetime(2026, 9, 21, 12, tzinfo=UTC)

in_one_database = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)


def new_agency(session: Session) -> int:
    count = session.execute(text("SELECT count(*) FROM agency")).scalar_one()
    agency_id: int = session.execute(
        text("INSERT INTO agency (name, time_zone) VALUES (:name, 'UTC') RETURNING id"),
        {"name": f"A{count}"},
    ).scalar_one()
    session.execute(text("INSERT INTO agency_ledger (agency_id) VALUES (:id)"), {"id": agency_id})
    return agency_id


def write(session: Session, agency_id: int, count: int) -> None:
    for number in range(count):
        at = AT + timedelta(seconds=number)
        audit.record(session, agency_id, at, audit.SYSTEM, Tag.ALERT_RAISED, f"alert:{number}")


Tamper = Callable[[Session, int, int, int], Any]
"""Changes the trail of an agency, of so many entries, at this one."""


def statement(words: str) -> Tamper:
    def tamper(session: Session, agency_id: int, count: int, seq: int) -> None:
        session.execute(text(words), {"agency": agency_id, "seq": seq, "count": count})

    return tamper


def altered(column: str, value: str) -> Tamper:
    return statement(
        f"UPDATE audit_entry SET {column} = {value} WHERE agency_id = :agency AND seq = :seq"
    )


def swap_two(session: Session, agency_id: int, count: int, seq: int) -> None:
    other = seq % count + 1
    for old, new in [(seq, -1), (other, seq), (-1, other)]:
        session.execute(
            text("UPDATE audit_entry SET seq = :new WHERE agency_id = :agency AND seq = :old"),
            {"agency": agency_id, "old": old, "new": new},
        )


def slip_one_in(session: Session, agency_id: int, count: int, seq: int) -> None:
    """Make room after an entry and put one there that follows from it by the book."""
    for later in range(count, seq, -1):
        session.execute(
            text("UPDATE audit_entry SET seq = seq + 1 WHERE agency_id = :agency AND seq = :seq"),
            {"agency": agency_id, "seq": later},
        )
    before = session.execute(
        text("SELECT hash FROM audit_entry WHERE agency_id = :agency AND seq = :seq"),
        {"agency": agency_id, "seq": seq},
    ).scalar_one()
    forged = Entry(agency_id, seq + 1, AT, "officer:1", "alert:closed", "alert:1", {})
    session.execute(
        text(
            "INSERT INTO audit_entry (agency_id, seq, at, actor, tag, subject, detail, hash)"
            " VALUES (:agency, :seq, :at, 'officer:1', 'alert:closed', 'alert:1', '{}', :hash)"
        ),
        {"agency": agency_id, "seq": seq + 1, "at": AT, "hash": forged.chained_to(bytes(before))},
    )


TAMPERINGS: dict[str, Tamper] = {
    "at": altered("at", "at + interval '1 microsecond'"),
    "actor": altered("actor", "'officer:9'"),
    "tag": altered("tag", "'alert:viewed'"),
    "subject": altered("subject", "subject || '0'"),
    "detail": altered("detail", """'{"note": "x"}'"""),
    "hash": altered("hash", r"'\x00'"),
    "deleted": statement("DELETE FROM audit_entry WHERE agency_id = :agency AND seq = :seq"),
    "cut": statement("DELETE FROM audit_entry WHERE agency_id = :agency AND seq >= :seq"),
    "beheaded": statement("DELETE FROM audit_entry WHERE agency_id = :agency AND seq <= :seq"),
    "no ledger": statement("DELETE FROM agency_ledger WHERE agency_id = :agency"),
    "ledger": statement(
        "UPDATE agency_ledger SET audit_seq = audit_seq + 1 WHERE agency_id = :agency"
    ),
    "swapped": swap_two,
    "slipped in": slip_one_in,
}


@in_one_database
@given(how=st.sampled_from(sorted(TAMPERINGS)), count=st.integers(2, 6), data=st.data())
def test_whatever_is_altered_deleted_inserted_reordered_or_cut_off_is_found(
    intruder: Session, how: str, count: int, data: st.DataObject
) -> None:
    honest, victim = new_agency(intruder), new_agency(intruder)
    for agency_id in (honest, victim):
        write(intruder, agency_id, count)
    assert list(broken_links(intruder)) == []
    TAMPERINGS[how](intruder, victim, count, data.draw(st.integers(1, count), label="seq"))
    assert {agency_id for agency_id, _ in broken_links(intruder)} == {victim}
    intruder.rollback()
    intruder.execute(text("SET session_replication_role = replica"))


@in_one_database
@given(detail=st.dictionaries(words, plain, max_size=3), hours=st.integers(-12, 14))
def test_whatever_is_put_on_record_is_found_unchanged(
    intruder: Session, detail: dict[str, Any], hours: int
) -> None:
    agency_id = new_agency(intruder)
    at = AT.astimezone(timezone(timedelta(hours=hours)))
    taken = {"session", "agency_id", "at", "actor", "tag", "subject"}
    kept = {key: value for key, value in detail.items() if key not in taken}
    audit.record(intruder, agency_id, at, "officer:1", Tag.ZONE_ARMED, "zone:1", **kept)
    assert list(broken_links(intruder)) == []
    intruder.rollback()


def test_the_trail_is_checked_alike_in_every_time_zone(intruder: Session) -> None:
    write(intruder, new_agency(intruder), 2)
    intruder.execute(text("SET LOCAL timezone = 'Asia/Kathmandu'"))
    assert list(broken_links(intruder)) == []


def test_a_break_is_reported_where_it_is(intruder: Session) -> None:
    agency_id = new_agency(intruder)
    write(intruder, agency_id, 5)
    altered("actor", "'officer:9'")(intruder, agency_id, 5, 3)
    assert list(broken_links(intruder)) == [(agency_id, 3)]
    intruder.execute(text("DELETE FROM audit_entry WHERE seq >= 3"))
    assert list(broken_links(intruder)) == [(agency_id, 3)]


@pytest.mark.parametrize("verb", ["UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry"])
def test_the_engine_itself_can_change_nothing_on_record(engine: Engine, verb: str) -> None:
    with transaction(engine) as session:
        write(session, new_agency(session), 1)
    with (
        pytest.raises(DBAPIError, match=r"permission denied|append-only"),
        transaction(engine) as s,
    ):
        s.execute(text(verb))


def test_what_is_rolled_back_leaves_no_gap(engine: Engine) -> None:
    with transaction(engine) as session:
        agency_id = new_agency(session)
        write(session, agency_id, 1)
    with Session(engine) as session:
        write(session, agency_id, 3)
        session.rollback()
    with transaction(engine) as session:
        write(session, agency_id, 1)
        assert list(broken_links(session)) == []
        count = session.execute(text("SELECT count(*), max(seq) FROM audit_entry")).one()
    assert tuple(count) == (2, 2)
