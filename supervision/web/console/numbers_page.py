"""The numbers: whether alerts are seen to, whether anybody is flooded, what they turn out as."""

from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Response

from alerts import load
from alerts import service as alerting
from alerts.figures import MOST_STALE
from alerts.load import Span
from supervision.core.access import Permission
from supervision.core.clock import from_us
from supervision.core.recurrence import instants_us
from supervision.web.console.number_facts import (
    BAR_MOST,
    BAR_STEP,
    busiest_first,
    draw_days,
    name_officers,
    name_people,
)
from supervision.web.console.rendering import VisitDep
from supervision.web.console.times import age_words
from supervision.web.deps import requires

router = APIRouter(dependencies=[requires(Permission.READ_NUMBERS)])

DEFAULT_DAYS = 30
CHOICES_DAYS = {1: "24 hours", 7: "7 days", 30: "30 days", 90: "90 days"}
Day = Annotated[date | None, Query(ge=date(1970, 1, 2), le=date(2199, 12, 31))]


class Chosen:
    """Which time the page's address asks for: so many days until now, or from date to date."""

    def __init__(
        self,
        days: Annotated[int | None, Query(ge=1, le=load.LONGEST.days)] = None,
        since: Day = None,
        until: Day = None,
    ) -> None:
        """Read the query; what makes no sense shows when the numbers are read."""
        self.days = days if days or since or until else DEFAULT_DAYS
        self.since = since
        self.until = until

    def span(self, now: datetime, zone: ZoneInfo) -> Span:
        """From midnight to midnight by an agency's clocks, where dates are asked for."""
        until = now if self.until is None else _midnight(self.until, zone)
        if self.since is not None:
            return Span(_midnight(self.since, zone), until)
        return Span(until - timedelta(days=self.days or DEFAULT_DAYS), until)


@router.get("/numbers")
def show_numbers(visit: VisitDep, chosen: Annotated[Chosen, Depends()]) -> Response:
    """The page. It names people only to whoever sees their alerts, and no place."""
    session, actor, zone = visit.session, visit.actor, visit.times.zone
    span = chosen.span(visit.now, zone)
    numbers = alerting.read_numbers(session, actor, span, visit.now)
    own = numbers.officers.get(actor.officer_id)
    sees_all = actor.may(Permission.READ_ALL_NUMBERS)
    return visit.page(
        "numbers.html",
        failing=alerting.read_failing(session, actor.agency_id, visit.now),
        numbers=numbers,
        own=None if sees_all else own,
        sources=numbers.agency.sources if sees_all or own is None else own.sources,
        officers=busiest_first(numbers.officers) if sees_all else {},
        names=name_officers(session, numbers.officers),
        people=name_people(session, numbers),
        bars=draw_days(alerting.count_by_date(session, actor, span, zone)),
        bar_step=BAR_STEP,
        bar_most=BAR_MOST,
        chosen=chosen,
        choices_days=CHOICES_DAYS,
        load=load,
        most_stale=MOST_STALE,
        took=age_words,
    )


def _midnight(on: date, zone: ZoneInfo) -> datetime:
    first_us, _ = instants_us(datetime.combine(on, time()), zone)
    return from_us(first_us)
