"""Long lists a page at a time; a cursor names the next, so nothing is skipped or doubled."""

import base64
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, Field

from supervision.core.errors import Invalid

DEFAULT_LIMIT = 50
MOST_LIMIT = 500
MOST_CURSOR_CHARS = 200

Row = TypeVar("Row")
Item = TypeVar("Item")
Key = tuple[int, ...]


class Page(BaseModel, Generic[Item]):
    """Part of a list, in a fixed order; `next` is the cursor of the following part."""

    items: list[Item]
    next: str | None = Field(description="Send it as `cursor` to go on; null at the end")


def encode_cursor(key: Key) -> str:
    """The opaque text that stands for the place after this row."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, length: int) -> Key:
    """The key of the row that the cursor stands after.

    Args:
        cursor: As `encode_cursor` gave it, or anything at all.
        length: How many integers this list's keys have.

    Raises:
        Invalid: It is no cursor of this list.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except ValueError:
        key = None
    is_key = isinstance(key, list) and len(key) == length
    if not is_key or not all(type(part) is int and abs(part) < 2**63 for part in key):
        message = "The cursor is not one that this list gave."
        raise Invalid(message)
    return tuple(key)


class Pager:
    """One page of one list: where it starts, how long it is, and how the next is found."""

    def __init__(
        self,
        request: Request,
        response: Response,
        limit: Annotated[int, Query(ge=1, le=MOST_LIMIT, description="Rows at most")] = (
            DEFAULT_LIMIT
        ),
        cursor: Annotated[
            str | None,
            Query(max_length=MOST_CURSOR_CHARS, description="`next` of the page before"),
        ] = None,
    ) -> None:
        """Read the query; a wrong cursor shows when `after` is asked."""
        self.limit = limit
        self._request = request
        self._response = response
        self._cursor = cursor

    @property
    def fetch(self) -> int:
        """How many rows to ask the database for: one more than the page, to know of a next."""
        return self.limit + 1

    def after(self, length: int) -> Key | None:
        """The key to start after, or None at the start; raises Invalid as `decode_cursor`."""
        return None if self._cursor is None else decode_cursor(self._cursor, length)

    def after_id(self) -> int | None:
        """The id to start after in a list that is ordered by id."""
        key = self.after(1)
        return None if key is None else key[0]

    def cut(self, rows: Sequence[Row], key: Callable[[Row], Key]) -> tuple[list[Row], str | None]:
        """The page's rows and the next cursor; sets the answer's Link header.

        Args:
            rows: Up to `fetch` rows in the list's order.
            key: What `after` will be asked to start behind.
        """
        page = list(rows[: self.limit])
        if len(rows) <= self.limit:
            return page, None
        cursor = encode_cursor(key(page[-1]))
        self._response.headers["Link"] = self.link(cursor)
        return page, cursor

    def link(self, cursor: str) -> str:
        """The Link header's value for the next page, relative to this host."""
        url = self._request.url.include_query_params(cursor=cursor)
        return f'<{url.path}?{url.query}>; rel="next"'


PagerDep = Annotated[Pager, Depends()]
