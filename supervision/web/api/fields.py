"""What the API takes for a name, a note, an instant, and refuses before anybody works with it."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from supervision.core.errors import Invalid
from supervision.web.deps import MOST_BIGINT
from supervision.web.problems import MEDIA_TYPE

FIRST_INSTANT = datetime(1970, 1, 1, tzinfo=UTC)
LAST_INSTANT = datetime(2200, 1, 1, tzinfo=UTC)

_PROBLEM: dict[str, Any] = {
    "description": "A problem (RFC 9457)",
    "content": {
        MEDIA_TYPE: {
            "schema": {
                "type": "object",
                "required": ["type", "title", "status", "detail", "instance"],
                "properties": {
                    "type": {"type": "string", "examples": ["/problems/not_found"]},
                    "title": {"type": "string"},
                    "status": {"type": "integer"},
                    "detail": {"type": "string"},
                    "instance": {"type": "string", "format": "uri"},
                    "errors": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {
                                "where": {"type": "string"},
                                "message": {"type": "string"},
                            },
                        },
                    },
                },
            }
        }
    },
}
PROBLEMS: dict[int | str, dict[str, Any]] = {"default": _PROBLEM, 422: _PROBLEM}
"""What every route may answer instead; for a router's `responses`."""


class Model(BaseModel):
    """The base of what is sent and received: unknown fields are refused, so typing slips show."""

    model_config = ConfigDict(extra="forbid", from_attributes=True, frozen=True)


def _printable(value: str) -> str:
    if "\x00" in value:
        raise ValueError("must not contain the NUL character")
    return value


def _in_range(value: datetime) -> datetime:
    # Compared before it is converted: year 1 or 9999 in a far time zone has no UTC form.
    if not FIRST_INSTANT <= value <= LAST_INSTANT:
        raise ValueError("must lie between 1970 and 2200")
    return value.astimezone(UTC)


_Printable = AfterValidator(_printable)
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), _Printable
]
"""One line of text with something in it."""
Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), _Printable
]
"""Free text with something in it."""
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000), _Printable]
"""Free text, possibly empty."""
Instant = Annotated[AwareDatetime, AfterValidator(_in_range)]
"""An instant with its offset, taken over as UTC."""
RowId = Annotated[int, Field(ge=1, le=MOST_BIGINT, strict=True, examples=[42])]
"""A row's id in a body."""


def not_in_future(at: datetime | None, now: datetime) -> datetime:
    """The instant, or now if none was given.

    Raises:
        Invalid: It has not come yet.
    """
    if at is not None and at > now:
        raise Invalid("The time must not lie in the future.")
    return now if at is None else at
