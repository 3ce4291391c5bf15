"""The response to a kind of alert: its steps in order, and what no agency may leave out."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from alerts.catalogue import CATALOGUE, STEPS, AlertKind
from supervision.core.errors import Invalid

MOST_STEPS = 20


class Outcome(StrEnum):
    """What came of a step."""

    DONE = "done"
    IN_VAIN = "in_vain"
    NOT_NEEDED = "not_needed"


class Whom(StrEnum):
    """Who was spoken to."""

    PARTICIPANT = "participant"
    PROTECTED_PERSON = "protected_person"
    POLICE = "police"
    COURT = "court"
    OTHER = "other"


class Medium(StrEnum):
    """How."""

    PHONE = "phone"
    MESSAGE = "message"
    IN_PERSON = "in_person"
    RADIO = "radio"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a response, in the words an officer ticks."""

    key: str
    wording: str


def catalogued(kind: AlertKind) -> tuple[Step, ...]:
    """The response that the catalogue asks for, until an agency writes its own."""
    return tuple(Step(key, STEPS[key]) for key in CATALOGUE[kind].protocol)


def require_floor(kind: AlertKind, steps: Sequence[Step]) -> None:
    """Stop here unless a response of an agency's own holds what none may leave out.

    Raises:
        Invalid: It is empty, too long, names a step twice, or lacks one of the floor.
    """
    keys = [step.key for step in steps]
    if not 0 < len(keys) <= MOST_STEPS or len(set(keys)) < len(keys):
        message = f"A response has from 1 to {MOST_STEPS} steps, none of them twice."
        raise Invalid(message)
    missing = [STEPS[key] for key in sorted(CATALOGUE[kind].floor - set(keys))]
    if missing:
        message = f"No agency may leave this out: {'; '.join(missing)}."
        raise Invalid(message)


def wording_of(key: str, steps: Sequence[Step]) -> str:
    """The words of a step of this response.

    Raises:
        Invalid: The response has no such step.
    """
    for step in steps:
        if step.key == key:
            return step.wording
    raise Invalid("This alert's response has no such step.")
