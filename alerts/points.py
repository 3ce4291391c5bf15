"""Says by which ways an officer is told of an alert, and when: his own choice, within a floor.

An officer says for each way which severities go by it, how long after the first, and in which
hours he is left alone. What is critical reaches him at any hour, by one way at least.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.catalogue import Severity
from alerts.rules import Means
from supervision.core.quiet_hours import QuietHours

EVERY_SEVERITY = frozenset(Severity)


@dataclass(frozen=True, slots=True)
class Point:
    """A way to reach somebody.

    Attributes:
        id: None: the e-mail address of the officer's account.
        means: How.
        severities: Which alerts go by it.
        after_s: So long after the first message, and only if nobody has seen to the alert by then.
        quiet: When none goes by it that is not critical.
    """

    id: int | None
    means: Means
    severities: frozenset[Severity] = EVERY_SEVERITY
    after_s: int = 0
    quiet: QuietHours | None = None


ACCOUNT = Point(None, Means.EMAIL)
"""The e-mail address that an officer signs in with: whoever has chosen nothing is told there."""


def chosen(points: Sequence[Point], severity: Severity) -> list[Point]:
    """The ways by which an officer is told of an alert.

    Args:
        points: Those that he has set up; none: he has chosen nothing yet.
        severity: Of the alert. Of a critical one he is told, whatever he chose, and at once.
    """
    taken = [point for point in points if severity in point.severities]
    is_at_once = any(point.after_s == 0 for point in taken)
    is_owed = not points or (severity is Severity.CRITICAL and not is_at_once)
    return [*taken, ACCOUNT] if is_owed else taken


def others(points: Sequence[Point], tried: Point) -> list[Point]:
    """The ways that are left where one has failed: all, whatever severities he chose for them."""
    return [point for point in [*points, ACCOUNT] if point != tried]


def due_at(point: Point, severity: Severity, now: datetime) -> datetime:
    """When a message goes by a way; what is not critical waits until quiet hours are over."""
    at = now + timedelta(seconds=point.after_s)
    if severity is Severity.CRITICAL or point.quiet is None or not point.quiet.includes(at):
        return at
    return point.quiet.over_at(at)
