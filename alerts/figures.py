"""The numbers by which an agency sees whether alerts are seen to, and whether they are worth it.

They are of alerts found in a span of time, and, apart from it, of what waits now.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts.catalogue import AlertKind
from alerts.load import Load, Span
from alerts.rules import Disposition

STALE_AFTER = timedelta(hours=24)
# What the standard allows of stale alerts on any day.
MOST_STALE = 4
MOST_SOURCES = 10
# Judgements which say that what was found was not so. `authorised` says: it was so, and allowed.
FALSE = frozenset({Disposition.GPS_DRIFT, Disposition.DEVICE_FAULT})


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took: half of them no longer than `p50_s`, 95 in 100 than `p95_s`.

    Attributes:
        alerts: Of how many this is; the others are not so far yet.
        p50_s: None where it is of none.
        p95_s: None where it is of none.
    """

    alerts: int = 0
    p50_s: float | None = None
    p95_s: float | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of finding about one person, and how many alerts it made."""

    kind: AlertKind
    supervisee_id: int
    alerts: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is not closed now.

    Attributes:
        alerts: How many, whenever they were found.
        stale: Those found over 24 hours ago.
        overdue: New ones that nobody saw to before their ladder told the next.
    """

    alerts: int = 0
    stale: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of an agency, or of the alerts raised for one officer.

    Attributes:
        load: How heavily they came.
        alerts: Found in the span.
        acknowledged: Until somebody first acknowledged one, took it in hand or closed it.
        closed: Until somebody closed it.
        overdue: How many nobody saw to before their ladder told the next.
        judged: How many of those closed had each disposition.
        sources: Those that made the most; None where whoever asks does not see these people.
        waiting: What is not closed now.
    """

    load: Load
    alerts: int = 0
    acknowledged: Spread = Spread()
    closed: Spread = Spread()
    overdue: int = 0
    judged: Mapping[Disposition, int] = field(default_factory=dict)
    sources: tuple[Source, ...] | None = ()
    waiting: Waiting = Waiting()

    def share(self, *dispositions: Disposition) -> float | None:
        """How many of those closed had one of these; None where none was closed."""
        judged = sum(self.judged.values())
        return sum(self.judged.get(one, 0) for one in dispositions) / judged if judged else None

    @property
    def false_share(self) -> float | None:
        """How many of those closed were false: fixes that drifted, or a faulty device."""
        return self.share(*FALSE)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What somebody may see of an agency's numbers.

    Attributes:
        span: When the alerts were found.
        as_of: The moment at which `waiting` was counted, and as far as handling was known.
        agency: As if one person saw to all of it.
        officers: By id; those for whom there is any alert, as far as whoever asks may see them.
    """

    span: Span
    as_of: datetime
    agency: Figures
    officers: Mapping[int, Figures]
