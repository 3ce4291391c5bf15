"""The log, for installations without a mail server."""

from typing import ClassVar

import structlog

from alerts.channels.message import Message

log = structlog.get_logger()


class LogChannel:
    """Writes that a message is due to the log; nobody reads it by that."""

    is_read: ClassVar[bool] = False

    def send(self, message: Message) -> None:
        """Log ids and subject; nothing can fail."""
        log.info(
            "notification_logged",
            notification_id=message.notification_id,
            key=message.key,
            subject=message.subject,
        )
