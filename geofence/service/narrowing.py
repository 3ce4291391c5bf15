"""Leaves out, of many pairs to be judged anew, those that nothing known can touch."""

from sqlalchemy.orm import Session

from geofence.service.positions import Positions, Window
from geofence.store import stays_since
from geofence.zones import Pair, ZoneBook
from geofence.zones.probes import whereabouts
from supervision.core.fixes import CARRY_US

# So few pairs of a person are judged sooner than looked at.
FEW_PAIRS = 20


def worth_judging(
    session: Session, book: ZoneBook, since: dict[Pair, int], positions: Positions, now_us: int
) -> dict[Pair, int]:
    """The pairs that a known fix, a way, or a stay can say something about.

    A set has thousands of zones, and somebody to whom it applies was near three of them. One pair
    of each person remains in any case: his silences are looked at from the earliest moment on.

    Args:
        session: Open transaction, only read.
        book: Knows the change.
        since: From when each pair is to be judged, microseconds.
        positions: Reads stored fixes.
        now_us: The present, microseconds.
    """
    first: dict[int, Pair] = {}
    count: dict[int, int] = {}
    for pair in sorted(since, key=lambda one: (since[one], one)):
        first.setdefault(pair.supervisee_id, pair)
        count[pair.supervisee_id] = count.get(pair.supervisee_id, 0) + 1
    many = {person: since[first[person]] for person, pairs in count.items() if pairs > FEW_PAIRS}
    if not many:
        return since
    wanted = set(first.values()) | _near(session, book, many, positions, now_us)
    wanted |= {one.pair for one in stays_since(session, many)}
    return {
        pair: since_us
        for pair, since_us in since.items()
        if pair in wanted or pair.supervisee_id not in many
    }


def _near(
    session: Session,
    book: ZoneBook,
    earliest_us: dict[int, int],
    positions: Positions,
    now_us: int,
) -> set[Pair]:
    """The pairs that fixes come near, from a day before each person's moment on."""
    windows = [
        Window(person, max(since_us - CARRY_US, 0)) for person, since_us in earliest_us.items()
    ]
    line = positions.around(session, windows, CARRY_US)
    return book.pairs_near(whereabouts(line), now_us)
