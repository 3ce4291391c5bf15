"""Says which means of sending fail now: the mail server is down, or a gateway refuses.

A means fails when its last three attempts or more in the agency ended without sending, failed or
refused, and none has gone out by it since. One failure may be a hiccup and two a wrong address; by
the third, at most half a minute after the first where a server is down, every message has been
begun to go around it. What was refused for one receiver alone, such as a wrong number or an app
that is not signed in, says something of him and nothing of the means. One message that goes out is
proof enough that it works again. What nobody has tried for a day says nothing of now.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.rules import Means

LEAST_FAILURES = 3
LOOK_BACK = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of an agency's attempts by one means, within `LOOK_BACK`.

    Attributes:
        failures: Attempts that ended without sending since one last went out.
        since: When the first of these ended; None where there is none.
        went_out_at: When one last went out; None where none did.
        is_one_receivers: Whether all these failures were refusals, for one receiver alone.
    """

    means: Means
    failures: int
    since: datetime | None
    went_out_at: datetime | None
    is_one_receivers: bool = False


@dataclass(frozen=True, slots=True)
class Failing:
    """A means that fails now.

    Attributes:
        failures: So many attempts in a row.
        since: When the first of them ended.
        around: By which other means messages have gone out since, and still do.
    """

    means: Means
    failures: int
    since: datetime
    around: tuple[Means, ...]


def failing(tried: Sequence[Tried]) -> list[Failing]:
    """The means that fail, by what came of the attempts by each; the first to fail first."""
    broken = {
        one.means for one in tried if one.failures >= LEAST_FAILURES and not one.is_one_receivers
    }
    told = [
        Failing(one.means, one.failures, one.since, _around(one.since, tried, broken))
        for one in tried
        if one.means in broken and one.since is not None
    ]
    return sorted(told, key=lambda one: one.since)


def _around(
    since: datetime, tried: Sequence[Tried], broken: Collection[Means]
) -> tuple[Means, ...]:
    return tuple(
        one.means
        for one in tried
        if one.means not in broken and one.went_out_at is not None and one.went_out_at >= since
    )
