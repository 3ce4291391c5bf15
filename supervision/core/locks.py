"""One person's fixes, zones and plans are seen to by one transaction at a time.

Whoever needs several locks takes them in this order, so that nobody waits in a ring: people (here),
the agency's holidays, the zone or zone set that is changed, its agency's zone epoch, boundaries,
plans of check-ins, check-ins, the agency's ledger.
"""

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.orm import Session

PERSON_LOCK = 1
HOLIDAY_LOCK = 2


def lock_people(session: Session, supervisee_ids: Iterable[int]) -> None:
    """Wait until no other transaction judges or plans for any of these people; held until commit.

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


def lock_holidays(session: Session, agency_id: int, *, is_changing: bool) -> None:
    """Wait until no other transaction changes the agency's holidays; held until commit.

    Whoever plans by them waits only for whoever changes them, who waits for all of those: else a
    plan that is being written would miss the change, and the change the plan.
    """
    lock = "pg_advisory_xact_lock" if is_changing else "pg_advisory_xact_lock_shared"
    session.execute(
        text(f"SELECT {lock}(:kind, CAST(:id % 2147483647 AS integer))"),
        {"kind": HOLIDAY_LOCK, "id": agency_id},
    )
