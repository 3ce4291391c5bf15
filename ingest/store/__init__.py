"""Keeps what devices said, each word once, and what they are to be told until it is sent."""

from ingest.store.commands import (
    CommandKind,
    DueCommand,
    NewCommand,
    Outcome,
    claim_commands,
    is_asked,
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
from ingest.store.protected_events import (
    KeptEvent,
    ProtectedEvent,
    forget_words,
    store_protected_events,
)

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
    "forget_words",
    "is_asked",
    "request_interval",
    "request_locate",
    "settle_commands",
    "store_events",
    "store_protected_events",
    "store_receipts",
    "store_rejected",
]
