"""Whatever happens to an alert, in whatever order: it is not lost, and only a person ends it."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.catalogue import AlertKind, Urgency
from alerts.escalation import LADDERS
from alerts.protocols import Outcome
from alerts.rules import Change, Disposition, Handling, next_state
from alerts.service import (
    NewAlert,
    NewShelf,
    Tick,
    acknowledge,
    clear,
    close,
    confirm,
    end_shelf,
    list_shelved,
    raise_alert,
    reactivate,
    shelve,
    take_in_hand,
    tick,
)
from alerts.shelving import SHIFT
from supervision.core.access import Role
from supervision.core.db import transaction
from supervision.core.errors import Conflict, Invalid
from tests.harness import Person, World

MINUTE = timedelta(minutes=1)
UNTOUCHED = timedelta(seconds=LADDERS[Urgency.ALARM].untouched_s)
LET_GO = {Change.RELEASED, Change.REOPENED, Change.CONFIRMED}
KINDS = (AlertKind.ZONE_ENTRY, AlertKind.ZONE_ABSENCE)
OF_THE_HANDLING = {
    Change.ACKNOWLEDGED,
    Change.TAKEN_IN_HAND,
    Change.REOPENED,
    Change.CLOSED,
}


class Story:
    """One alert, and all that may be done to it by the software and by people."""

    def __init__(self, world: World, him: Person, number: int, kind: AlertKind) -> None:
        self.world, self.him, self.kind = world, him, kind
        self.key = f"{kind}:1:stay:{number}"
        self.alert_id = self.found()

    def found(self) -> int:
        new = NewAlert(
            agency_id=self.world.agency_id,
            supervisee_id=self.him.supervisee_id,
            officer_id=self.him.officer_id,
            kind=self.kind,
            grade="possible",
            dedup_key=self.key,
            zone_id=None,
            zone_version_id=None,
            occurred_at=self.world.clock.now,
            is_late=False,
            evidence={},
        )
        with transaction(self.world.engine) as session:
            return raise_alert(session, new, self.world.clock.now)[0]

    def by_the_software(self, act: Callable[..., Any], *arguments: Any) -> None:
        with transaction(self.world.engine) as session:
            now = self.world.clock.now
            act(session, self.world.agency_id, self.key, *arguments, now)

    def by_an_officer(self, act: Callable[..., Any], *arguments: Any) -> None:
        with transaction(self.world.engine) as session:
            act(session, self.world.actor(), self.alert_id, *arguments, self.world.clock.now)

    def crashing(self, act: Callable[..., Any], *arguments: Any) -> None:
        """The process dies before it commits: nothing of it has happened."""

        def dies() -> None:
            with transaction(self.world.engine) as session:
                act(session, self.world.actor(), self.alert_id, *arguments, self.world.clock.now)
                raise KeyboardInterrupt

        with pytest.raises((KeyboardInterrupt, Conflict)):
            dies()

    def later(self, minutes: int) -> None:
        self.world.clock.now += minutes * MINUTE
        self.world.monitor.escalate()

    def do(self, step: str) -> None:
        now = self.world.clock.now
        acts: dict[str, Callable[[], Any]] = {
            "found again": self.found,
            "confirmed": lambda: self.by_the_software(confirm, {"deepest_m": 3.0}),
            "cleared": lambda: self.by_the_software(clear, now),
            "active again": lambda: self.by_the_software(reactivate),
            "acknowledged": lambda: self.by_an_officer(acknowledge),
            "taken": lambda: self.by_an_officer(take_in_hand),
            "ticked": lambda: self.by_an_officer(tick, Tick("call_participant", Outcome.DONE)),
            "closed": lambda: self.by_an_officer(close, Disposition.AUTHORISED, "Court date."),
            "shelved": lambda: self.shelve(timedelta(hours=3)),
            "taken back": self.take_back,
            "crashed": lambda: self.crashing(take_in_hand),
            "a minute": lambda: self.later(1),
            "an hour": lambda: self.later(61),
        }
        try:
            acts[step]()
        except Conflict:
            assert self.handling() == Handling.CLOSED or step in {"acknowledged", "shelved"}

    def shelve(self, lasts: timedelta) -> None:
        """For a while, or for longer, as far as that can be."""
        now = self.world.clock.now
        new = NewShelf(self.him.supervisee_id, self.kind, now + lasts, "Known noise.")
        with suppress(Invalid), transaction(self.world.engine) as session:
            shelve(session, self.world.actor(), new, now)

    def take_back(self) -> None:
        now = self.world.clock.now
        with transaction(self.world.engine) as session:
            for one in list_shelved(session, None, now):
                end_shelf(session, self.world.actor(), one.id, now)

    def handling(self) -> str:
        return str(self.world.one("SELECT handling FROM alert WHERE id = :id", id=self.alert_id))


STEPS = (
    "found again",
    "confirmed",
    "cleared",
    "active again",
    "acknowledged",
    "taken",
    "ticked",
    "closed",
    "shelved",
    "taken back",
    "crashed",
    "a minute",
    "an hour",
)
counted = iter(range(1, 10**9))


def require_whole(world: World, story: Story, steps: Sequence[str]) -> None:
    """What holds after every story."""
    kinds = [Change(kind) for kind in world.history(story.alert_id)]
    assert kinds[0] is Change.RAISED
    handling = Handling.NEW
    for kind in kinds:
        if kind in OF_THE_HANDLING:
            handling = next_state(handling, kind)
    assert story.handling() == handling, steps
    by_people = world.rows(
        "SELECT kind FROM alert_event WHERE alert_id = :id AND actor_id IS NOT NULL",
        id=story.alert_id,
    )
    assert (Change.CLOSED in kinds) == ("closed" in [row.kind for row in by_people])
    climbs = world.rows("SELECT due_at FROM alert_climb WHERE alert_id = :id", id=story.alert_id)
    assert len(climbs) == (handling is not Handling.CLOSED), steps
    world.monitor.escalate()
    assert all(row.due_at > world.clock.now - timedelta(hours=2) for row in climbs)
    assert all(row.due_at <= world.clock.now + SHIFT + UNTOUCHED for row in climbs), steps
    require_told(world, story)


def require_told(world: World, story: Story) -> None:
    """Held or told: what is new has a message, unless a shelf that is not over still holds it."""
    kinds = {Change(kind) for kind in world.history(story.alert_id)}
    held = world.rows(
        "SELECT s.ends_at FROM alert_climb c JOIN alert_shelf s ON s.id = c.shelf_id"
        " WHERE c.alert_id = :id AND s.ended_at IS NULL AND s.ends_at > :now",
        id=story.alert_id,
        now=world.clock.now,
    )
    assert not held or story.kind is AlertKind.ZONE_ABSENCE
    messages = world.one(
        "SELECT count(*) FROM notification WHERE alert_id = :id", id=story.alert_id
    )
    if story.handling() == Handling.NEW and not held:
        assert messages > 0, kinds
    if Change.SHELVED in kinds and not kinds & LET_GO:
        assert messages == 0, kinds


def require_an_end(world: World, story: Story) -> None:
    """An officer can end it, wherever the story left it; then nothing is due of it any more."""
    if story.handling() != Handling.CLOSED:
        story.do("closed")
    assert story.handling() == Handling.CLOSED
    assert not world.rows("SELECT 1 FROM alert_climb WHERE alert_id = :id", id=story.alert_id)


def shelve_before(world: World, him: Person) -> None:
    new = NewShelf(him.supervisee_id, KINDS[1], world.clock.now + timedelta(hours=2), "Noise.")
    with transaction(world.engine) as session:
        shelve(session, world.actor(), new, world.clock.now)


@pytest.fixture
def supervisor(world: World) -> int:
    return world.officer(Role.SUPERVISOR)


@pytest.mark.parametrize("examples", [25, pytest.param(1000, marks=pytest.mark.heavy)])
@pytest.mark.usefixtures("supervisor")
def test_no_alert_is_lost_closed_by_itself_or_stuck_whatever_happens_to_it(
    world: World, examples: int
) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(
        kind=st.sampled_from(KINDS),
        is_shelved=st.booleans(),
        steps=st.lists(st.sampled_from(STEPS), max_size=10),
    )
    def tell(kind: AlertKind, steps: list[str], *, is_shelved: bool) -> None:
        him = world.person()
        if is_shelved:
            shelve_before(world, him)
        story = Story(world, him, next(counted), kind)
        for step in steps:
            story.do(step)
        require_whole(world, story, steps)
        require_an_end(world, story)

    tell()
