import math

import pytest

from ingest.simulator.flags import (
    Delay,
    Outage,
    parse_delay,
    parse_metres,
    parse_outage,
    parse_rate,
    parse_share,
    parse_span,
    parse_speedup,
)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("500ms", 0.5),
        ("30s", 30.0),
        ("1.5min", 90.0),
        ("10m", 600.0),
        ("2h", 7200.0),
        (" 1d ", 86400.0),
    ],
)
def test_a_span_is_seconds(text: str, seconds: float) -> None:
    assert parse_span(text) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1/min", 60.0), ("4/min", 15.0), ("1/15s", 15.0), ("2/s", 0.5), ("6/h", 600.0)],
)
def test_a_rate_is_the_seconds_between_pings(text: str, seconds: float) -> None:
    assert parse_rate(text) == seconds


@pytest.mark.parametrize(
    ("text", "share"), [("2%", 0.02), ("0%", 0.0), ("100%", 1.0), ("0.1%", 0.001)]
)
def test_a_share_is_written_in_per_cent(text: str, share: float) -> None:
    assert parse_share(text) == pytest.approx(share)


def test_metres_and_speedups() -> None:
    assert parse_metres("8m") == 8.0
    assert (parse_speedup("60x"), parse_speedup("60"), parse_speedup("max")) == (
        60.0,
        60.0,
        math.inf,
    )


def test_a_delay_is_fixed_or_lognormal_by_its_median_and_its_99_percent_bound() -> None:
    assert parse_delay("30s") == Delay(30.0, 0.0)
    spread = parse_delay("lognormal(2s, 30s)")
    assert spread.median_s == 2.0
    assert spread.median_s * math.exp(2.326348 * spread.sigma) == pytest.approx(30.0, rel=1e-6)


def test_an_outage_is_away_per_every() -> None:
    assert parse_outage("10m/1h") == Outage(600.0, 3600.0)


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (parse_span, "30"),
        (parse_span, "-30s"),
        (parse_span, "soon"),
        (parse_rate, "60"),
        (parse_rate, "0/min"),
        (parse_rate, "1/0s"),
        (parse_share, "0.02"),
        (parse_share, "101%"),
        (parse_share, "-1%"),
        (parse_metres, "8"),
        (parse_metres, "8km"),
        (parse_speedup, "0x"),
        (parse_speedup, "fast"),
        (parse_delay, "lognormal(2s)"),
        (parse_delay, "lognormal(30s,2s)"),
        (parse_delay, "normal(2s,30s)"),
        (parse_outage, "10m"),
        (parse_outage, "1h/10m"),
        (parse_outage, "0s/10m"),
    ],
)
def test_what_cannot_be_read_is_named_in_the_error(parse: object, text: str) -> None:
    assert callable(parse)
    with pytest.raises(ValueError, match=text.replace("(", r"\(").replace(")", r"\)")):
        parse(text)
