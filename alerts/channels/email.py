"""E-mail, by SMTP."""

import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from typing import ClassVar

from alerts.channels.message import Message
from supervision.core.errors import Unavailable, Undeliverable

# For each step of a dialogue of about eight: together less than a claim lasts (`claims`).
SMTP_TIMEOUT_S = 10.0
# Replies from here on are final (RFC 5321, section 4.2.1).
SMTP_FINAL = 500


@dataclass(frozen=True, slots=True)
class EmailChannel:
    """Hands messages to a mail server."""

    host: str
    port: int
    sender: str
    is_read: ClassVar[bool] = True

    def send(self, message: Message) -> None:
        """Hand it to the server; its Message-ID is the key, so a repeat is seen as one.

        Raises:
            Undeliverable: The server knows no such mailbox, or the address is none that a mail
                can carry.
            Unavailable: The server cannot be reached, or did not take the message.
        """
        try:
            mail = self._mail(message)
            with smtplib.SMTP(self.host, self.port, timeout=SMTP_TIMEOUT_S) as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            ((status, _),) = error.recipients.values()
            kind = Undeliverable if status >= SMTP_FINAL else Unavailable
            raise kind(_refusal(f"status {status} for the mailbox")) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable(_refusal(type(error).__name__)) from error
        except ValueError as error:
            raise Undeliverable(_refusal("no such address")) from error

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = self.sender
        mail["To"] = message.address
        mail["Subject"] = message.subject
        mail["Message-ID"] = f"<{message.key.replace(':', '.')}@supervision>"
        mail.set_content(message.text)
        return mail


def _refusal(why: str) -> str:
    return f"The mail server did not take the message ({why})."
