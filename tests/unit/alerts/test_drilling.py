"""What came of a drill, as its rows say it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from alerts.catalogue import AlertKind, Severity
from alerts.drilling import (
    SETTLES_S,
    DrillMessage,
    DrillReport,
    DrillStep,
    Outcome,
    Told,
    lay_out,
    walked,
)
from alerts.escalation import Climb, Post, catalogued, due_at
from alerts.rules import Means

BEGAN = datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)
ENDED = BEGAN + timedelta(hours=1)
STATES = ("pending", "sending", "sent", "failed", "expired")


@st.composite
def messages(draw: st.DrawFn) -> DrillMessage:
    state = draw(st.sampled_from(STATES))
    sent_at = BEGAN + timedelta(seconds=1) if state == "sent" else None
    error = "The gateway is away." if state == "failed" or draw(st.booleans()) else None
    return DrillMessage(Means.SMS, state, 2, BEGAN, sent_at, None, error)


people = st.builds(
    Told,
    st.integers(1, 9),
    st.none(),
    st.just("A"),
    st.lists(messages(), min_size=1, max_size=2).map(tuple),
)
steps = st.builds(
    DrillStep,
    st.integers(0, 9),
    st.sampled_from(Post),
    st.just(BEGAN),
    st.none() | st.just(BEGAN),
    st.lists(people, max_size=2).map(tuple),
).map(lambda one: one if one.told_at else replace(one, told=()))
kinds = st.sampled_from(AlertKind)


def report_of(found: list[DrillStep], ended_at: datetime | None) -> DrillReport:
    return DrillReport(
        id=1,
        kind=AlertKind.ZONE_ENTRY,
        severity=Severity.CRITICAL,
        officer_id=7,
        officer="Maria Okafor",
        is_at_once=False,
        started_by=None,
        started_at=BEGAN,
        ended_at=ended_at,
        steps=tuple(found),
        answers=(),
    )


@given(found=st.lists(steps, min_size=1, max_size=3))
def test_nothing_is_to_come_of_a_drill_that_is_over(found: list[DrillStep]) -> None:
    assert report_of(found, ENDED).is_settled


@given(found=st.lists(steps, min_size=1, max_size=3), is_over=st.booleans())
def test_a_drill_passes_only_if_every_message_that_was_tried_went_out(
    found: list[DrillStep], *, is_over: bool
) -> None:
    report = report_of(found, ENDED if is_over else None)
    if report.has_passed:
        assert report.is_settled
        for step in found:
            assert step.told or step.post is Post.BACKUP
            for one in step.told:
                assert any(message.sent_at for message in one.messages)
                assert not any(message.has_failed for message in one.messages)


@given(step=steps, ended_at=st.sampled_from([None, ENDED]))
def test_a_step_is_as_good_as_the_worst_that_came_of_anybody(
    step: DrillStep, ended_at: datetime | None
) -> None:
    is_over = ended_at is not None
    outcome = step.outcome(is_over=is_over)
    of_people = [one.outcome(is_over=is_over) for one in step.told]
    if of_people:
        assert outcome in of_people
        assert (outcome is Outcome.REACHED) == (set(of_people) == {Outcome.REACHED})
    else:
        assert outcome in {Outcome.NOBODY, Outcome.AHEAD, Outcome.NOT_TOLD}


@given(kind=kinds, is_at_once=st.booleans())
def test_a_drill_walks_the_same_rungs_and_is_soon_over(
    kind: AlertKind, *, is_at_once: bool
) -> None:
    ladder, drilled = catalogued(kind), walked(catalogued(kind), is_at_once=is_at_once)
    assert [(rung.post, rung.id) for rung in drilled.rungs] == [
        (rung.post, rung.id) for rung in ladder.rungs
    ]
    last, top = (
        due_at(drilled, Climb(rung), BEGAN) for rung in (len(drilled.rungs) - 1, len(drilled.rungs))
    )
    assert top - last <= timedelta(seconds=SETTLES_S)
    assert (last == BEGAN) == is_at_once


@given(kind=kinds, told=st.integers(0, 3))
def test_what_was_told_comes_first_and_the_rest_is_ahead(kind: AlertKind, told: int) -> None:
    ladder = catalogued(kind)
    dues = [due_at(ladder, Climb(rung), BEGAN) for rung in range(len(ladder.rungs))]
    done = [(rung.post, BEGAN, ()) for rung in ladder.rungs[:told]]
    laid = lay_out(ladder, dues, done)
    assert [step.due_at for step in laid] == dues
    assert [step.told_at for step in laid] == [BEGAN] * told + [None] * (len(dues) - told)
    assert [step.rung for step in laid] == list(range(len(dues)))
