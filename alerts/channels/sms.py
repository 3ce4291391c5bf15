"""Text messages to phones, by a gateway that takes what Twilio's does."""

from dataclasses import dataclass, field

import httpx2

from alerts.channels.message import Message
from supervision.core.errors import Unavailable

# To connect, to send and until the answer begins: together less than a claim lasts (`outbox`).
SMS_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class SmsChannel:
    """Posts messages to a gateway as a form with From, To and Body.

    Attributes:
        url: Where to; the whole of it.
        account: The name of the account there, for HTTP's basic authentication.
        secret: Its password.
        sender: The number, or name, that messages come from.
    """

    url: str
    account: str
    secret: str = field(repr=False)
    sender: str

    def send(self, message: Message) -> None:
        """Hand it to the gateway, under its key, so that a gateway that knows keys sends one.

        Raises:
            Unavailable: The gateway cannot be reached, or did not accept it. What it said stays
                with it: it may quote the number.
        """
        try:
            status = self._post(message)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise Unavailable(_refusal(type(error).__name__)) from error
        if not httpx2.codes.is_success(status):
            raise Unavailable(_refusal(f"status {status}"))

    def _post(self, message: Message) -> int:
        """The status of the answer; its body is not waited for."""
        with (
            httpx2.Client(timeout=SMS_TIMEOUT_S) as client,
            client.stream(
                "POST",
                self.url,
                data={"From": self.sender, "To": message.address, "Body": message.text},
                auth=(self.account, self.secret),
                headers={"Idempotency-Key": message.key},
            ) as answer,
        ):
            return answer.status_code


def _refusal(why: str) -> str:
    return f"The SMS gateway did not take the message ({why})."
