"""What stands in a form whose fields are not known beforehand, by each field's name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from supervision.core.errors import Invalid


@dataclass(frozen=True, slots=True)
class Fields:
    """What stands in a form, by each field's name; a field may have several values."""

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """A field's only value, without outer spaces; empty where it has none."""
        values = self.values.get(name, ())
        return values[0].strip() if values else ""

    def many(self, name: str) -> list[str]:
        """All values of a field."""
        return list(self.values.get(name, ()))

    def number(self, name: str, what: str) -> int:
        """A field's whole number.

        Raises:
            Invalid: It holds none.
        """
        try:
            return int(self.one(name))
        except ValueError as error:
            message = f"Write {what} as a whole number."
            raise Invalid(message) from error


async def get_fields(request: Request) -> Fields:
    """What was sent with the form."""
    form = await request.form()
    values = {name: form.getlist(name) for name in form}
    return Fields(
        {name: [one for one in many if isinstance(one, str)] for name, many in values.items()}
    )


FieldsDep = Annotated[Fields, Depends(get_fields)]
