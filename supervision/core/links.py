"""Signs what a link says, so that whoever follows it needs no password and can guess no other."""

from dataclasses import dataclass
from urllib.parse import quote

from itsdangerous import BadSignature, Signer

from supervision.core.errors import NotFound

_SEPARATOR = "-"
_ROOM = "{room}"


def video_url(template: str, room: str) -> str:
    """Where a video check-in is held.

    Args:
        template: The installation's address of a room, with {room} in it.
        room: The room's name, which nobody can guess.
    """
    return template.replace(_ROOM, quote(room, safe=""))


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
        said = f"{agency_id}{_SEPARATOR}{checkin_id}"
        return self._signer.sign(said).decode()

    def read(self, token: str) -> tuple[int, int]:
        """The agency and the check-in that a link names.

        Raises:
            NotFound: It is none that we made.
        """
        try:
            agency_id, checkin_id = self._signer.unsign(token).decode().split(_SEPARATOR)
            return int(agency_id), int(checkin_id)
        except (BadSignature, UnicodeError, ValueError) as error:
            raise NotFound from error

    @property
    def _signer(self) -> Signer:
        return Signer(self.key, salt="supervision.checkin", sep=".")
