"""Reads what the page's form sends: answers, a position or why there is none, a wish for a call."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Request

from supervision.checkins.service import NoPosition, Place, Told
from supervision.core.errors import Invalid

ANSWER = "answer."
# The page asks the phone anew when it sends what is older than a minute.
OLDEST_S = 600.0
MOST_FIELDS = 100


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it was filled in; on a fresh page nothing is."""

    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def answers(self) -> dict[str, str]:
        """What was answered, by the questions' keys."""
        return {
            name.removeprefix(ANSWER): value
            for name, value in self.fields.items()
            if name.startswith(ANSWER)
        }

    @property
    def wants_call(self) -> bool:
        """Whether he asks to be called back."""
        return "wants_call" in self.fields

    def told(self, language: str, now: datetime) -> Told:
        """What the form says.

        Raises:
            Invalid: The position cannot be read.
        """
        return Told(self.answers, self._where(now), self.wants_call, language)

    def _where(self, now: datetime) -> Place | NoPosition:
        if not self.fields.get("lon"):
            return _reason(self.fields.get("no_position_reason", ""))
        try:
            lon, lat, accuracy_m, age_s = (
                float(self.fields.get(name, ""))
                for name in ("lon", "lat", "accuracy_m", "position_age_s")
            )
        except ValueError as error:
            raise Invalid("The position cannot be read.") from error
        if not 0 <= age_s <= OLDEST_S:
            raise Invalid("The position is too old.")
        # By our clock: a phone's may be wrong, how long ago it was is not.
        return Place(lon, lat, accuracy_m, now - timedelta(seconds=age_s))


def _reason(word: str) -> NoPosition:
    return NoPosition(word) if word in set(NoPosition) else NoPosition.NO_SCRIPT


async def read_typed(request: Request) -> AsyncGenerator[Typed]:
    """The form's fields; files are no answers, and what no text can hold is left out of one."""
    async with request.form(max_fields=MOST_FIELDS, max_files=0) as form:
        yield Typed(
            {
                name: value.replace("\x00", "")
                for name, value in form.items()
                if isinstance(value, str)
            }
        )


TypedDep = Annotated[Typed, Depends(read_typed)]
