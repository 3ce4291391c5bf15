from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.catalogue import AlertKind, Severity
from alerts.incidents import AT_ONCE, Told, incidents
from tests.harness import T0

told = st.builds(
    Told,
    severity=st.sampled_from([str(one) for one in Severity]),
    kind=st.sampled_from([str(one) for one in AlertKind]),
    supervisee_id=st.integers(1, 3),
    model=st.sampled_from([None, "A", "B"]),
    occurred_at=st.integers(0, 3600).map(lambda second: T0 + timedelta(seconds=second)),
)


def jammed(person: int = 1, model: str | None = None, second: float = 0) -> Told:
    return Told("high", "jamming", person, model, T0 + timedelta(seconds=second))


@given(st.lists(told, max_size=30))
def test_every_alert_is_counted_once_and_the_worst_stand_first(alerts: list[Told]) -> None:
    lines = incidents(alerts)
    assert sum(int(line.split()[0]) for line in lines) == len(alerts)
    ranks = [list(Severity).index(Severity(line.split()[1].removesuffix(":"))) for line in lines]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    ("alerts", "line"),
    [
        ([jammed()], "1 high: jamming"),
        ([jammed(), jammed()], "2 high: jamming (all about one person, all within a minute)"),
        ([jammed(1), jammed(2)], "2 high: jamming (about 2 people, all within a minute)"),
        (
            [jammed(1, "A"), jammed(2, "A", 61)],
            "2 high: jamming (about 2 people, all by trackers of the model A, all within 2 min)",
        ),
        (
            [jammed(1, "A"), jammed(2, "B")],
            "2 high: jamming (about 2 people, all within a minute)",
        ),
        (
            [jammed(1, "A"), jammed(2)],
            "2 high: jamming (about 2 people, all within a minute)",
        ),
        (
            [jammed(1), jammed(2, None, AT_ONCE.total_seconds() + 1)],
            "2 high: jamming (about 2 people)",
        ),
    ],
)
def test_only_what_all_share_is_said(alerts: list[Told], line: str) -> None:
    assert incidents(alerts) == [line]
