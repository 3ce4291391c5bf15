"""How a message reaches an officer: e-mail by SMTP, or the log where no mail server is set.

A message names no person and no place: it says that an alert waits, how severe it is, and where
to open it (a phone's lock screen is read by others).
"""

import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol

import structlog

from supervision.core.errors import Unavailable

log = structlog.get_logger()

# For each step of a dialogue of about eight: together less than a claim lasts (`delivery`).
SMTP_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be sent.

    `key` stays the same over every retry, so that a receiver can tell a repeat.
    """

    key: str
    notification_id: int
    alert_id: int
    severity: str
    kind: str
    address: str
    link: str


class Channel(Protocol):
    """Sends one message: returning means sent, raising Unavailable means try again."""

    def send(self, message: Message) -> None:
        """Send it, or raise Unavailable."""


class LogChannel:
    """Writes that a message is due to the log; for installations without a mail server."""

    def send(self, message: Message) -> None:
        """Log the ids; nothing can fail."""
        log.info(
            "notification_logged",
            notification_id=message.notification_id,
            alert_id=message.alert_id,
            severity=message.severity,
        )


@dataclass(frozen=True, slots=True)
class EmailChannel:
    """Hands messages to a mail server."""

    host: str
    port: int
    sender: str

    def send(self, message: Message) -> None:
        """Hand it to the server; its Message-ID is the key, so a repeat is seen as one.

        Raises:
            Unavailable: The server cannot be reached or refused the message, or the address is
                none that a mail can carry.
        """
        try:
            mail = self._mail(message)
            with smtplib.SMTP(self.host, self.port, timeout=SMTP_TIMEOUT_S) as server:
                server.send_message(mail)
        except (OSError, ValueError, smtplib.SMTPException) as error:
            reason = f"The mail server did not take the message ({type(error).__name__})."
            raise Unavailable(reason) from error

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = self.sender
        mail["To"] = message.address
        mail["Subject"] = f"{message.severity.capitalize()} alert {message.alert_id}"
        mail["Message-ID"] = f"<{message.key.replace(':', '.')}@supervision>"
        mail.set_content(
            f"A {message.severity} alert ({message.kind.replace('_', ' ')}) waits for you.\n\n"
            f"Open it: {message.link}\n"
        )
        return mail
