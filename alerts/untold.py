"""Says why an officer on a ladder or a rota would be told nothing, as far as that is known."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from alerts.failing import LEAST_FAILURES
from alerts.points import ACCOUNT, Point
from alerts.rules import Means

LOOK_BACK = timedelta(days=7)


class Untold(StrEnum):
    """Why somebody is told nothing, or could do nothing about it; the first that holds."""

    NO_SIGN_IN = "no_sign_in"
    SEES_NO_ALERTS = "sees_no_alerts"
    NO_WAY = "no_way"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of an officer.

    Attributes:
        may_sign_in: Who may not is never told.
        sees_alerts: Whether his role opens them.
        points: The ways that he has set up.
        failures: Attempts to reach him, in a row and within `LOOK_BACK`, of which none went out.
    """

    may_sign_in: bool
    sees_alerts: bool
    points: Sequence[Point]
    failures: int


def why_untold(standing: Standing, working: Collection[Means]) -> Untold | None:
    """Why messages to an officer are in vain; None: nothing is known against them.

    Args:
        standing: The officer's.
        working: The means by which this installation can reach anybody. His account's e-mail
            address is a way too: what fails by others is sent there.
    """
    if not standing.may_sign_in:
        return Untold.NO_SIGN_IN
    if not standing.sees_alerts:
        return Untold.SEES_NO_ALERTS
    if not any(point.means in working for point in (*standing.points, ACCOUNT)):
        return Untold.NO_WAY
    return Untold.NOT_REACHED if standing.failures >= LEAST_FAILURES else None
