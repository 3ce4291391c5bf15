"""The plan editor's form: what its fields say, as the API's body, and a plan as its fields."""

from collections.abc import Mapping, Sequence
from typing import Any

from supervision.checkins.timing import WEEKDAYS
from supervision.web.api.checkin_plan_bodies import CheckinPlan
from supervision.web.api.checkin_timing_bodies import RegularTiming, UnannouncedTiming
from supervision.web.console.fields import Fields

MINUTE_S = 60
QUESTIONS, BLOCKS = 5, 3
_WEEKLY, _DAILY, _ONCE = "FREQ=WEEKLY", "FREQ=DAILY", "FREQ=DAILY;COUNT=1"
USUAL: Mapping[str, Sequence[str]] = {
    "method": ["video"],
    "purpose": ["checkin"],
    "kind": ["regular"],
    "pattern": ["weekly"],
    "interval": ["1"],
    "at": ["18:00"],
    "per_week": ["3"],
    "from_1": ["08:00"],
    "until_1": ["20:00"],
    "gap_min": ["240"],
    "window_min": ["60"],
    "grace_min": ["15"],
    "reminders": ["3600", "0"],
}


def body_of(fields: Fields) -> dict[str, Any]:
    """The body that the API would be sent for a form.

    Raises:
        Invalid: A number is none.
    """
    return {
        "method": fields.one("method"),
        "purpose": fields.one("purpose"),
        "timing": _timing(fields),
        "starts_on": fields.one("starts_on"),
        "ends_on": fields.one("ends_on") or None,
        "window_s": fields.number("window_min", "the window's minutes") * MINUTE_S,
        "grace_s": fields.number("grace_min", "the minutes of grace") * MINUTE_S,
        "place": fields.one("place") or None,
        "except_on": fields.one("except_on").replace(",", " ").split(),
        "skips_holidays": fields.one("skips_holidays") == "yes",
        "quiet": _quiet(fields),
        "reminders_s": [int(one) for one in fields.many("reminders") if one.isdecimal()],
        "questions": _questions(fields),
    }


def holds(plan: CheckinPlan) -> bool:
    """Whether the form has room for the whole plan; what has more is changed by the API."""
    blocks = plan.timing.allowed if isinstance(plan.timing, UnannouncedTiming) else []
    return len(blocks) <= BLOCKS and len(plan.questions) <= QUESTIONS


def fields_of(plan: CheckinPlan) -> Fields:
    """The form in which a plan stands as it is."""
    values: dict[str, list[str]] = {
        "method": [plan.method],
        "purpose": [plan.purpose],
        "starts_on": [plan.starts_on.isoformat()],
        "ends_on": [plan.ends_on.isoformat() if plan.ends_on else ""],
        "window_min": [str(plan.window_s // MINUTE_S)],
        "grace_min": [str(plan.grace_s // MINUTE_S)],
        "place": [plan.place or ""],
        "except_on": [" ".join(day.isoformat() for day in plan.except_on)],
        "skips_holidays": ["yes" if plan.skips_holidays else ""],
        "quiet_from": [f"{plan.quiet.since:%H:%M}" if plan.quiet else ""],
        "quiet_until": [f"{plan.quiet.until:%H:%M}" if plan.quiet else ""],
        "reminders": [str(ahead_s) for ahead_s in plan.reminders_s],
    }
    for number, row in enumerate(plan.questions, 1):
        for name in ("key", "kind", "en", "es", "concern_if"):
            values[f"q{number}_{name}"] = [str(row.get(name) or "")]
    return Fields({**USUAL, **values, **_timing_fields(plan.timing)})


def _timing(fields: Fields) -> dict[str, Any]:
    if fields.one("kind") != "unannounced":
        return {"kind": "regular", "rrule": _rule(fields), "at": fields.one("at")}
    blocks = [_block(fields, number) for number in range(1, BLOCKS + 1)]
    return {
        "kind": "unannounced",
        "per_week": fields.number("per_week", "how often a week"),
        "allowed": [block for block in blocks if block["weekdays"]],
        "least_gap_s": fields.number("gap_min", "the minutes between two") * MINUTE_S,
    }


def _block(fields: Fields, number: int) -> dict[str, Any]:
    return {
        "weekdays": fields.many(f"weekdays_{number}"),
        "from": fields.one(f"from_{number}"),
        "until": fields.one(f"until_{number}"),
    }


def _rule(fields: Fields) -> str:
    match fields.one("pattern"):
        case "daily":
            return _DAILY
        case "once":
            return _ONCE
        case "weekly":
            every = fields.number("interval", "every how many weeks")
            interval = f";INTERVAL={every}" if every != 1 else ""
            return f"{_WEEKLY}{interval};BYDAY={','.join(fields.many('weekdays'))}"
    return fields.one("rrule")


def _quiet(fields: Fields) -> dict[str, str] | None:
    since, until = fields.one("quiet_from"), fields.one("quiet_until")
    return {"from": since, "until": until} if since or until else None


def _questions(fields: Fields) -> list[dict[str, Any]]:
    """Those of the form's rows in which something is asked."""
    rows = []
    for number in range(1, QUESTIONS + 1):
        said = {name: fields.one(f"q{number}_{name}") for name in ("kind", "en", "es")}
        if said["en"] or said["es"]:
            key = fields.one(f"q{number}_key") or f"question_{number}"
            concern_if = fields.one(f"q{number}_concern_if") or None
            rows.append({"key": key, **said, "concern_if": concern_if})
    return rows


def _timing_fields(timing: RegularTiming | UnannouncedTiming) -> dict[str, list[str]]:
    if isinstance(timing, UnannouncedTiming):
        values = {
            "kind": ["unannounced"],
            "per_week": [str(timing.per_week)],
            "gap_min": [str(timing.least_gap_s // MINUTE_S)],
        }
        for number, block in enumerate(timing.allowed, 1):
            values[f"weekdays_{number}"] = [str(day) for day in block.weekdays]
            values[f"from_{number}"] = [f"{block.since:%H:%M}"]
            values[f"until_{number}"] = [f"{block.until:%H:%M}"]
        return values
    return {"kind": ["regular"], "at": [f"{timing.at:%H:%M}"], **_pattern(timing.rrule)}


def _pattern(rrule: str) -> dict[str, list[str]]:
    """Which of the form's patterns a rule is; its own words where it is none of them."""
    if rrule in {_DAILY, _ONCE}:
        return {"pattern": ["daily" if rrule == _DAILY else "once"]}
    parts = dict(part.split("=") for part in rrule.split(";"))
    days = parts.get("BYDAY", "").split(",")
    is_simple = parts.keys() <= {"FREQ", "INTERVAL", "BYDAY"} and set(days) <= set(WEEKDAYS)
    if parts["FREQ"] == "WEEKLY" and is_simple:
        return {"pattern": ["weekly"], "interval": [parts.get("INTERVAL", "1")], "weekdays": days}
    return {"pattern": ["own"], "rrule": [rrule]}
