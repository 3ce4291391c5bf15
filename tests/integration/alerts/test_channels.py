"""E-mail as a real mail server on this machine receives it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from alerts.channels import EmailChannel, Message
from supervision.core.errors import Unavailable, Undeliverable
from tests.receivers import Inbox, mail_server

MESSAGE = Message(
    key="alert:12:raised:email:3",
    notification_id=5,
    address="officer@example.org",
    subject="Critical alert 12",
    text="A critical alert waits for you.\n\nOpen it: https://console.example/alerts/12\n",
)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def channel(inbox: Inbox) -> Iterator[EmailChannel]:
    with mail_server(inbox) as port:
        yield EmailChannel("127.0.0.1", port, "us@localhost")


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


def test_a_mailbox_that_the_server_does_not_know_is_given_up(
    inbox: Inbox, channel: EmailChannel
) -> None:
    with pytest.raises(Undeliverable, match="status 550"):
        channel.send(replace(MESSAGE, address=inbox.refused))
    assert inbox.mails == []


def test_a_mail_server_that_is_not_there_means_try_again(channel: EmailChannel) -> None:
    with pytest.raises(Unavailable, match="ConnectionRefusedError"):
        replace(channel, port=1).send(MESSAGE)
