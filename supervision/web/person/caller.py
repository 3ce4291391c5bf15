"""Who follows a link: no account, no cookie; the link's signature says which one check-in it is."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query

from supervision.core.db import transaction
from supervision.core.links import CheckinLinks, video_url
from supervision.corridor.checkin_person import CheckinPerson
from supervision.web.deps import RuntimeDep, take_transaction_place
from supervision.web.runtime import WebRuntime


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever followed a link.

    Attributes:
        token: The link's last part, as it came.
        wanted: In which language he reads on; None: the one that he is written to in.
        side: What he may see and do, in the request's transaction.
        video_room_url: From the settings.
    """

    token: str
    wanted: str | None
    side: CheckinPerson
    video_room_url: str

    def room_url(self, room: str) -> str:
        """Where the video call is."""
        return video_url(self.video_room_url, room)

    def path(self, language: str) -> str:
        """The page's own address."""
        return f"/c/{self.token}?lang={language}"


def open_side(
    token: str,
    runtime: RuntimeDep,
    _place: Annotated[None, Depends(take_transaction_place, scope="function")],
    lang: Annotated[str | None, Query()] = None,
) -> Generator[Caller]:
    """One transaction of the agency that the link names, committed before the answer is sent.

    Raises:
        NotFound: It is no link of ours.
    """
    agency_id, checkin_id = _links(runtime).read(token)
    with transaction(runtime.engine, agency_id) as session:
        side = runtime.monitor.checkin_person(session, agency_id, checkin_id)
        yield Caller(token, lang, side, runtime.settings.video_room_url)


CallerDep = Annotated[Caller, Depends(open_side, scope="function")]


def _links(runtime: WebRuntime) -> CheckinLinks:
    settings = runtime.settings
    return CheckinLinks(settings.public_url, settings.link_key.get_secret_value())
