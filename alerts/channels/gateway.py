"""Text messages and spoken calls, by a gateway that takes what Twilio's does."""

from dataclasses import dataclass, field
from typing import ClassVar
from xml.sax.saxutils import escape

import httpx2

from alerts.channels.message import Message
from supervision.core.errors import Unavailable

# To connect, to send and until the answer begins: together less than a claim lasts (`claims`).
GATEWAY_TIMEOUT_S = 10.0
_CALL = '<Response><Say loop="2">{text}</Say></Response>'


@dataclass(frozen=True, slots=True)
class GatewayAccount:
    """Ours at the gateway.

    Attributes:
        name: Of the account, for HTTP's basic authentication.
        secret: Its password.
        sender: The number, or name, that messages and calls come from.
    """

    name: str
    secret: str = field(repr=False)
    sender: str


@dataclass(frozen=True, slots=True)
class SmsChannel:
    """Posts text messages as a form with From, To and Body to the whole of a URL."""

    url: str
    account: GatewayAccount
    is_read: ClassVar[bool] = True

    def send(self, message: Message) -> None:
        """Hand it to the gateway; raises as `Channel.send`."""
        _post(self.url, self.account, message, {"Body": message.text})


@dataclass(frozen=True, slots=True)
class VoiceChannel:
    """Posts calls as a form with From, To and Twiml, which speaks the subject twice, to a URL."""

    url: str
    account: GatewayAccount
    is_read: ClassVar[bool] = True

    def send(self, message: Message) -> None:
        """Have the gateway call; raises as `Channel.send`. A link cannot be spoken."""
        spoken = _CALL.format(text=escape(f"{message.subject}. Please sign in."))
        _post(self.url, self.account, message, {"Twiml": spoken})


def _post(url: str, account: GatewayAccount, message: Message, said: dict[str, str]) -> None:
    """Post under the message's key, so that a gateway that knows keys sends one.

    Whatever it refuses is tried again: the number may be wrong, or our account. What it answers
    stays with it: it may quote the number.
    """
    form = {"From": account.sender, "To": message.address, **said}
    if message.receipt_url is not None:
        form["StatusCallback"] = message.receipt_url
    try:
        status = _status(url, account, message.key, form)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise Unavailable(_refusal(type(error).__name__)) from error
    if not httpx2.codes.is_success(status):
        raise Unavailable(_refusal(f"status {status}"))


def _status(url: str, account: GatewayAccount, key: str, form: dict[str, str]) -> int:
    """The status of the answer; its body is not waited for."""
    with (
        httpx2.Client(timeout=GATEWAY_TIMEOUT_S) as client,
        client.stream(
            "POST",
            url,
            data=form,
            auth=(account.name, account.secret),
            headers={"Idempotency-Key": key},
        ) as answer,
    ):
        return answer.status_code


def _refusal(why: str) -> str:
    return f"The gateway did not take the message ({why})."
