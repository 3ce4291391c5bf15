"""The oracle's walk through one person's track: stays, silences, and whether others found them."""

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

from tests.oracle import (
    ERRORS_LAST_S,
    GONE,
    NEVER_US,
    TELLING_M,
    Drawing,
    Oracle,
    StayShown,
    Terms,
    Track,
    away_of,
)
from tests.oracle_ways import EXACT, Floats, Slack, Spot, Through

UNSEEN_AFTER_S, PIECE_S, REACH_MPS, SURELY_TIMES = 150.0, 86_400.0, 35.0, 2.5
# Two honest ways of measuring may differ by this much.
SLACKS = [Slack(*row) for row in product((0, -0.01, 0.01), (0, -1e-4, 1e-4), (0, -0.01, 0.01))]
WAY_S, WAY_M, SHARE, DEEPEST_M, DEEPEST_SHARE = 1.0, 1.0, 0.01, 0.05, 0.002

Judge = Callable[[Slack], list[StayShown]]


def stays_of(
    track: Track, drawings: Sequence[Drawing], terms: Terms, slack: Slack = EXACT
) -> list[StayShown]:
    """The stays that a person's fixes show in one zone, in time order."""
    oracle = Oracle(track, drawings, terms, slack)
    return _in_order(_Walk(oracle).stays())


def _in_order(stays: Iterator[StayShown]) -> list[StayShown]:
    return sorted(stays, key=lambda stay: (stay.entered_us, stay.last_seen_us))


class _Leaving(NamedTuple):
    """Fixes in a row that put him outside: since when, how sure together, the time of the last."""

    since_us: int | None = None
    nats: float = 0.0
    last_us: int = 0

    def with_one_more(self, at_us: int, nats: float) -> "_Leaving":
        if self.since_us is None:
            return _Leaving(at_us, nats, at_us)
        is_new = 1 - math.exp(-(at_us - self.last_us) / 1e6 / ERRORS_LAST_S)
        return _Leaving(self.since_us, self.nats + nats * is_new, at_us)


class _Walk:
    """From one sight to the next, leaving out those that can begin nothing."""

    def __init__(self, oracle: Oracle) -> None:
        self._oracle = oracle
        self._sights = oracle.sights

    def stays(self) -> Iterator[StayShown]:
        free = 0
        for k in self._oracle.may_be_met():
            stay = self._begun(k) if k >= free else None
            if stay is not None and stay.left_us is None:
                stay, free = self._followed(stay, k + 1)
            if stay is not None:
                yield stay

    def _begun(self, k: int) -> StayShown | None:
        if self._oracle.opens(k):
            stay = self._opened(k)
            return self._confirmed_by_way(stay, k)
        way = self._oracle.through(k)
        if way is None:
            return None
        stay = self._led_through(k, way)
        if self._sights[k].away_m < 0:
            return self._extended(stay._replace(left_us=None, settled_us=None), k)
        return stay

    def _followed(self, stay: StayShown, k: int) -> tuple[StayShown, int]:
        """The stay until it is over, and the first sight after that."""
        leaving = _Leaving()
        ends = [end for end in self._oracle.ends_us() if end > self._sights[k - 1].at_us]
        while k < len(self._sights):
            sight = self._sights[k]
            if ends and ends[0] <= sight.at_us:
                break
            stay = self._confirmed_by_way(stay, k)
            if self._oracle.is_contrary(k):
                leaving = leaving.with_one_more(sight.at_us, -self._oracle.own(k))
            else:
                stay, leaving = self._extended(stay, k), _Leaving()
            k += 1
            if leaving.nats >= GONE:
                return stay._replace(left_us=leaving.since_us, settled_us=sight.at_us), k
        if ends:
            left_us = ends[0] if leaving.since_us is None else leaving.since_us
            stay = stay._replace(left_us=left_us, settled_us=ends[0])
        return stay, k

    def _opened(self, k: int) -> StayShown:
        sight, oracle = self._sights[k], self._oracle
        return StayShown(
            entered_us=sight.at_us,
            left_us=None,
            grade="confirmed" if oracle.confirms(k) else "possible",
            kind="fix" if sight.age_us is None else "carried",
            last_seen_us=sight.at_us,
            settled_us=None,
            entered_after_us=oracle.before_us(k),
            span=sight.span,
            fix_count=1,
            deepest_m=-sight.away_m,
            decided_us=sight.at_us,
            share=_share_of(oracle.belief(k)),
            nearing=oracle.nearing(k),
        )

    def _led_through(self, k: int, way: Through) -> StayShown:
        at_us = self._sights[k].at_us
        return StayShown(
            entered_us=way.enters_us,
            left_us=way.leaves_us,
            grade="confirmed" if way.confirms else "possible",
            kind="way",
            last_seen_us=way.leaves_us,
            settled_us=at_us,
            entered_after_us=self._oracle.before_us(k),
            span=self._sights[k].span,
            fix_count=0,
            deepest_m=way.deepest_m,
            decided_us=at_us,
            share=way.share,
        )

    def _extended(self, stay: StayShown, k: int) -> StayShown:
        sight, oracle = self._sights[k], self._oracle
        stay = stay._replace(
            last_seen_us=sight.at_us,
            fix_count=stay.fix_count + 1,
            deepest_m=max(stay.deepest_m, -sight.away_m),
            nearing=stay.nearing or oracle.nearing(k),
        )
        if stay.grade == "confirmed" or not oracle.confirms(k):
            return stay
        return _confirmed(stay, sight.at_us, _share_of(oracle.belief(k)))

    def _confirmed_by_way(self, stay: StayShown, k: int) -> StayShown:
        way = None if stay.grade == "confirmed" else self._oracle.through(k)
        if way is None or not way.confirms:
            return stay
        return _confirmed(stay, self._sights[k].at_us, way.share)


