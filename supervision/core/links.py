"""Signs what a link says, so that whoever follows it needs no password and can guess no other."""

from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import quote

from itsdangerous import BadSignature, Signer

from supervision.core.errors import NotFound

_SEPARATOR = "-"


@dataclass(frozen=True, slots=True)
class SignedLinks:
    """Makes and reads links that each open one row of an agency, and nothing else.

    A link says agency and row; it is the same however often it is made, so that a message sent
    again carries the same. What it still opens is for the row's state to say.

    Attributes:
        public_url: Where the web is reached, without a slash at the end.
        key: The installation's secret.
    """

    public_url: str
    key: str

    path: ClassVar[str]
    salt: ClassVar[str]

    def url(self, agency_id: int, row_id: int) -> str:
        """The link to a row."""
        return f"{self.public_url}{self.path}{self.token(agency_id, row_id)}"

    def token(self, agency_id: int, row_id: int) -> str:
        """The link's last part."""
        return self._signer.sign(f"{agency_id}{_SEPARATOR}{row_id}").decode()

    def read(self, token: str) -> tuple[int, int]:
        """The agency and the row that a link names.

        Raises:
            NotFound: It is none that we made.
        """
        try:
            agency_id, row_id = self._signer.unsign(token).decode().split(_SEPARATOR)
            return int(agency_id), int(row_id)
        except (BadSignature, UnicodeError, ValueError) as error:
            raise NotFound from error

    @property
    def _signer(self) -> Signer:
        return Signer(self.key, salt=self.salt, sep=".")


class CheckinLinks(SignedLinks):
    """By which somebody reaches his own check-in."""

    path = "/c/"
    salt = "supervision.checkin"


class ReceiptLinks(SignedLinks):
    """By which a gateway says what became of a message."""

    path = "/gateway/receipts/"
    salt = "supervision.receipt"


def video_url(template: str, room: str) -> str:
    """The address of a check-in's video room.

    Args:
        template: An address with `{room}` in it; from the settings.
        room: The check-in's own, which nobody can guess.
    """
    return template.replace("{room}", quote(room, safe=""))
