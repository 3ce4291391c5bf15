"""What can be done with alerts; each function writes in the caller's transaction."""

from alerts.outbox import NewNotice, enqueue_notices
from alerts.service.findings import (
    NewAlert,
    add_evidence,
    clear,
    clear_tamper,
    confirm,
    raise_alert,
    raise_alerts,
    reactivate,
)
from alerts.service.handling import acknowledge, close
from alerts.store import hold_ledgers

__all__ = [
    "NewAlert",
    "NewNotice",
    "acknowledge",
    "add_evidence",
    "clear",
    "clear_tamper",
    "close",
    "confirm",
    "enqueue_notices",
    "hold_ledgers",
    "raise_alert",
    "raise_alerts",
    "reactivate",
]
