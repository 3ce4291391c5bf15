"""What a channel carries, and what it promises."""

from dataclasses import dataclass, field
from typing import ClassVar, Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be sent.

    Attributes:
        key: Stays the same over every retry, so that a receiver can tell a repeat.
        address: Of the receiver, as the channel needs it; kept out of logs.
        subject: One line; a phone's lock screen shows it to others.
        text: The whole of it.
        alert_ids: The alerts that it speaks of, for another system to ask about.
        secrets: By which another system tells that it is ours.
        is_drill: Whether it is only a test of being reached.
        receipt_url: Where a gateway says what became of it; None: it is not asked to.
    """

    key: str
    notification_id: int
    address: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    alert_ids: tuple[int, ...] = ()
    secrets: tuple[str, ...] = field(default=(), repr=False)
    is_drill: bool = False
    receipt_url: str | None = field(default=None, repr=False)


class Channel(Protocol):
    """Sends one message: returning means sent."""

    is_read: ClassVar[bool]
    """Whether what is sent so comes before anybody's eyes or ears."""

    def send(self, message: Message) -> None:
        """Send it; neither its error's words nor its log name the receiver.

        Raises:
            Unavailable: Not now; try again.
            Undeliverable: This receiver cannot be reached in this way.
        """
