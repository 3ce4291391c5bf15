"""What a line of an alert's history says beside who did it, in the words of the console."""

from collections.abc import Callable, Mapping
from typing import Any

from alerts.rules import Change
from supervision.web.console import wording

Detail = Mapping[str, Any]


def said(kind: str, detail: Detail) -> str:
    """The rest of the line, to follow a colon; empty where there is nothing to say.

    Args:
        kind: A `Change`.
        detail: As whoever wrote the line left it; the oldest lines too.
    """
    how = _SAID.get(Change(kind))
    return "" if how is None else how(detail)


def _closed(detail: Detail) -> str:
    return wording.DISPOSITIONS[detail["disposition"]][0]


def _escalated(detail: Detail) -> str:
    # Only a rung outside the agency names contact points.
    is_told = detail["officer_ids"] or detail.get("point_ids")
    return wording.POSTS[detail["post"]] + ("" if is_told else ", but there is nobody")


def _unreached(detail: Detail) -> str:
    around = " and ".join(wording.MEANS[means] for means in detail["around"])
    instead = f"told instead {around}" if around else "no other way was left"
    return f"{wording.MEANS[detail['means']]}; {instead}"


def _ticked(detail: Detail) -> str:
    return f"{detail['wording']}, {wording.OUTCOMES[detail['outcome']].lower()}"


def _contact(detail: Detail) -> str:
    whom, means = wording.WHOM[detail["whom"]], wording.MEDIA[detail["means"]]
    reached = "reached" if detail["was_reached"] else "not reached"
    return f"{whom.lower()}, {means.lower()}, {reached}"


def _added(detail: Detail) -> str:
    times = detail["after"].get("times")
    return "" if times is None else f"told again, {times} times in all"


_SAID: dict[Change, Callable[[Detail], str]] = {
    Change.CLOSED: _closed,
    Change.ESCALATED: _escalated,
    Change.UNREACHED: _unreached,
    Change.STEP_TICKED: _ticked,
    Change.CONTACT_LOGGED: _contact,
    Change.EVIDENCE_ADDED: _added,
}
