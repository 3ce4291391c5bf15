"""E-mail as a real mail server on this machine receives it."""

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from socket import socket

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from alerts.channels import EmailChannel, Message
from supervision.core.errors import Unavailable

MESSAGE = Message(
    key="alert:12:raised:email:3",
    notification_id=5,
    address="officer@example.org",
    subject="Critical alert 12",
    text="A critical alert waits for you.\n\nOpen it: https://console.example/alerts/12\n",
)


class Inbox:
    """Keeps what arrives; refuses whom it is told to."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refused = "refused@example.org"

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd calls it so
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _: list[str]
    ) -> str:
        if address == self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 -- aiosmtpd calls it so
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def channel(inbox: Inbox) -> Iterator[EmailChannel]:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    yield EmailChannel("127.0.0.1", port, "us@localhost")
    server.stop()


def test_a_mail_says_what_waits_and_where_and_nothing_else(
    inbox: Inbox, channel: EmailChannel
) -> None:
    channel.send(MESSAGE)
    (mail,) = inbox.mails
    assert mail["To"] == "officer@example.org"
    assert mail["From"] == "us@localhost"
    assert mail["Subject"] == "Critical alert 12"
    assert [line for line in mail.get_content().splitlines() if line] == [
        "A critical alert waits for you.",
        "Open it: https://console.example/alerts/12",
    ]


def test_a_repeat_carries_the_same_message_id_and_another_alert_another(
    inbox: Inbox, channel: EmailChannel
) -> None:
    for message in (MESSAGE, MESSAGE, replace(MESSAGE, key="alert:13:raised:email:3")):
        channel.send(message)
    first, again, other = (mail["Message-ID"] for mail in inbox.mails)
    assert first == again != other


def test_a_mailbox_that_the_server_refuses_means_try_again(
    inbox: Inbox, channel: EmailChannel
) -> None:
    with pytest.raises(Unavailable, match="SMTPRecipientsRefused"):
        channel.send(replace(MESSAGE, address=inbox.refused))
    assert inbox.mails == []


def test_a_mail_server_that_is_not_there_means_try_again(channel: EmailChannel) -> None:
    with pytest.raises(Unavailable, match="ConnectionRefusedError"):
        replace(channel, port=1).send(MESSAGE)
