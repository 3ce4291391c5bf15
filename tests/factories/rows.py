"""What every row is made with: times, numbers of its own, and saving it."""

import itertools
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from supervision.core.db import Base

NOW = datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
numbers = itertools.count(1)

Row = TypeVar("Row", bound=Base)


def saved(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row
