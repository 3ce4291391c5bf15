"""What the API takes for alerts and the response to them, and what it shows."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from alerts import protocols
from alerts.catalogue import AlertKind, Severity, Urgency
from alerts.protocols import Medium, Outcome, Whom
from alerts.rules import Disposition, Handling
from alerts.service import Contact, Tick
from supervision.web.api.fields import Instant, Line, Model, Note, RowId

Condition = Literal["active", "cleared"]


class Alert(Model):
    """A finding that an officer must handle; only a person closes it.

    `condition` is what the evidence says, `handling` how far people have come: two axes. `urgency`
    is the class of its kind: an alarm wants somebody now, a task is on the officer's list.
    """

    id: int
    supervisee_id: int
    officer_id: int
    kind: AlertKind
    severity: Severity
    grade: str | None
    zone_id: int | None
    zone_version_id: int | None
    order_clause_id: int | None
    occurred_at: datetime
    found_at: datetime
    is_late: bool
    urgency: Urgency
    handling: Handling
    condition: Condition
    cleared_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by_id: int | None
    in_hand_at: datetime | None
    in_hand_by_id: int | None
    closed_at: datetime | None
    closed_by_id: int | None
    disposition: Disposition | None
    note: str | None
    evidence: dict[str, Any]
    version: int


class AlertEvent(Model):
    """One thing that happened to an alert."""

    seq: int
    kind: str
    at: datetime
    actor_id: int | None
    detail: dict[str, Any]


class AlertWithHistory(Alert):
    """An alert and all that happened to it, in order."""

    events: list[AlertEvent]


class Closing(Model):
    """A person's judgement."""

    disposition: Disposition
    note: Note = Field("", description="Needed for a critical alert, and for `other`")


class Several(Model):
    """Several alerts; none of them critical."""

    alert_ids: list[RowId] = Field(min_length=1, max_length=200)


class ClosingMany(Several, Closing):
    """One judgement for several; none of them critical."""


class Step(Model):
    """A step of the response; `key` is the catalogue's, or the agency's own."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$", examples=["call_participant"])
    wording: Line = Field(examples=["Call the supervised person"])


class ResponseProtocol(Model):
    """What an agency wants done about a kind of alert, in order."""

    steps: list[Step] = Field(min_length=1, max_length=protocols.MOST_STEPS)


class TickedStep(Model):
    """What came of a step; what was not needed says why."""

    step: Line
    outcome: Outcome
    note: Note = ""

    @property
    def done(self) -> Tick:
        """The same for the room of alerts."""
        return Tick(self.step, self.outcome, self.note)


class NewContact(Model):
    """Who was spoken to about an alert, how, and whether he was reached."""

    whom: Whom
    means: Medium
    was_reached: bool
    at: Instant | None = Field(None, description="Now, if it is left out")
    note: Note = ""

    def made(self, now: datetime) -> Contact:
        """The same for the room of alerts."""
        return Contact(self.whom, self.means, self.was_reached, self.at or now, self.note)
