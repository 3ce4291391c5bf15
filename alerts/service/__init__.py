"""What can be done with alerts; each function writes in the caller's transaction."""

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
from alerts.service.handling import acknowledge, close, close_many, take_in_hand
from alerts.service.response import (
    Contact,
    Tick,
    log_contact,
    read_protocol,
    tick,
    write_protocol,
)
from alerts.store import hold_ledgers

__all__ = [
    "Contact",
    "NewAlert",
    "Tick",
    "acknowledge",
    "add_evidence",
    "clear",
    "clear_tamper",
    "close",
    "close_many",
    "confirm",
    "hold_ledgers",
    "log_contact",
    "raise_alert",
    "raise_alerts",
    "reactivate",
    "read_protocol",
    "take_in_hand",
    "tick",
    "write_protocol",
]
