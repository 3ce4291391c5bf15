"""Text messages as a real gateway on this machine receives them, or does not."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from socket import socket

import pytest
import structlog

from alerts.channels import GatewayAccount, Message, SmsChannel, VoiceChannel
from alerts.channels import gateway as posting
from supervision.core.errors import Unavailable
from tests.receivers import Gateway, sms_gateway

MESSAGE = Message(
    key="checkin:7:reminder:9",
    notification_id=5,
    address="+13035550142",
    subject="Recordatorio: su control es el mié 23 sep",
    text="Recordatorio: su control es el mié 23 sep. https://check.example/c/1-2.abc",
)
SECRET = "a secret of the county's"  # noqa: S105 -- opens nothing
ACCOUNT = GatewayAccount("county", SECRET, "+13035550100")


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with sms_gateway() as server:
        yield server


@pytest.fixture
def channel(gateway: Gateway) -> SmsChannel:
    return SmsChannel(gateway.url, ACCOUNT)


def test_the_gateway_is_asked_as_twilios_is(gateway: Gateway, channel: SmsChannel) -> None:
    channel.send(MESSAGE)
    (post,) = gateway.posts
    assert post.path == "/2010-04-01/Accounts/county/Messages.json"
    assert post.form == {"From": ["+13035550100"], "To": ["+13035550142"], "Body": [MESSAGE.text]}
    assert post.headers["Content-Type"] == "application/x-www-form-urlencoded"
    known = base64.b64encode(f"county:{SECRET}".encode()).decode()
    assert post.headers["Authorization"] == f"Basic {known}"


def test_the_gateway_is_asked_to_say_what_became_of_it(
    gateway: Gateway, channel: SmsChannel
) -> None:
    where = "https://console.example/gateway/receipts/1-5.abc"
    channel.send(replace(MESSAGE, receipt_url=where))
    (post,) = gateway.posts
    assert post.form["StatusCallback"] == [where]


def test_a_call_is_asked_for_as_twilios_is_and_speaks_no_link(gateway: Gateway) -> None:
    said = replace(MESSAGE, subject="Critical alert 12 of Adams & Sons")
    VoiceChannel(gateway.url, ACCOUNT).send(said)
    (post,) = gateway.posts
    spoken = "Critical alert 12 of Adams &amp; Sons. Please sign in."
    assert post.form["To"] == ["+13035550142"]
    assert post.form["Twiml"] == [f'<Response><Say loop="2">{spoken}</Say></Response>']


def test_a_repeat_carries_the_same_key(gateway: Gateway, channel: SmsChannel) -> None:
    for message in (MESSAGE, MESSAGE, replace(MESSAGE, key="checkin:7:reminder:10")):
        channel.send(message)
    first, again, other = (post.headers["Idempotency-Key"] for post in gateway.posts)
    assert first == again == MESSAGE.key != other


@pytest.mark.parametrize("status", [302, 400, 401, 429, 500, 503])
def test_what_the_gateway_does_not_accept_is_tried_again(
    gateway: Gateway, channel: SmsChannel, status: int
) -> None:
    gateway.status = status
    with pytest.raises(Unavailable, match=f"status {status}"):
        channel.send(MESSAGE)
    assert len(gateway.posts) == 1


def test_a_gateway_that_hangs_is_given_up_in_time(
    gateway: Gateway, channel: SmsChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "GATEWAY_TIMEOUT_S", 0.2)
    gateway.goes_on.clear()
    with pytest.raises(Unavailable, match="ReadTimeout"):
        channel.send(MESSAGE)


def test_a_gateway_that_is_not_there_is_tried_again(channel: SmsChannel) -> None:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{free.getsockname()[1]}/"
        with pytest.raises(Unavailable, match="ConnectError"):
            replace(channel, url=nowhere).send(MESSAGE)
    with pytest.raises(Unavailable):
        replace(channel, url="http://[not an address").send(MESSAGE)


def test_neither_number_nor_secret_nor_words_leave_by_a_refusal_or_a_log(
    gateway: Gateway, channel: SmsChannel
) -> None:
    gateway.status = 400
    with structlog.testing.capture_logs() as lines, pytest.raises(Unavailable) as refusal:
        channel.send(MESSAGE)
    said = f"{refusal.value!r} {lines} {channel!r} {MESSAGE!r}"
    for secret in (MESSAGE.address, SECRET, "check.example"):
        assert secret not in said
