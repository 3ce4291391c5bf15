"""Reads many stored fixes straight into arrays, by COPY in PostgreSQL's binary format.

Every column is eight bytes wide and none is null, so all rows have one length and numpy takes the
bytes as they come: rows made one by one, and instants as decimal numbers, cost several times more.
"""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from supervision.core.fixes import LocatedFixes

# What a query must select, in this order, from fixes that it calls p.
COLUMNS = (
    "p.id, p.supervisee_id, p.fixed_at, p.received_at, p.lon, p.lat,"
    " coalesce(p.accuracy_m, 'NaN') AS accuracy_m, p.source::bigint AS source"
)
_KINDS = {
    "position_id": ">i8",
    "supervisee_id": ">i8",
    "fixed_at_us": ">i8",
    "received_at_us": ">i8",
    "lon": ">f8",
    "lat": ">f8",
    "accuracy_m": ">f8",
    "source": ">i8",
}
# Each row is led by its number of columns, each column by its number of bytes.
_ROW = np.dtype(
    [("columns", ">i2")]
    + [part for name, kind in _KINDS.items() for part in ((f"{name}/bytes", ">i4"), (name, kind))]
)
_HEADER_BYTES, _TRAILER_BYTES = 19, 2
# The format counts an instant's microseconds from the year 2000.
_FROM_2000_US = 946_684_800_000_000


def read_fixes(session: Session, query: str, values: Mapping[str, Any]) -> LocatedFixes:
    """The fixes that a query selects, in its order.

    Args:
        session: Open transaction, only read.
        query: Selects `COLUMNS`; named values stand in it as `%(name)s`.
        values: For each name.
    """
    cursor = session.connection().connection.cursor()
    told = BytesIO()
    select = cursor.mogrify(query, values).decode()
    cursor.copy_expert(f"COPY ({select}) TO STDOUT (FORMAT binary)", told)
    cursor.close()
    rows = np.frombuffer(told.getbuffer()[_HEADER_BYTES:-_TRAILER_BYTES], _ROW)
    columns = {name: rows[name].astype(kind.replace(">", "=")) for name, kind in _KINDS.items()}
    columns["fixed_at_us"] += _FROM_2000_US
    columns["received_at_us"] += _FROM_2000_US
    return LocatedFixes(**columns)
