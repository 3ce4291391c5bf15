"""Posts to other systems as one on this machine receives them, or never does."""

import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from alerts.channels import Message, WebhookChannel
from alerts.channels.public_hosts import public_address
from alerts.signing import new_secret, signed_headers
from supervision.core.errors import Unavailable, Undeliverable
from tests.harness import T0, FakeClock
from tests.receivers import Gateway, sms_gateway

SECRET = new_secret()


@pytest.fixture
def receiver() -> Iterator[Gateway]:
    with sms_gateway() as server:
        yield server


@pytest.fixture
def channel() -> WebhookChannel:
    clock = FakeClock(T0)
    return WebhookChannel("https://console.example", clock, is_private_allowed=True)


def message(address: str) -> Message:
    who = ("alert:12:raised:point:3", 5, address, "Critical alert 12", "A critical alert waits.")
    return Message(*who, alert_ids=(12,), secrets=(SECRET,))


def test_an_event_is_posted_that_any_receiver_of_the_standards_can_check(
    receiver: Gateway, channel: WebhookChannel
) -> None:
    one = message(receiver.url)
    channel.send(one)
    (post,) = receiver.posts
    assert json.loads(post.body) == {
        "specversion": "1.0",
        "id": one.key,
        "source": "https://console.example",
        "type": "supervision.alert.waiting.v1",
        "datacontenttype": "application/json",
        "data": {"subject": "Critical alert 12", "alerts": [12], "is_drill": False},
    }
    assert post.headers["content-type"] == "application/cloudevents+json"
    known = signed_headers(one.key, int(T0.timestamp()), post.body, [SECRET])
    assert {name: post.headers[name] for name in known} == known


@pytest.mark.parametrize("status", [302, 400, 401, 404, 429, 500])
def test_what_the_receiver_does_not_take_is_tried_again(
    receiver: Gateway, channel: WebhookChannel, status: int
) -> None:
    receiver.status = status
    with pytest.raises(Unavailable, match=f"status {status}"):
        channel.send(message(receiver.url))
    assert len(receiver.posts) == 1


def test_a_receiver_that_is_gone_is_given_up(receiver: Gateway, channel: WebhookChannel) -> None:
    receiver.status = 410
    with pytest.raises(Undeliverable, match="gone"):
        channel.send(message(receiver.url))


def test_nothing_is_posted_into_a_private_network_whatever_the_name(
    receiver: Gateway, channel: WebhookChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = replace(channel, is_private_allowed=False)
    with pytest.raises(Undeliverable, match="https alone"):
        strict.send(message(receiver.url))
    for host in ("127.0.0.1", "10.0.0.8", "169.254.169.254", "[::1]", "[fd00::1]"):
        with pytest.raises(Undeliverable, match="private network"):
            strict.send(message(f"https://{host}:{receiver.server_port}/"))
    resolves(monkeypatch, "93.184.216.34", "10.0.0.8")
    with pytest.raises(Undeliverable, match="private network"):
        strict.send(message("https://both.example/"))
    assert receiver.posts == []


def test_the_address_that_was_looked_at_is_the_one_that_is_posted_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolves(monkeypatch, "93.184.216.34")
    assert public_address("hooks.example", 443) == "93.184.216.34"


def test_a_host_that_nobody_knows_is_tried_again(channel: WebhookChannel) -> None:
    with pytest.raises(Unavailable, match="not found"):
        replace(channel, is_private_allowed=False).send(message("https://nobody.invalid/"))


def test_neither_address_nor_secret_is_told(channel: WebhookChannel) -> None:
    one = message("https://hooks.example/secret-path")
    said = f"{one!r} {channel!r}"
    assert SECRET not in said
    assert "secret-path" not in said


def resolves(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def look_up(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
