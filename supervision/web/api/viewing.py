"""Who looks at what: whatever shows a place or a protected person leaves a line on the trail."""

from typing import Annotated

from fastapi import Depends

from supervision.core import audit
from supervision.web.deps import ActorDep, NowDep, SessionDep


class Viewing:
    """One officer at one moment, and the transaction both the look and its record are made in."""

    def __init__(self, session: SessionDep, actor: ActorDep, now: NowDep) -> None:
        """Take all three from the request."""
        self.session = session
        self.actor = actor
        self.now = now

    def record(self, tag: audit.Tag, subject: str, **detail: object) -> None:
        """Put the look on the audit trail; call it last, it holds the trail until the commit.

        Args:
            tag: What was done.
            subject: To what, as `kind:id`; a list is `agency:id` with the ids as detail.
            detail: Plain JSON; ids and times, never coordinates.
        """
        audit.record_by(self.session, self.actor, self.now, tag, subject, **detail)

    def record_list(self, tag: audit.Tag, ids: list[int]) -> None:
        """Put the look at several rows on the audit trail; an empty list shows nothing."""
        if ids:
            self.record(tag, f"agency:{self.actor.agency_id}", ids=ids)


ViewingDep = Annotated[Viewing, Depends()]
