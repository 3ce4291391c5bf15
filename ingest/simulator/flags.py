"""How rates, spans and shares are written on the command line."""

import math
import re
from typing import NamedTuple

SECONDS_PER = {"ms": 0.001, "s": 1.0, "sec": 1.0, "min": 60.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
SPAN = re.compile(r"(\d+(?:\.\d+)?)(ms|s|sec|min|m|h|d)")
RATE = re.compile(r"(\d+(?:\.\d+)?)/(\d+(?:\.\d+)?)?(ms|s|sec|min|m|h|d)")
SHARE = re.compile(r"(\d+(?:\.\d+)?)%")
METRES = re.compile(r"(\d+(?:\.\d+)?)m")
SPEEDUP = re.compile(r"(\d+(?:\.\d+)?)x?")
LOGNORMAL = re.compile(r"lognormal\(([^,()]+),([^,()]+)\)")
Z_99 = 2.326_347_874
"""The 99 % point of the standard normal distribution."""


class Delay(NamedTuple):
    """How long a ping is under way: lognormal, or always the median where `sigma` is 0."""

    median_s: float
    sigma: float = 0.0


class Outage(NamedTuple):
    """A device that is away for `away_s` in every `every_s`."""

    away_s: float
    every_s: float


def parse_span(text: str) -> float:
    """Seconds of `500ms`, `30s`, `10m`, `1h` or `2d`.

    Raises:
        ValueError: The text is none of these.
    """
    found = SPAN.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is not a span of time; write 500ms, 30s, 10m or 1h.")
    return float(found[1]) * SECONDS_PER[found[2]]


def parse_rate(text: str) -> float:
    """Seconds between pings of `1/min`, `4/min`, `1/15s` or `2/s`.

    Raises:
        ValueError: The text is none of these, or the rate is zero.
    """
    found = RATE.fullmatch(text.strip())
    if not found or not float(found[1]) or not float(found[2] or 1):
        raise ValueError(f"{text!r} is not a rate; write 1/min, 4/min or 1/15s.")
    return float(found[2] or 1) * SECONDS_PER[found[3]] / float(found[1])


def parse_share(text: str) -> float:
    """A share between 0 and 1 of `2%` or `0.1%`.

    Raises:
        ValueError: The text is no percentage from 0% to 100%.
    """
    found = SHARE.fullmatch(text.strip())
    if not found or float(found[1]) > 100.0:  # noqa: PLR2004 - the definition of per cent
        raise ValueError(f"{text!r} is not a share; write a percentage such as 2%.")
    return float(found[1]) / 100.0


def parse_metres(text: str) -> float:
    """Metres of `8m`.

    Raises:
        ValueError: The text is no length in metres.
    """
    found = METRES.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is not a length in metres; write 8m.")
    return float(found[1])


def parse_speedup(text: str) -> float:
    """Run seconds per real second of `60x` or `60`; infinity of `max`.

    Raises:
        ValueError: The text is none of these, or zero.
    """
    if text.strip() == "max":
        return math.inf
    found = SPEEDUP.fullmatch(text.strip())
    if not found or not float(found[1]):
        raise ValueError(f"{text!r} is not a speed-up; write 60x, or max for flat out.")
    return float(found[1])


def parse_delay(text: str) -> Delay:
    """A delay of `30s`, or of `lognormal(2s,30s)`: half within 2 s, 99 % within 30 s.

    Raises:
        ValueError: The text is neither, or the second span is shorter than the first.
    """
    found = LOGNORMAL.fullmatch(text.strip().replace(" ", ""))
    if not found:
        return Delay(parse_span(text))
    median_s, most_s = parse_span(found[1]), parse_span(found[2])
    if not 0.0 < median_s <= most_s:
        raise ValueError(f"{text!r}: write the median before the 99 % bound, lognormal(2s,30s).")
    return Delay(median_s, math.log(most_s / median_s) / Z_99)


def parse_outage(text: str) -> Outage:
    """An outage of `10m/1h`: away for ten minutes in every hour.

    Raises:
        ValueError: The text is not two spans, or the device would never be back.
    """
    away, slash, every = text.partition("/")
    if not slash:
        raise ValueError(f"{text!r} is not an outage; write 10m/1h, away per every.")
    outage = Outage(parse_span(away), parse_span(every))
    if not 0.0 < outage.away_s < outage.every_s:
        raise ValueError(f"{text!r}: the device must be away for less than every round.")
    return outage
