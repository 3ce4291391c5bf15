from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from alerts.channels.email import SMTP_TIMEOUT_S
from alerts.channels.gateway import GATEWAY_TIMEOUT_S
from alerts.channels.webhook import WEBHOOK_TIMEOUT_S
from alerts.claims import CLAIM_LASTS
from alerts.delivery import next_try_at

T0 = datetime(2026, 9, 21, tzinfo=UTC)
STEPS_OF_A_MAIL_DIALOGUE = 8
STEPS_OF_A_POST = 3


def waits_s(tries: int) -> list[float]:
    return [(next_try_at(T0, attempt, 0.5) - T0).total_seconds() for attempt in range(1, tries + 1)]


def test_the_wait_doubles_from_five_seconds_to_five_minutes() -> None:
    assert waits_s(8) == [5, 10, 20, 40, 80, 160, 300, 300]


def test_the_wait_never_shrinks_nor_grows_for_ever() -> None:
    waits = waits_s(50)
    assert all(first <= second for first, second in pairwise(waits))


@given(attempts=st.integers(1, 10**9), chance=st.floats(0, 1, exclude_max=True))
def test_a_mail_server_may_be_away_for_years(attempts: int, chance: float) -> None:
    wait = next_try_at(T0, attempts, chance) - T0
    assert timedelta(seconds=2.5) <= wait <= timedelta(minutes=7.5)


def test_what_failed_together_is_not_tried_again_together() -> None:
    waits = {next_try_at(T0, 3, chance / 10) for chance in range(10)}
    assert len(waits) == 10


def test_a_claim_outlasts_the_slowest_mail_server_and_the_slowest_gateway() -> None:
    assert timedelta(seconds=STEPS_OF_A_POST * GATEWAY_TIMEOUT_S) < CLAIM_LASTS
    assert timedelta(seconds=STEPS_OF_A_POST * WEBHOOK_TIMEOUT_S) < CLAIM_LASTS
    assert timedelta(seconds=STEPS_OF_A_MAIL_DIALOGUE * SMTP_TIMEOUT_S) < CLAIM_LASTS
