"""What devices said, as the tests keep it, and what of it must be refused."""

import math
from datetime import datetime
from typing import NamedTuple

from tests.oracle_ways import Spot

BEST_M = 3.0
ASSUMED_M = {"gps": 30.0, "wifi": 60.0, "cell": 2000.0}
TIE_ORDER = {"gps": 1, "wifi": 2, "cell": 3}


class Said(NamedTuple):
    """A fix as its device wrote it; `t` is ISO 8601 with an offset, `source` gps or cell."""

    person: str
    t: str
    lon: float
    lat: float
    accuracy_m: float | None
    source: str = "gps"

    @property
    def at_us(self) -> int:
        """Microseconds since 1970."""
        return round(datetime.fromisoformat(self.t).timestamp() * 1e6)

    @property
    def in_line(self) -> tuple[float, ...]:
        """In which order fixes of one moment are taken."""
        accuracy_m = math.inf if self.accuracy_m is None else self.accuracy_m
        return self.at_us, self.lon, self.lat, accuracy_m, TIE_ORDER[self.source]

    @property
    def spot(self) -> Spot:
        worth_m = worth_of_m(self.accuracy_m, self.source)
        return Spot(self.at_us, self.lon, self.lat, worth_m, self.source == "cell")


def worth_of_m(accuracy_m: float | None, source: str) -> float:
    """The radius to reckon with."""
    return ASSUMED_M[source] if accuracy_m is None else max(accuracy_m, BEST_M)


def refusal(said: Said, now_s: float, max_age_days: int, max_ahead_s: float = 120.0) -> str | None:
    """Why this fix must be refused, if so; the first reason in the documented order."""
    at_s = said.at_us / 1e6
    reasons = {
        "position_out_of_range": not (abs(said.lon) <= 180 and abs(said.lat) <= 90),
        "null_island": max(abs(said.lon), abs(said.lat)) <= 1e-6,
        "fixed_in_future": at_s > now_s + max_ahead_s,
        "fixed_too_long_ago": at_s < now_s - 86_400 * max_age_days,
        "accuracy_absurd": said.accuracy_m is not None and said.accuracy_m > 100_000,
    }
    return next((reason for reason, is_so in reasons.items() if is_so), None)
