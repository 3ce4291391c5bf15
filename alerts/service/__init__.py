"""What can be done with alerts; each function writes in the caller's transaction."""

from alerts.climbs import read_ladder
from alerts.outbox import NewNotice, enqueue_notices
from alerts.service.climbing import climb_due
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
from alerts.service.ladders import (
    NewRota,
    add_rota,
    list_rotas,
    override_rota,
    who_is_on_call,
    write_ladder,
)
from alerts.service.numbers import count_by_date, read_numbers
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
    "NewNotice",
    "NewRota",
    "Tick",
    "acknowledge",
    "add_evidence",
    "add_rota",
    "clear",
    "clear_tamper",
    "climb_due",
    "close",
    "close_many",
    "confirm",
    "count_by_date",
    "enqueue_notices",
    "hold_ledgers",
    "list_rotas",
    "log_contact",
    "override_rota",
    "raise_alert",
    "raise_alerts",
    "reactivate",
    "read_ladder",
    "read_numbers",
    "read_protocol",
    "take_in_hand",
    "tick",
    "who_is_on_call",
    "write_ladder",
    "write_protocol",
]
