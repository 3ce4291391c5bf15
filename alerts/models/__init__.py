"""The alerts' tables."""

from alerts.models.alerts import Alert, AlertEvent, Notification
from alerts.models.response import AlertContact, AlertStep, ResponseProtocol

__all__ = [
    "Alert",
    "AlertContact",
    "AlertEvent",
    "AlertStep",
    "Notification",
    "ResponseProtocol",
]
