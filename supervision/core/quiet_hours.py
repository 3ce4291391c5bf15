"""Hours of every day in which somebody is left alone, by his own clocks."""

from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from supervision.core.clock import from_us
from supervision.core.recurrence import instants_us


class QuietHours(NamedTuple):
    """From when until before when somebody's clocks show times at which he is left alone.

    They pass midnight where they end before they begin; where both are the same there are none.
    """

    begins: time
    ends: time
    zone: ZoneInfo

    def includes(self, at: datetime) -> bool:
        """Whether an aware instant falls into them."""
        shown = at.astimezone(self.zone).time()
        if self.begins <= self.ends:
            return self.begins <= shown < self.ends
        return shown >= self.begins or shown < self.ends

    def begun_at(self, at: datetime) -> datetime:
        """When those began that include an instant; aware UTC."""
        local = at.astimezone(self.zone)
        day = local.date() if local.time() >= self.begins else local.date() - timedelta(days=1)
        first_us, _ = instants_us(datetime.combine(day, self.begins), self.zone)
        return from_us(first_us)

    def over_at(self, at: datetime) -> datetime:
        """When those are over that include an instant, and never before it; aware UTC."""
        local = at.astimezone(self.zone)
        day = local.date() if local.time() < self.ends else local.date() + timedelta(days=1)
        first_us, last_us = instants_us(datetime.combine(day, self.ends), self.zone)
        first = from_us(first_us)
        return first if first > at else from_us(last_us)
