"""Who stands on rungs and would be told nothing, and on which rungs nobody stands."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text

from alerts import service as alerting
from alerts.escalation import Post, Rung
from alerts.rules import Means
from alerts.untold import Untold
from supervision.core.settings import Settings
from supervision.web.api.contact_points import is_offered
from supervision.web.console.post_facts import Posts
from supervision.web.console.rendering import Visit


@dataclass(frozen=True, slots=True)
class Warnings:
    """What whoever sets ladders and rotas must know of them.

    Attributes:
        untold: Officers by name who stand there and would be told nothing, by why.
        empty: Where nobody stands now, by name.
    """

    untold: Mapping[Untold, Sequence[str]]
    empty: Sequence[str]


def read_warnings(visit: Visit, posts: Posts, rungs: Iterable[Rung]) -> Warnings:
    """The warnings about these rungs, of one ladder or of several."""
    untold = alerting.read_untold(
        visit.session, visit.actor.agency_id, _working(visit.settings), visit.now
    )
    standing = {rung: _standing(visit, *rung) for rung in {(one.post, one.id) for one in rungs}}
    in_vain = {officer_id for ids in standing.values() for officer_id in ids} & untold.keys()
    named = defaultdict[Untold, list[str]](list)
    for officer_id in sorted(in_vain, key=posts.officer):
        named[untold[officer_id]].append(posts.officer(officer_id))
    empty = [
        Rung(0, *rung) for rung, ids in standing.items() if not ids and rung[0] in _NEVER_EMPTY
    ]
    return Warnings(named, sorted(posts.name(rung) for rung in empty))


def _standing(visit: Visit, post: Post, named_id: int | None) -> set[int]:
    """Who may come to stand there; of a rota nobody where nobody is on call now."""
    if post is Post.ROTA and named_id is not None:
        return _on_rota(visit, named_id)
    if post is Post.OFFICER and named_id is not None:
        return {named_id}
    if post in _PARTS:
        return set(visit.session.scalars(_PARTS[post], {"agency": visit.actor.agency_id}))
    return set()


def _on_rota(visit: Visit, rota_id: int) -> set[int]:
    if alerting.who_is_on_call(visit.session, rota_id, visit.now) is None:
        return set()
    ahead = alerting.list_overrides(visit.session, rota_id, visit.now)
    turns = alerting.get_rota(visit.session, rota_id).officer_ids
    return {*turns, *(one.officer_id for one in ahead)}


def _working(settings: Settings) -> set[Means]:
    """By which means anybody can be reached: without a mail server, e-mail goes to the log."""
    offered = {means for means in Means if is_offered(settings, means)}
    return offered if settings.smtp_host is not None else offered - {Means.EMAIL}


# Not every officer has a backup, and an agency may have nobody to supervise yet.
_NEVER_EMPTY = {Post.SUPERVISORS, Post.ROTA}
_RESPONSIBLE = "SELECT supervising_officer_id FROM supervisee WHERE agency_id = :agency"
_PARTS = {
    Post.RESPONSIBLE: text(_RESPONSIBLE),
    Post.BACKUP: text(
        f"SELECT backup_id FROM officer WHERE id IN ({_RESPONSIBLE}) AND backup_id IS NOT NULL"
    ),
    Post.SUPERVISORS: text(
        "SELECT id FROM officer WHERE agency_id = :agency AND is_active AND role = 'supervisor'"
    ),
}
