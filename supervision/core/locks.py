"""One person's fixes and zones are judged by one transaction at a time.

Whoever needs several locks takes them in this order, so that nobody waits in a ring: people (here),
the zone or zone set that is changed, its agency's zone epoch, boundaries, the agency's ledger.
"""

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.orm import Session

PERSON_LOCK = 1


def lock_people(session: Session, supervisee_ids: Iterable[int]) -> None:
    """Wait until no other transaction judges any of these people; held until commit.

    Taken in one order everywhere, so two batches cannot wait for each other. What the other
    transaction wrote is visible afterwards.
    """
    session.execute(
        text(
            "SELECT pg_advisory_xact_lock(:kind, (id % 2147483647)::integer)"
            " FROM (SELECT unnest(CAST(:ids AS bigint[])) AS id ORDER BY 1) people"
        ),
        {"kind": PERSON_LOCK, "ids": sorted(set(supervisee_ids))},
    )
