"""A check-in that has just been written down."""

from datetime import datetime
from typing import NamedTuple


class Made(NamedTuple):
    """A new row, as whoever plans reminders needs it; both instants aware UTC."""

    id: int
    opens_at: datetime
    closes_at: datetime
