"""By which ways an officer is told, and when: his choice, within what he may not silence."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.addresses import require_address
from alerts.catalogue import Severity
from alerts.points import ACCOUNT, Point, chosen, due_at, others
from alerts.rules import Means
from supervision.core.errors import Invalid
from supervision.core.quiet_hours import QuietHours

ZONES = st.sampled_from(["America/Denver", "America/Havana", "Australia/Lord_Howe", "UTC"])
TIMES = st.times().map(lambda one: one.replace(second=0, microsecond=0))
QUIET = st.builds(QuietHours, TIMES, TIMES, ZONES.map(ZoneInfo))
INSTANTS = st.integers(0, 20 * 365 * 1440).map(
    lambda minute: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
)
POINTS = st.lists(
    st.builds(
        Point,
        st.integers(1, 99),
        st.sampled_from([Means.EMAIL, Means.SMS, Means.VOICE]),
        st.frozensets(st.sampled_from(Severity)),
        st.sampled_from([0, 120]),
        st.none() | QUIET,
    ),
    unique_by=lambda point: point.id,
    max_size=4,
)


@given(POINTS, INSTANTS)
def test_what_is_critical_reaches_an_officer_at_once_whatever_he_chose(
    points: list[Point], now: datetime
) -> None:
    ways = chosen(points, Severity.CRITICAL)
    assert min(due_at(way, Severity.CRITICAL, now) for way in ways) == now


@given(POINTS, st.sampled_from(Severity))
def test_an_officer_is_told_by_what_he_chose_and_else_by_his_account(
    points: list[Point], severity: Severity
) -> None:
    ways = chosen(points, severity)
    assert [way for way in ways if way != ACCOUNT] == [
        point for point in points if severity in point.severities
    ]
    if severity is not Severity.CRITICAL:
        assert (ACCOUNT in ways) is (points == [])


@given(QUIET, INSTANTS, st.sampled_from([0, 120]))
def test_quiet_hours_put_off_and_never_drop(quiet: QuietHours, now: datetime, after_s: int) -> None:
    point = Point(1, Means.SMS, after_s=after_s, quiet=quiet)
    asked_at = now + timedelta(seconds=after_s)
    at = due_at(point, Severity.HIGH, now)
    assert asked_at <= at <= asked_at + timedelta(days=2)
    assert (at == asked_at) is not quiet.includes(asked_at)
    assert not quiet.includes(at)


def test_a_night_is_over_at_seven_by_the_agencys_clocks() -> None:
    night = QuietHours(time(22), time(7), ZoneInfo("America/Denver"))
    point = Point(1, Means.SMS, quiet=night)
    at = due_at(point, Severity.MEDIUM, datetime(2026, 9, 22, 5, tzinfo=UTC))
    assert at == datetime(2026, 9, 22, 13, tzinfo=UTC)


@given(POINTS)
def test_where_one_way_fails_all_others_are_left_and_the_account_in_any_case(
    points: list[Point],
) -> None:
    for tried in [*points, ACCOUNT]:
        left = others(points, tried)
        assert tried not in left
        assert {*left, tried} == {*points, ACCOUNT}


@pytest.mark.parametrize(
    ("means", "address"),
    [
        (Means.SMS, "303 555 0142"),
        (Means.SMS, "+0135550142"),
        (Means.VOICE, "+13035550142, +13035550143"),
        (Means.EMAIL, "officer"),
        (Means.EMAIL, "o@example.org\nBcc: x@example.org"),
        (Means.WEBHOOK, "ftp://example.org"),
        (Means.WEBHOOK, "https://name:word@example.org"),
        (Means.WEBHOOK, "https://"),
        (Means.WEBHOOK, "https://[1"),
        (Means.WEBHOOK, "https://example.org/" + "x" * 500),
    ],
)
def test_an_address_that_its_means_cannot_use_is_refused(means: Means, address: str) -> None:
    with pytest.raises(Invalid):
        require_address(means, address)


@pytest.mark.parametrize(
    ("means", "address"),
    [
        (Means.SMS, "+13035550142"),
        (Means.VOICE, "+34911234567"),
        (Means.EMAIL, "o.ficer+alerts@county.example.org"),
        (Means.WEBHOOK, "https://dispatch.example.org:8443/hooks?of=supervision"),
    ],
)
def test_an_address_that_fits_is_taken(means: Means, address: str) -> None:
    require_address(means, address)
