"""Keeps what devices said, each word once, and what they are to be told until it is sent."""

from ingest.store.commands import (
    CommandKind,
    DueCommand,
    NewCommand,
    Outcome,
    claim_commands,
    request_interval,
    request_locate,
    settle_commands,
)
from ingest.store.fixes import FixStore, OwnedFix, ensure_partition
from ingest.store.history import StoredPositions
from ingest.store.messages import (
    DeviceAck,
    OwnedEvent,
    OwnedReceipt,
    store_events,
    store_receipts,
    store_rejected,
)
from ingest.store.protected_events import KeptEvent, ProtectedEvent, store_protected_events

__all__ = [
    "CommandKind",
    "DeviceAck",
    "DueCommand",
    "FixStore",
    "KeptEvent",
    "NewCommand",
    "Outcome",
    "OwnedEvent",
    "OwnedFix",
    "OwnedReceipt",
    "ProtectedEvent",
    "StoredPositions",
    "claim_commands",
    "ensure_partition",
    "request_interval",
    "request_locate",
    "settle_commands",
    "store_events",
    "store_protected_events",
    "store_receipts",
    "store_rejected",
]
