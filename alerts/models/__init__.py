"""The alerts' tables."""

from alerts.models.alerts import Alert, AlertEvent, Notification
from alerts.models.dispatch import DispatchLink, DispatchOpening
from alerts.models.escalation import AlertClimb, EscalationLadder, RotaOverride, RotaRow
from alerts.models.response import AlertContact, AlertStep, ResponseProtocol

__all__ = [
    "Alert",
    "AlertClimb",
    "AlertContact",
    "AlertEvent",
    "AlertStep",
    "DispatchLink",
    "DispatchOpening",
    "EscalationLadder",
    "Notification",
    "ResponseProtocol",
    "RotaOverride",
    "RotaRow",
]
