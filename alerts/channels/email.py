"""E-mail, by SMTP."""

import smtplib
from dataclasses import dataclass
from email.message import EmailMessage

from alerts.channels.message import Message
from supervision.core.errors import Unavailable

# For each step of a dialogue of about eight: together less than a claim lasts (`outbox`).
SMTP_TIMEOUT_S = 10.0


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
        mail["Subject"] = message.subject
        mail["Message-ID"] = f"<{message.key.replace(':', '.')}@supervision>"
        mail.set_content(message.text)
        return mail
