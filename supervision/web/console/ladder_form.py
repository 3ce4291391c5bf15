"""The form of a ladder: what its fields say as a ladder, and a ladder as its fields.

The first rung is the officer responsible, at once; the form has no fields for it. A row in which
nobody is chosen is no rung, so a rung is taken out by choosing nobody.
"""

from alerts.escalation import MOST_RUNGS, Ladder, Post, Rung
from supervision.core.errors import Invalid
from supervision.web.console.fields import Fields
from supervision.web.deps import MOST_BIGINT

MINUTE_S = 60
MOST_ROWS = MOST_RUNGS - 1
EMPTY_ROWS = 2
_FIRST = Rung(0, Post.RESPONSIBLE)


def fields_of(ladder: Ladder) -> Fields:
    """The form in which a ladder stands as it is, with room for more rungs."""
    rungs = ladder.rungs[1:]
    values = {"rows": str(min(MOST_ROWS, len(rungs) + EMPTY_ROWS))}
    values |= _time_fields("again", ladder.again_s) | _time_fields("untouched", ladder.untouched_s)
    for number, rung in enumerate(rungs, 1):
        values[f"post_{number}"] = rung.post if rung.id is None else f"{rung.post}:{rung.id}"
        values |= _time_fields(f"after_{number}", rung.after_s)
    return Fields({name: [value] for name, value in values.items()})


def with_more_rows(fields: Fields) -> Fields:
    """The same form with one more row, as long as a ladder can have as many rungs."""
    return Fields({**fields.values, "rows": [str(min(MOST_ROWS, row_count(fields) + 1))]})


def row_count(fields: Fields) -> int:
    """For how many rungs beside the first the form has a row."""
    rows = fields.one("rows")
    return min(MOST_ROWS, int(rows)) if rows.isdecimal() and len(rows) == 1 else MOST_ROWS


def ladder_of(fields: Fields) -> Ladder:
    """The ladder that a form describes; whether it makes sense is asked by whoever writes it.

    Raises:
        Invalid: A time is none, or somebody is chosen whom the form does not offer.
    """
    rows = range(1, row_count(fields) + 1)
    rungs = tuple(_rung(fields, number) for number in rows if fields.one(f"post_{number}"))
    again_s = _seconds(fields, "again", "after how long it begins again")
    untouched_s = _seconds(fields, "untouched", "how long it may lie untouched")
    return Ladder((_FIRST, *rungs), again_s, untouched_s)


def _rung(fields: Fields, number: int) -> Rung:
    after_s = _seconds(fields, f"after_{number}", f"after how long rung {number + 1} is told")
    post, _, named = fields.one(f"post_{number}").partition(":")
    if post not in set(Post) or (named and not _is_id(named)):
        raise Invalid("Choose from the list who is told.")
    return Rung(after_s, Post(post), int(named) if named else None)


def _is_id(word: str) -> bool:
    return word.isascii() and word.isdecimal() and 0 < int(word) <= MOST_BIGINT


def _seconds(fields: Fields, name: str, what: str) -> int:
    typed = {unit: fields.one(f"{name}_{unit}") for unit in ("min", "s")}
    if not any(typed.values()):
        message = f"Say {what}."
        raise Invalid(message)
    minutes, seconds = (
        fields.number(f"{name}_{unit}", what) if value else 0 for unit, value in typed.items()
    )
    return minutes * MINUTE_S + seconds


def _time_fields(name: str, seconds: int) -> dict[str, str]:
    minutes, rest = divmod(seconds, MINUTE_S)
    return {f"{name}_min": str(minutes), f"{name}_s": str(rest)}
