import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest
import structlog

from alerts.channels import EmailChannel, LogChannel, Message
from supervision.core.errors import Undeliverable

MESSAGE = Message(
    key="alert:12:raised:email:3",
    notification_id=5,
    address="officer@example.org",
    subject="Critical alert 12",
    text="A critical alert waits for you.",
)


@pytest.fixture
def lines() -> Iterator[list[structlog.typing.EventDict]]:
    with structlog.testing.capture_logs() as captured:
        yield captured


def test_the_log_channel_writes_ids_and_subject_and_no_address(
    lines: list[structlog.typing.EventDict],
) -> None:
    LogChannel().send(MESSAGE)
    (line,) = lines
    assert (line["notification_id"], line["key"]) == (5, MESSAGE.key)
    assert line["subject"] == "Critical alert 12"
    assert logging.getLevelNamesMapping()[line["log_level"].upper()] >= logging.INFO
    assert "example.org" not in str(line)


def test_an_address_no_mail_can_carry_is_given_up_and_spoils_no_other() -> None:
    smuggled = replace(MESSAGE, address="officer@example.org\nBcc: someone@example.org")
    with pytest.raises(Undeliverable, match="did not take the message"):
        EmailChannel("127.0.0.1", 25, "supervision@localhost").send(smuggled)
