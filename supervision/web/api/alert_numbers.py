"""The numbers of alerts: how heavily they come, how fast they are seen to, what they were."""

from datetime import datetime, timedelta
from typing import Annotated, Self

from fastapi import APIRouter, Query
from pydantic import Field

from alerts import figures as reckoned
from alerts import service as alerting
from alerts.catalogue import AlertKind
from alerts.load import Level, Span
from alerts.rules import Disposition
from supervision.core.access import Permission
from supervision.web.api.fields import Instant, Model
from supervision.web.deps import ActorDep, NowDep, SessionDep, requires

router = APIRouter(prefix="/alerts", tags=["alerts"])

DEFAULT_LENGTH = timedelta(days=30)
Share = Annotated[float, Field(ge=0, le=1)]


class Flood(Model):
    """Begun by more than ten alerts in ten minutes; over once fewer than five are left in them."""

    begins_at: datetime
    ends_at: datetime = Field(description="Where the range ends, if it was not over by then")
    is_over: bool
    alerts: int
    most_in_10_min: int


class Load(Model):
    """How heavily alerts came, by what ISA-18.2 says that one person can handle.

    At most 1 in 10 minutes is acceptable, at most 2 are manageable. Less than 1 % of the ten
    minutes of the clock should hold more than 10, and less than 1 % of the time be in flood.
    """

    alerts_per_10_min: float
    level: Level
    most_in_10_min: int
    crowded_share: Share = Field(description="Of the clock's ten minutes, those with more than 10")
    flood_share: Share = Field(description="Of the time")
    floods: list[Flood]


class Spread(Model):
    """How long something took, of so many alerts; null where of none."""

    alerts: int
    p50_s: float | None
    p95_s: float | None


class Judged(Model):
    """How many of those closed had a disposition."""

    disposition: Disposition
    alerts: int
    share: Share


class Source(Model):
    """One kind of finding about one person."""

    kind: AlertKind
    supervisee_id: int
    alerts: int


class Waiting(Model):
    """What is not closed now, whenever it was found."""

    alerts: int
    stale: int = Field(description="Found over 24 hours ago; ISA-18.2 wants fewer than 5")
    overdue: int = Field(description="New, and past the time after which their ladder tells more")


class Figures(Model):
    """The numbers of an agency, or of the alerts raised for one officer."""

    alerts: int
    load: Load
    acknowledged: Spread = Field(description="Until somebody first did something about one")
    closed: Spread
    overdue: int = Field(description="Nobody saw to them before their ladder told the next")
    judged: list[Judged]
    false_share: Share | None = Field(
        description="Of those closed: gps_drift and device_fault; null where none is closed"
    )
    sources: list[Source] | None = Field(
        description="Those of the most alerts, ten at most; null where you do not see these people"
    )
    waiting: Waiting

    @classmethod
    def of(cls, figures: reckoned.Figures) -> Self:
        """The same as the API shows it."""
        judged = [
            Judged(disposition=one, alerts=alerts, share=figures.share(one) or 0)
            for one, alerts in figures.judged.items()
            if alerts
        ]
        sources = figures.sources
        return cls(
            alerts=figures.alerts,
            load=Load.model_validate(figures.load),
            acknowledged=Spread.model_validate(figures.acknowledged),
            closed=Spread.model_validate(figures.closed),
            overdue=figures.overdue,
            judged=judged,
            false_share=figures.false_share,
            sources=None if sources is None else [Source.model_validate(one) for one in sources],
            waiting=Waiting.model_validate(figures.waiting),
        )


class OfficerFigures(Model):
    """One officer's."""

    officer_id: int
    figures: Figures


class AlertNumbers(Model):
    """The numbers of alerts found from `since` until before `until`.

    `agency` is as if one person saw to all of it. `officers` are all that have any alert for
    supervisors and administrators, and oneself for others.
    """

    since: datetime
    until: datetime
    as_of: datetime = Field(description="When `waiting` was counted")
    agency: Figures
    officers: list[OfficerFigures]


@router.get("/numbers", dependencies=[requires(Permission.READ_NUMBERS)])
def get_alert_numbers(
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    since: Annotated[Instant | None, Query(description="None: 30 days before `until`")] = None,
    until: Annotated[Instant | None, Query(description="None: now")] = None,
) -> AlertNumbers:
    """How heavily alerts came, how fast they were seen to, and what they turned out to be."""
    end = until or now
    span = Span(since or end - DEFAULT_LENGTH, end)
    numbers = alerting.read_numbers(session, actor, span, now)
    return AlertNumbers(
        since=span.since,
        until=span.until,
        as_of=numbers.as_of,
        agency=Figures.of(numbers.agency),
        officers=[
            OfficerFigures(officer_id=officer_id, figures=Figures.of(figures))
            for officer_id, figures in numbers.officers.items()
        ],
    )
