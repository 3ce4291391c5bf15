"""How a message goes out: by e-mail, to a phone, or to the log."""

from alerts.channels.email import EmailChannel
from alerts.channels.log import LogChannel
from alerts.channels.message import Channel, Message
from alerts.channels.sms import SmsChannel

__all__ = ["Channel", "EmailChannel", "LogChannel", "Message", "SmsChannel"]
