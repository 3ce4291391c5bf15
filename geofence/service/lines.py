"""Lines new fixes up with the stored ones that they can bear upon."""

from typing import NamedTuple

import numpy as np
from sqlalchemy.orm import Session

from geofence.rules.silence import PIECE_US
from geofence.service.positions import Positions, Window
from supervision.core.fixes import LocatedFixes


class Line(NamedTuple):
    """What is to be looked at anew.

    Attributes:
        fixes: Those of the windows with the telling ones beside them, by person and time.
        windows: From the first to the last new fix of each person.
        joined: Who has other fixes too from his window's begin on: his new ones may fill a gap.
    """

    fixes: LocatedFixes
    windows: list[Window]
    joined: set[int]


def line_up(
    session: Session, positions: Positions, windows: list[Window], new: LocatedFixes, longer_us: int
) -> Line:
    """The fixes of some windows, the last telling one before each, and the first after it.

    Nearly all new fixes are their wearer's latest. Only of who has others beside or after them
    more is read than the one before.

    Args:
        session: Open transaction in which the new fixes are stored; only read.
        positions: Reads stored fixes.
        windows: At most one a person, with all his new fixes in it.
        new: In any order.
        longer_us: How much longer than the windows to look for others.
    """
    people, count = np.unique(new.supervisee_id, return_counts=True)
    counts = dict(zip(people.tolist(), count.tolist(), strict=True))
    of_each = [counts.get(one.supervisee_id, 0) for one in windows]
    joined = positions.with_more_since(session, windows, of_each)
    fixes = new.take(~np.isin(new.supervisee_id, list(joined)))
    alone = [one for one in windows if one.supervisee_id not in joined]
    if alone:
        fixes = fixes.followed_by(positions.before(session, alone, PIECE_US))
    others = [one.lasting(longer_us) for one in windows if one.supervisee_id in joined]
    if others:
        fixes = fixes.followed_by(positions.around(session, others, PIECE_US))
    return Line(_in_order(fixes), windows, joined)


def _in_order(fixes: LocatedFixes) -> LocatedFixes:
    """By person, then time; ties by position."""
    place = (fixes.source, fixes.accuracy_m, fixes.lat, fixes.lon)
    return fixes.take(np.lexsort((*place, fixes.fixed_at_us, fixes.supervisee_id)))
