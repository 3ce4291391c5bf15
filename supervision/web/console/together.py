"""Alerts of one kind seen to together: a storm is one thing to deal with, and not three hundred.

Nothing critical is: each of those is looked at by itself.
"""

from collections import Counter
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from alerts import service as alerting
from alerts.catalogue import AlertKind
from alerts.rules import Disposition, Handling
from supervision.core.access import Permission
from supervision.core.audit import Tag
from supervision.core.errors import Conflict, Refused
from supervision.web.console.alert_rows import AlertRow, Filter, list_unclosed
from supervision.web.console.handling import MOST_NOTE_CHARACTERS
from supervision.web.console.rendering import Visit, VisitDep
from supervision.web.deps import MOST_BIGINT, requires

router = APIRouter(prefix="/alerts/of-kind/{kind}")

READS = requires(Permission.READ_ALERTS)
HANDLES = requires(Permission.HANDLE_ALERTS)
# Fewer are seen to one by one.
LEAST_MANY = 5
MOST_CHOSEN = 200
Chosen = Annotated[list[Annotated[int, Form(ge=1, le=MOST_BIGINT)]], Form(max_length=MOST_CHOSEN)]
CHOOSE = "Choose at least one of them."
UNDECIDED = "Choose what they turned out to be."


@dataclass(frozen=True, slots=True)
class Many:
    """Many new alerts of a kind, none critical, about how many people."""

    kind: str
    count: int
    people: int


def many_of_a_kind(rows: list[AlertRow]) -> list[Many]:
    """The kinds of which many are new among these rows, the most first."""
    new = [one for one in rows if one.handling == Handling.NEW and not one.needs_note]
    counts = Counter(one.kind for one in new).most_common()
    return [
        Many(kind, count, len({one.supervisee_id for one in new if one.kind == kind}))
        for kind, count in counts
        if count >= LEAST_MANY
    ]


@router.get("", dependencies=[READS])
def show(visit: VisitDep, kind: AlertKind) -> Response:
    """All that nobody has closed, to be ticked; at first all are."""
    return _page(visit, kind)


@router.post("/acknowledge", dependencies=[HANDLES])
def acknowledge(visit: VisitDep, kind: AlertKind, alert_ids: Chosen = []) -> Response:  # noqa: B006 -- FastAPI copies it
    """Say that the chosen ones were seen; what somebody has seen meanwhile stays as it is."""
    if not alert_ids:
        return _page(visit, kind, Conflict(CHOOSE))
    alerting.acknowledge_many(visit.session, visit.actor, alert_ids, visit.now)
    return RedirectResponse(f"/alerts/of-kind/{kind}", HTTPStatus.SEE_OTHER)


@router.post("/close", dependencies=[HANDLES])
def close(
    visit: VisitDep,
    kind: AlertKind,
    alert_ids: Chosen = [],  # noqa: B006 -- FastAPI copies it
    disposition: Annotated[Disposition | None, Form()] = None,
    note: Annotated[str, Form(max_length=MOST_NOTE_CHARACTERS)] = "",
) -> Response:
    """Close the chosen ones with one judgement; or the page again, with what is missing."""
    if not alert_ids or disposition is None:
        fault = UNDECIDED if alert_ids else CHOOSE
        return _page(visit, kind, Conflict(fault), set(alert_ids), disposition, note)
    try:
        alerting.close_many(visit.session, visit.actor, alert_ids, disposition, note, visit.now)
    except Conflict as refusal:
        return _page(visit, kind, refusal, set(alert_ids), disposition, note)
    return RedirectResponse("/", HTTPStatus.SEE_OTHER)


def _page(
    visit: Visit,
    kind: AlertKind,
    refusal: Refused | None = None,
    ticked: set[int] | None = None,
    disposition: Disposition | None = None,
    note: str = "",
) -> Response:
    listed = list_unclosed(visit.session, visit.actor, Filter(kind=kind))
    graver = sum(one.needs_note for one in listed.rows)
    rows = [one for one in listed.rows if not one.needs_note][:MOST_CHOSEN]
    page = visit.page(
        "together.html",
        HTTPStatus.OK if refusal is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        kind=kind,
        rows=rows,
        count=listed.count - graver,
        ticked={row.id for row in rows} if ticked is None else ticked,
        chosen=disposition,
        note=note,
        error=None if refusal is None else refusal.message,
    )
    visit.viewing.record_list(Tag.ALERT_VIEWED, [row.id for row in rows])
    return page
