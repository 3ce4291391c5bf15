"""What the API takes for drills, and how it shows what came of one."""

from datetime import datetime

from pydantic import Field

from alerts.catalogue import AlertKind, Severity
from alerts.drilling import DrillReport, DrillStep, Outcome, Told
from alerts.escalation import Post
from alerts.rules import Means
from supervision.web.api.fields import Model, RowId


class NewDrill(Model):
    """A test of how alerts of a kind reach people."""

    kind: AlertKind = AlertKind.ZONE_ENTRY
    officer_id: RowId | None = Field(
        None, description="With whom it begins; null: with whoever was not drilled for the longest"
    )
    is_at_once: bool = Field(default=False, description="Every rung without the ladder's delays")


class DrillMessage(Model):
    """One message; `error` is why its last failed attempt failed.

    `is_logged`: it went to the log alone, since no mail server is set; nobody has read it.
    """

    means: Means
    state: str
    attempts: int
    due_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None = Field(description="When it arrived, if the gateway says so")
    error: str | None
    is_logged: bool


class DrillTold(Model):
    """An officer, or a contact point outside the agency, and what came of telling him."""

    officer_id: int | None
    contact_point_id: int | None
    name: str
    outcome: Outcome
    messages: list[DrillMessage]


class DrillStepShown(Model):
    """A rung, by its number from 0; null for those outside the agency who are told at once."""

    rung: int | None
    post: Post
    due_at: datetime
    told_at: datetime | None
    outcome: Outcome
    told: list[DrillTold]


class DrillAnswer(Model):
    """An officer said that it reached him."""

    officer_id: int
    name: str
    at: datetime


class Drill(Model):
    """A drill as it stands.

    `is_settled`: nothing is still to come. `has_passed`: everybody was reached by every way, and
    somebody stood on every rung but the backup's.
    """

    id: int
    kind: AlertKind
    severity: Severity
    officer_id: int
    officer: str
    is_at_once: bool
    started_by: str | None = Field(description="Null where a command began it")
    started_at: datetime
    ended_at: datetime | None
    is_settled: bool
    has_passed: bool
    steps: list[DrillStepShown]
    answers: list[DrillAnswer]


def shown(report: DrillReport) -> Drill:
    """A report as the API, and the command line, give it."""
    steps = [_step(one, is_over=report.is_over) for one in report.steps]
    answers = [DrillAnswer.model_validate(one) for one in report.answers]
    plain = {name: getattr(report, name) for name in Drill.model_fields}
    return Drill.model_validate(plain | {"steps": steps, "answers": answers})


def _step(step: DrillStep, *, is_over: bool) -> DrillStepShown:
    return DrillStepShown(
        rung=step.rung,
        post=step.post,
        due_at=step.due_at,
        told_at=step.told_at,
        outcome=step.outcome(is_over=is_over),
        told=[_told(one, is_over=is_over) for one in step.told],
    )


def _told(told: Told, *, is_over: bool) -> DrillTold:
    return DrillTold(
        officer_id=told.officer_id,
        contact_point_id=told.point_id,
        name=told.name,
        outcome=told.outcome(is_over=is_over),
        messages=[DrillMessage.model_validate(one) for one in told.messages],
    )
