"""Every zone of every person, for one worker.

A worker keeps nothing the database does not have: before each batch it compares the agencies'
epochs with its own and reads again the people whose zones changed (ADR-0003).
"""

from typing import NamedTuple

import numpy as np
from sqlalchemy.orm import Session

from geofence.rules.spans import Span
from geofence.zones import loading
from geofence.zones.known import KnownZone
from geofence.zones.page import NEVER_US, ZonePage
from geofence.zones.probes import Probes
from geofence.zones.sets import SharedZones
from supervision.core.fixes import Ints

# Changed people are kept on a page of their own until there are this many of them.
RECENT_PEOPLE_MOST = 2_000
ALWAYS: list[Span] = [(-NEVER_US, NEVER_US)]


class Pair(NamedTuple):
    """One person against one zone, his own or one of a set that applies to him."""

    supervisee_id: int
    zone_id: int


class ZoneBook:
    """Every zone of every person, for one worker; not shared between threads."""

    def __init__(self) -> None:
        self._pages = [loading.read_page(())]
        self._shared = SharedZones(loading.read_page(()), {})
        self._exceptions: dict[tuple[int, int], list[Span]] = {}
        self._epochs: dict[int, int] = {}
        self._recent: set[int] = set()

    @classmethod
    def of_person(cls, session: Session, supervisee_id: int) -> "ZoneBook":
        """One person's zones as this very transaction sees them, for judging a change at once."""
        book = cls()
        book._pages = [loading.own_zones(session, [supervisee_id])]
        members = loading.memberships(session, [supervisee_id])
        book._shared = SharedZones(loading.shared_zones(session, supervisee_id), members)
        book._exceptions = loading.exceptions(session, [supervisee_id])
        return book

    def refresh(self, session: Session) -> None:
        """Read again what changed since the last call; costs one small query when nothing did."""
        changes = loading.Changes(session, self._epochs)
        if changes:
            people, is_set_changed = changes.people()
            if not self._epochs or is_set_changed:
                members = self._shared.members
                self._shared = SharedZones(loading.shared_zones(session), members)
            self._reload(session, people)
            self._epochs = changes.epochs

    def pairs_near(self, probes: Probes, now_us: int) -> set[Pair]:
        """The pairs that these probes come near."""
        near: set[Pair] = set()
        for page in self._pages:
            place, row = page.rows_near(probes, now_us)
            near |= _pairs(probes.supervisee_id[place], page.zone_id[row])
        place, row = self._shared.rows_near(probes, now_us)
        return near | _pairs(probes.supervisee_id[place], self._shared.page.zone_id[row])

    def pairs_of(self, supervisee_id: int, zone_set_id: int | None = None) -> list[Pair]:
        """A person's zones: his own and those of his sets, or those of one set."""
        page = self._shared.page
        sets = self._shared.members.get(supervisee_id, {})
        wanted = [zone_set_id] if zone_set_id is not None else list(sets)
        rows = np.flatnonzero(np.isin(page.owner_id, wanted))
        zones = set(page.zone_id[rows].tolist())
        if zone_set_id is None:
            for own in self._pages:
                zones.update(own.zone_id[own.rows_of(supervisee_id)].tolist())
        return [Pair(supervisee_id, zone) for zone in sorted(zones)]

    @property
    def own_pages(self) -> list[ZonePage]:
        """The zones drawn for one person each."""
        return self._pages

    def sets_of(self, supervisee_id: int) -> tuple[ZonePage, dict[int, list[Span]]]:
        """The shared zones, and which sets apply to this person when."""
        return self._shared.page, self._shared.members.get(supervisee_id, {})

    def find(self, pair: Pair) -> KnownZone | None:
        """A zone as it is known for a person; None if the book knows no such zone of his."""
        excepted = self._exceptions.get(pair, [])
        for page in self._pages:
            own = page.rows_of(pair.supervisee_id)
            rows = own[page.zone_id[own] == pair.zone_id].tolist()
            if rows:
                return KnownZone(page, rows, ALWAYS, excepted)
        page = self._shared.page
        rows = np.flatnonzero(page.zone_id == pair.zone_id).tolist()
        if not rows:
            return None
        sets = self._shared.members.get(pair.supervisee_id, {})
        return KnownZone(page, rows, sets.get(int(page.owner_id[rows[0]]), []), excepted)

    def _reload(self, session: Session, people: set[int]) -> None:
        if not self._epochs or len(people | self._recent) > RECENT_PEOPLE_MOST:
            self._pages, self._recent = [loading.own_zones(session, None)], set()
            everybody = set(self._shared.members)
            self._shared = self._shared.rejoined(everybody, loading.memberships(session, None))
            self._exceptions = loading.exceptions(session, None)
            return
        self._recent |= people
        self._pages[0].hide(people)
        self._pages[1:] = [loading.own_zones(session, sorted(self._recent))]
        members = loading.memberships(session, sorted(people))
        self._shared = self._shared.rejoined(people, members)
        others = {pair: spans for pair, spans in self._exceptions.items() if pair[0] not in people}
        self._exceptions = others | loading.exceptions(session, sorted(people))


def _pairs(supervisee_id: Ints, zone_id: Ints) -> set[Pair]:
    return {Pair(*ids) for ids in zip(supervisee_id.tolist(), zone_id.tolist(), strict=True)}
