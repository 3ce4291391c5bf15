"""How single values are read from what devices write: numbers, instants, spare details."""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from supervision.core.clock import to_us
from supervision.core.errors import Rejected
from supervision.core.fixes import Source

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""All that msgspec raises on bytes which are not the JSON asked for."""

_FURTHEST_S = 1e11
_INT64 = 2**63
_KEYS, _ITEMS, _DEPTH, _KEY_CHARS, _TEXT_CHARS = 40, 20, 3, 64, 200
_BYTES = 4096
_encode = msgspec.json.encode
_NUMBER_CHARS = 32
_INSTANT_CHARS = 40
_OBJECT = msgspec.json.Decoder(dict[str, Any])

# What a person's own phone says is judged apart from his device's track (ADR-0014).
_SOURCES = {source.name.lower(): source for source in Source if source is not Source.PHONE}


def nonsense(error: Exception) -> Rejected:
    """Turn one of `UNREADABLE` into a rejection: `not_json`, or `malformed` for sound JSON.

    msgspec names fields, types and byte offsets and never a value, so no place leaks.
    """
    is_json = isinstance(error, msgspec.ValidationError | RecursionError)
    return Rejected("malformed" if is_json else "not_json", f"{error}.")


def json_object(payload: bytes) -> dict[str, Any]:
    """Read a JSON object of any fields.

    Raises:
        Rejected: It is none.
    """
    try:
        return _OBJECT.decode(payload)
    except UNREADABLE as unreadable:
        raise nonsense(unreadable) from unreadable


def source_named(word: object) -> Source:
    """Find the source that a sender named; an unheard-of word is `Source.UNKNOWN`."""
    return _SOURCES.get(word, Source.UNKNOWN) if isinstance(word, str) else Source.UNKNOWN


def number(value: object) -> float | None:
    """Read a finite number, also one written as a string; a bool is not a number."""
    if isinstance(value, str) and len(value) <= _NUMBER_CHARS:
        try:
            value = float(value)
        except ValueError:
            return None
    if type(value) is int:
        value = float(min(max(value, -_INT64), _INT64))
    return value if type(value) is float and math.isfinite(value) else None


def required(said: Mapping[str, object], field: str) -> float:
    """Read a number that a fix cannot be without.

    Raises:
        Rejected: It is missing or no number.
    """
    found = number(said.get(field))
    if found is None:
        raise Rejected("fix_malformed", f"The field {field} is missing or not a number.")
    return found


def stated_accuracy(said: Mapping[str, object], field: str) -> float | None:
    """Read a fix's accuracy in metres; absent or null is unknown.

    Raises:
        Rejected: It is there and no number: the fix would count for more than its sender meant.
    """
    return None if said.get(field) is None else required(said, field)


def since_1970_us(seconds: float) -> int:
    """Turn seconds since 1970 UTC into whole microseconds.

    Far-off ones are drawn in to the year 5138, or as far back, where no limit believes them
    and 64 bits hold them; NaN becomes the far past.
    """
    return round(min(_FURTHEST_S, max(-_FURTHEST_S, seconds)) * 1e6)


def instant_us(value: object) -> int | None:
    """Read an instant: seconds since 1970 UTC, or an ISO 8601 string with its offset.

    A string without an offset is not an instant and gives None.
    """
    if type(value) is float or type(value) is int:
        return since_1970_us(value)
    if not isinstance(value, str) or len(value) > _INSTANT_CHARS:
        return None
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        return None
    return None if instant.tzinfo is None else to_us(instant)


def is_name(value: str, longest: int) -> bool:
    """Tell whether a text can name a device or session: 1 to `longest` printable characters."""
    return 0 < len(value) <= longest and value.isprintable()


def trimmed(said: Mapping[str, object], without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Copy what a sender said beyond our fields, cut to a size that no sender can inflate.

    At most 40 keys, lists of 20, texts of 200 characters, three levels below the first; of what
    is still over 4 KB as JSON, the first fields that fit are kept. What PostgreSQL cannot store
    (a NUL, an integer beyond 64 bits) is left out.
    """
    kept = [key for key in said if key not in without][:_KEYS]
    copy = {_text(key, _KEY_CHARS): _cut(said[key], _DEPTH) for key in kept}
    return copy if len(_encode(copy)) <= _BYTES else _fitting(copy)


def _fitting(said: dict[str, Any]) -> dict[str, Any]:
    fitting, left = {}, _BYTES
    for key, value in said.items():
        left -= len(_encode({key: value}))
        if left >= 0:
            fitting[key] = value
    return fitting


def _cut(value: object, depth: int) -> Any:  # noqa: ANN401  any JSON value
    if isinstance(value, str):
        return _text(value, _TEXT_CHARS)
    if isinstance(value, int) and not -_INT64 <= value < _INT64:
        return None
    if isinstance(value, dict):
        inner = list(value.items())[:_ITEMS] if depth else []
        return {_text(key, _KEY_CHARS): _cut(item, depth - 1) for key, item in inner}
    if isinstance(value, list):
        return [_cut(item, depth - 1) for item in value[:_ITEMS]] if depth else []
    return value


def _text(value: str, longest: int) -> str:
    return value[:longest].replace("\x00", "")
