"""Why an officer would be told nothing: the account, the role, the ways, and what came of them."""

from dataclasses import replace

import pytest

from alerts.points import Point
from alerts.rules import Means
from alerts.untold import Standing, Untold, why_untold

WELL = Standing(may_sign_in=True, sees_alerts=True, points=(), failures=0)
BY_SMS = (Point(1, Means.SMS),)


@pytest.mark.parametrize(
    ("standing", "working", "why"),
    [
        (WELL, {Means.EMAIL}, None),
        (replace(WELL, points=BY_SMS), {Means.EMAIL}, None),
        (replace(WELL, points=BY_SMS), {Means.SMS}, None),
        (replace(WELL, failures=2), {Means.EMAIL}, None),
        (replace(WELL, may_sign_in=False), {Means.EMAIL}, Untold.NO_SIGN_IN),
        (replace(WELL, sees_alerts=False), {Means.EMAIL}, Untold.SEES_NO_ALERTS),
        (WELL, {Means.SMS, Means.WEBHOOK}, Untold.NO_WAY),
        (replace(WELL, points=BY_SMS), {Means.VOICE}, Untold.NO_WAY),
        (replace(WELL, failures=3), {Means.EMAIL}, Untold.NOT_REACHED),
    ],
)
def test_whoever_is_told_nothing_has_a_reason(
    standing: Standing, working: set[Means], why: Untold | None
) -> None:
    assert why_untold(standing, working) is why
