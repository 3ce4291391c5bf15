"""How a message goes out: by e-mail, to a phone, to another system, or to the log."""

from alerts.channels.email import EmailChannel
from alerts.channels.gateway import GatewayAccount, SmsChannel, VoiceChannel
from alerts.channels.log import LogChannel
from alerts.channels.message import Channel, Message
from alerts.channels.webhook import WebhookChannel

__all__ = [
    "Channel",
    "EmailChannel",
    "GatewayAccount",
    "LogChannel",
    "Message",
    "SmsChannel",
    "VoiceChannel",
    "WebhookChannel",
]
