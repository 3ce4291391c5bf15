"""Reads and writes what was found."""

from geofence.store.silences import (
    Reach,
    StoredSilence,
    insert_silences,
    silences_between,
    withdraw_silences,
)
from geofence.store.stays import (
    Ring,
    StoredStay,
    insert_stay,
    stays_since,
    update_stay,
    withdraw_stays,
)

__all__ = [
    "Reach",
    "Ring",
    "StoredSilence",
    "StoredStay",
    "insert_silences",
    "insert_stay",
    "silences_between",
    "stays_since",
    "update_stay",
    "withdraw_silences",
    "withdraw_stays",
]