def _confirmed(stay: StayShown, at_us: int, share: float) -> StayShown:
    return stay._replace(grade="confirmed", decided_us=at_us, share=share)


def _share_of(nats: float) -> float:
    return 1 / (1 + math.exp(-nats))


def silences_of(track: Track, drawings: Sequence[Drawing], terms: Terms) -> set[tuple[int, int]]:
    """The silences in which the zone counted and was in reach, those under way left out."""
    found = set()
    away_m = [away_of(track, one, terms) for one in drawings]
    for first, last in _silences(track.spots):
        from_us, until_us = track.spots[first].at_us, track.spots[last].at_us
        counting = [
            span
            for span, (begins_us, ends_us, _) in enumerate(drawings)
            if begins_us < ends_us and begins_us < until_us and from_us < ends_us
        ]
        part = range(first, last)
        if counting and any(_reaches(track, away_m[counting[-1]], k) for k in part):
            found.add((from_us, until_us))
    return found


def _silences(spots: Sequence[Spot]) -> Iterator[tuple[int, int]]:
    """From one fix that can tell, or the first of all, to the next, in pieces of a day."""
    start = 0
    for k in range(1, len(spots)):
        lasted_s = (spots[k].at_us - spots[start].at_us) / 1e6
        if spots[k].worth_m <= TELLING_M or lasted_s >= PIECE_S:
            if lasted_s > UNSEEN_AFTER_S:
                yield start, k
            start = k


def _reaches(track: Track, away_m: Floats, k: int) -> bool:
    """Whether between this fix and the next he could have gone to the zone and on."""
    here, there = track.spots[k : k + 2]
    can_go_m = REACH_MPS * (there.at_us - here.at_us) / 1e6
    can_go_m += SURELY_TIMES * (here.worth_m + there.worth_m)
    to_zone_m = max(away_m[k], 0.0) + max(away_m[k + 1], 0.0)
    return bool(can_go_m >= max(to_zone_m, track.apart_m(k, k + 1)))


class Verdict(NamedTuple):
    """What somebody else missed, and what he found that is not there."""

    missed: list[StayShown]
    spurious: list[StayShown]

    @property
    def is_right(self) -> bool:
        return not (self.missed or self.spurious)


def compare(found: Sequence[StayShown], judge: Judge) -> Verdict:
    """What is wrong, whichever of the honest ways of measuring is taken."""
    answer = judge(EXACT)
    if len(found) == len(answer) and all(map(is_same, found, answer)):
        return Verdict([], [])
    answers = [judge(slack) for slack in SLACKS]
    spurious = [f for f in found if not any(_has(other, f) for other in answers)]
    surely = [stay for stay in answer if all(_has(other, stay) for other in answers)]
    return Verdict([stay for stay in surely if not _has(found, stay)], spurious)


def _has(stays: Sequence[StayShown], one: StayShown) -> bool:
    return any(is_same(stay, one) for stay in stays)


def is_same(one: StayShown, other: StayShown) -> bool:
    """Equal, but for what depends on how finely the ground is measured."""
    return _exactly(one) == _exactly(other) and all(
        abs(a - b) <= within for a, b, within in _nearly(one, other)
    )


def _exactly(stay: StayShown) -> StayShown:
    stay = stay._replace(deepest_m=0.0, share=0.0, nearing=None)
    if stay.kind != "way":
        return stay
    stay = stay._replace(entered_us=0)
    return stay if stay.fix_count else stay._replace(left_us=0, last_seen_us=0)


def _nearly(one: StayShown, other: StayShown) -> Iterator[tuple[float, float, float]]:
    within_m = WAY_M if one.kind == "way" else DEEPEST_M
    yield one.deepest_m, other.deepest_m, within_m + DEEPEST_SHARE * abs(other.deepest_m)
    yield one.share, other.share, SHARE
    times = (one.entered_us, other.entered_us), (one.last_seen_us, other.last_seen_us)
    for a, b in times:
        yield a, b, WAY_S * 1e6
    yield (one.left_us or NEVER_US), (other.left_us or NEVER_US), WAY_S * 1e6
    if one.nearing is None or other.nearing is None:
        yield float(one.nearing is None), float(other.nearing is None), 0.0
    else:
        yield one.nearing.at_us, other.nearing.at_us, 0.0
        yield one.nearing.mps, other.nearing.mps, 0.1 + 0.01 * other.nearing.mps
        yield one.nearing.eta_s, other.nearing.eta_s, 1.0 + 0.01 * other.nearing.eta_s
