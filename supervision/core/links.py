"""Signs what a link says, so that whoever follows it needs no password and can guess no other."""

from dataclasses import dataclass
from urllib.parse import quote

from itsdangerous import BadSignature, Signer

from supervision.core.errors import NotFound

_SEPARATOR = "-"


@dataclass(frozen=True, slots=True)
class CheckinLinks:
    """Makes and reads the links by which somebody reaches his own check-in, and nothing else.

    A link says agency and check-in; it is the same however often it is made, so that a message
    sent again carries the same. What it still opens is for the check-in's state to say.

    Attributes:
        public_url: Where the web is reached, without a slash at the end.
        key: The installation's secret.
    """

    public_url: str
    key: str

    def url(self, agency_id: int, checkin_id: int) -> str:
        """The link to a check-in."""
        return f"{self.public_url}/c/{self.token(agency_id, checkin_id)}"

    def token(self, agency_id: int, checkin_id: int) -> str:
        """The link's last part."""
        return _signed(self._signer, agency_id, checkin_id)

    def read(self, token: str) -> tuple[int, int]:
        """The agency and the check-in that a link names.

        Raises:
            NotFound: It is none that we made.
        """
        return _read(self._signer, token)

    @property
    def _signer(self) -> Signer:
        return Signer(self.key, salt="supervision.checkin", sep=".")


@dataclass(frozen=True, slots=True)
class ReceiptLinks:
    """The addresses at which a gateway says what became of a message: one for each message.

    Attributes:
        public_url: Where the web is reached, without a slash at the end.
        key: The installation's secret.
    """

    public_url: str
    key: str

    def url(self, agency_id: int, notification_id: int) -> str:
        """Where to say it."""
        token = _signed(self._signer, agency_id, notification_id)
        return f"{self.public_url}/gateway/receipts/{token}"

    def read(self, token: str) -> tuple[int, int]:
        """The agency and the message that an address names.

        Raises:
            NotFound: It is none that we made.
        """
        return _read(self._signer, token)

    @property
    def _signer(self) -> Signer:
        return Signer(self.key, salt="supervision.receipt", sep=".")


def _signed(signer: Signer, agency_id: int, row_id: int) -> str:
    return signer.sign(f"{agency_id}{_SEPARATOR}{row_id}").decode()


def _read(signer: Signer, token: str) -> tuple[int, int]:
    try:
        agency_id, row_id = signer.unsign(token).decode().split(_SEPARATOR)
        return int(agency_id), int(row_id)
    except (BadSignature, UnicodeError, ValueError) as error:
        raise NotFound from error


def video_url(template: str, room: str) -> str:
    """The address of a check-in's video room.

    Args:
        template: An address with `{room}` in it; from the settings.
        room: The check-in's own, which nobody can guess.
    """
    return template.replace("{room}", quote(room, safe=""))
