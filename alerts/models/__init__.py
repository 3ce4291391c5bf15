"""The alerts' tables."""

from alerts.models.alerts import Alert, AlertEvent
from alerts.models.dispatch import DispatchLink, DispatchOpening
from alerts.models.drills import DrillRow
from alerts.models.escalation import (
    AlertClimb,
    EscalationLadder,
    RotaOverride,
    RotaRow,
    RotaVersion,
)
from alerts.models.reaching import ContactPoint, DeliveryReceipt, Notification, NotificationAttempt
from alerts.models.response import AlertContact, AlertStep, ResponseProtocol
from alerts.models.shelving import ShelfRow

__all__ = [
    "Alert",
    "AlertClimb",
    "AlertContact",
    "AlertEvent",
    "AlertStep",
    "ContactPoint",
    "DeliveryReceipt",
    "DispatchLink",
    "DispatchOpening",
    "DrillRow",
    "EscalationLadder",
    "Notification",
    "NotificationAttempt",
    "ResponseProtocol",
    "RotaOverride",
    "RotaRow",
    "RotaVersion",
    "ShelfRow",
]
