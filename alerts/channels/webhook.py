"""Posts to other systems: a CloudEvents 1.0 body, signed as Standard Webhooks has it."""

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar

import httpx2

from alerts.channels.message import Message
from alerts.channels.public_hosts import public_address
from alerts.signing import signed_headers
from supervision.core.clock import Clock
from supervision.core.errors import Unavailable, Undeliverable

WEBHOOK_TIMEOUT_S = 10.0
HTTPS_PORT = 443
EVENT_TYPE = "supervision.alert.waiting.v1"


@dataclass(frozen=True, slots=True)
class WebhookChannel:
    """Posts to the URL that is a message's address; no redirection is followed.

    Attributes:
        source: Where the installation's web is reached.
        clock: The time.
        is_private_allowed: Whether http and addresses of private networks are posted to.
    """

    source: str
    clock: Clock
    is_private_allowed: bool = False
    is_read: ClassVar[bool] = True

    def send(self, message: Message) -> None:
        """Post it; its key is the event's id, so that a receiver tells a repeat.

        Raises:
            Undeliverable: The receiver is gone for good, or inside a private network.
            Unavailable: It cannot be reached, or did not take it.
        """
        body = self._body(message)
        at_s = int(self.clock().timestamp())
        headers = signed_headers(message.key, at_s, body, message.secrets)
        headers["content-type"] = "application/cloudevents+json"
        try:
            status = self._post(httpx2.URL(message.address), body, headers)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise Unavailable(_refusal(type(error).__name__)) from error
        if status == HTTPStatus.GONE:
            raise Undeliverable(_refusal("it is gone"))
        if not httpx2.codes.is_success(status):
            raise Unavailable(_refusal(f"status {status}"))

    def _body(self, message: Message) -> bytes:
        event = {
            "specversion": "1.0",
            "id": message.key,
            "source": self.source,
            "type": EVENT_TYPE,
            "datacontenttype": "application/json",
            "data": {
                "subject": message.subject,
                "alerts": [*message.alert_ids],
                "is_drill": message.is_drill,
            },
        }
        return json.dumps(event, separators=(",", ":")).encode()

    def _post(self, url: httpx2.URL, body: bytes, headers: dict[str, str]) -> int:
        to = url if self.is_private_allowed else _pinned(url)
        with (
            httpx2.Client(timeout=WEBHOOK_TIMEOUT_S, trust_env=False) as client,
            client.stream(
                "POST",
                to,
                content=body,
                headers=headers | {"host": url.netloc.decode()},
                extensions={"sni_hostname": url.host},
            ) as answer,
        ):
            return answer.status_code


def _pinned(url: httpx2.URL) -> httpx2.URL:
    """The same URL at the one address that was looked at."""
    if url.scheme != "https" or not url.host:
        raise Undeliverable("A webhook is posted to by https alone.")
    return url.copy_with(host=public_address(url.host, url.port or HTTPS_PORT))


def _refusal(why: str) -> str:
    return f"The webhook did not take the message ({why})."
