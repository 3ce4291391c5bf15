"""What is known of a check-in whose row has just been written."""

from datetime import datetime
from typing import NamedTuple


class Made(NamedTuple):
    """A new check-in."""

    id: int
    opens_at: datetime
    closes_at: datetime
