"""Keeps what devices said: fixes and events once, rejections with reason, sessions' counts."""

from ingest.store.fixes import FixStore, OwnedFix, ensure_partition
from ingest.store.history import fixes_since
from ingest.store.messages import (
    DeviceAck,
    OwnedEvent,
    OwnedReceipt,
    store_events,
    store_receipts,
    store_rejected,
)

__all__ = [
    "DeviceAck",
    "FixStore",
    "OwnedEvent",
    "OwnedFix",
    "OwnedReceipt",
    "ensure_partition",
    "fixes_since",
    "store_events",
    "store_receipts",
    "store_rejected",
]
