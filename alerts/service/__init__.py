"""What can be done with alerts; each function writes in the caller's transaction."""

from alerts.climbs import read_ladder, read_ladders
from alerts.outbox import NewNotice, enqueue_notices
from alerts.service.climbing import climb_due
from alerts.service.contact_points import (
    NewPoint,
    add_outside_point,
    add_own_point,
    add_secret,
    end_point,
    list_points,
)
from alerts.service.dispatch_links import (
    DispatchLinkRecord,
    OpenDispatchLink,
    Opening,
    find_dispatch_link,
    find_last_opening,
    list_dispatch_links,
    note_opening,
)
from alerts.service.dispatching import (
    LONGEST,
    NewDispatchLink,
    Sharing,
    share_packet,
    withdraw_packet,
)
from alerts.service.drill_reports import find_unanswered, list_drills, read_drill
from alerts.service.drills import NewDrill, answer_drill, end_drill, start_drill
from alerts.service.failing import read_failing
from alerts.service.findings import (
    NewAlert,
    Unseen,
    add_evidence,
    clear,
    clear_tamper,
    confirm,
    find_unseen,
    raise_alert,
    raise_alerts,
    reactivate,
)
from alerts.service.handing_over import hand_over_alerts
from alerts.service.handling import acknowledge, acknowledge_many, close, close_many, take_in_hand
from alerts.service.ladders import restore_ladder, write_ladder
from alerts.service.numbers import count_by_date, read_numbers
from alerts.service.receipts import settle_receipts, take_receipt
from alerts.service.response import (
    Contact,
    Tick,
    log_contact,
    read_protocol,
    tick,
    write_protocol,
)
from alerts.service.rota_overrides import (
    NewOverride,
    OverrideRecord,
    end_override,
    list_overrides,
    override_rota,
)
from alerts.service.rotas import (
    NewTurns,
    RotaRecord,
    add_rota,
    change_rota,
    end_rota,
    get_rota,
    list_rotas,
    list_stints,
    who_is_on_call,
)
from alerts.service.shelves import ShelfRecord, get_shelf, list_shelved, list_shelves
from alerts.service.shelving import NewShelf, end_shelf, find_last_shelf, shelve
from alerts.service.untold import read_untold
from alerts.store import hold_ledgers

__all__ = [
    "LONGEST",
    "Contact",
    "DispatchLinkRecord",
    "NewAlert",
    "NewDispatchLink",
    "NewDrill",
    "NewNotice",
    "NewOverride",
    "NewPoint",
    "NewShelf",
    "NewTurns",
    "OpenDispatchLink",
    "Opening",
    "OverrideRecord",
    "RotaRecord",
    "Sharing",
    "ShelfRecord",
    "Tick",
    "Unseen",
    "acknowledge",
    "acknowledge_many",
    "add_evidence",
    "add_outside_point",
    "add_own_point",
    "add_rota",
    "add_secret",
    "answer_drill",
    "change_rota",
    "clear",
    "clear_tamper",
    "climb_due",
    "close",
    "close_many",
    "confirm",
    "count_by_date",
    "end_drill",
    "end_override",
    "end_point",
    "end_rota",
    "end_shelf",
    "enqueue_notices",
    "find_dispatch_link",
    "find_last_opening",
    "find_last_shelf",
    "find_unanswered",
    "find_unseen",
    "get_rota",
    "get_shelf",
    "hand_over_alerts",
    "hold_ledgers",
    "list_dispatch_links",
    "list_drills",
    "list_overrides",
    "list_points",
    "list_rotas",
    "list_shelved",
    "list_shelves",
    "list_stints",
    "log_contact",
    "note_opening",
    "override_rota",
    "raise_alert",
    "raise_alerts",
    "reactivate",
    "read_drill",
    "read_failing",
    "read_ladder",
    "read_ladders",
    "read_numbers",
    "read_protocol",
    "read_untold",
    "restore_ladder",
    "settle_receipts",
    "share_packet",
    "shelve",
    "start_drill",
    "take_in_hand",
    "take_receipt",
    "tick",
    "who_is_on_call",
    "withdraw_packet",
    "write_ladder",
    "write_protocol",
]
