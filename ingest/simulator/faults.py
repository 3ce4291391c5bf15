"""What goes wrong between a tracker and the system; no fault loses a ping for ever."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import msgspec
import numpy as np

from ingest.simulator.flags import (
    Delay,
    Outage,
    parse_delay,
    parse_metres,
    parse_outage,
    parse_share,
)
from ingest.simulator.motion import Base
from ingest.simulator.pings import Ping
from ingest.simulator.seeds import Purpose

Pings = Iterable[Ping]
Stage = Callable[[Pings, np.random.Generator], Iterator[Ping]]
ChanceOf = Callable[[Purpose], np.random.Generator]

REORDER_INTERVALS = (1.0, 3.0)
NUMBERING = frozenset({"session", "seq", "ack"})


@dataclass(frozen=True, slots=True)
class Faults:
    """Which faults, and how much of each; shares are between 0 and 1.

    Attributes:
        drop: Share of pings whose first sending is lost; the device sends them again.
        delay: How long every ping is under way.
        duplicate: Share of pings sent twice.
        reorder: Share of pings that later ones overtake.
        drift_m: Positions are moved by up to this, and the stated accuracy grows with it.
        malformed: Share of pings followed by a broken message.
        disconnect: The device goes away, keeps its pings, and sends them when it is back.
    """

    drop: float = 0.0
    delay: Delay | None = None
    duplicate: float = 0.0
    reorder: float = 0.0
    drift_m: float = 0.0
    malformed: float = 0.0
    disconnect: Outage | None = None


NO_FAULTS = Faults()


def parse_faults(flags: dict[str, str | None]) -> Faults:
    """The faults that command-line flags ask for; a flag that is None is not given.

    Args:
        flags: By fault name, as `Faults` spells it, but `drift` for `drift_m`.

    Raises:
        ValueError: A value cannot be read; the message says how it is written.
    """
    parsers: dict[str, Callable[[str], Any]] = {
        "delay": parse_delay,
        "drift": parse_metres,
        "disconnect": parse_outage,
    }
    given = {
        name: parsers.get(name, parse_share)(text)
        for name, text in flags.items()
        if text is not None
    }
    drift_m = given.pop("drift", 0.0)
    return replace(NO_FAULTS, drift_m=drift_m, **given)


def faulty(pings: Pings, faults: Faults, chance_of: ChanceOf, rate_s: float) -> Iterator[Ping]:
    """Pass one device's pings through its faults, each with a stream of chance of its own.

    Args:
        pings: In the order they were written.
        faults: What goes wrong.
        chance_of: Gives a fault's stream of chance.
        rate_s: Seconds between pings, the measure of how far a ping is thrown back.

    Returns:
        Pings in the order they were written, no longer in due order.
    """
    for purpose, stage in _stages(faults, rate_s):
        pings = stage(pings, chance_of(purpose))
    return iter(pings)


def is_away(at_s: float, faults: Faults, chance_of: ChanceOf) -> bool:
    """Whether `disconnect` has a device away at this second of the run."""
    if faults.disconnect is None:
        return False
    every_s = faults.disconnect.every_s
    first_s = chance_of(Purpose.DISCONNECT).uniform(0.0, every_s)
    return (at_s - first_s) % every_s < faults.disconnect.away_s


def _stages(faults: Faults, rate_s: float) -> Iterator[tuple[Purpose, Stage]]:
    """The faults wanted; those that add messages come last, so that no other sees more pings."""
    if faults.drift_m:
        yield Purpose.DRIFT, partial(_drift, up_to_m=faults.drift_m)
    if faults.drop:
        yield Purpose.DROP, partial(_drop, share=faults.drop)
    if faults.reorder:
        yield Purpose.REORDER, partial(_reorder, share=faults.reorder, rate_s=rate_s)
    if faults.delay:
        yield Purpose.DELAY, partial(_delay, delay=faults.delay)
    if faults.malformed:
        yield Purpose.MALFORMED, partial(_malform, share=faults.malformed)
    if faults.duplicate:
        yield Purpose.DUPLICATE, partial(_duplicate, share=faults.duplicate, rate_s=rate_s)
    if faults.disconnect:
        yield Purpose.DISCONNECT, partial(_disconnect, outage=faults.disconnect)


def _drift(pings: Pings, rng: np.random.Generator, up_to_m: float) -> Iterator[Ping]:
    for ping in pings:
        body = msgspec.json.decode(ping.payload)
        fixes = [_moved(fix, rng, up_to_m) for fix in body.get("fixes", ())]
        payload = msgspec.json.encode({**body, "fixes": fixes})
        yield ping._replace(payload=payload) if fixes else ping


def _moved(fix: dict[str, Any], rng: np.random.Generator, up_to_m: float) -> dict[str, Any]:
    way_m, angle_rad = up_to_m * math.sqrt(rng.uniform()), rng.uniform(0.0, 2.0 * math.pi)
    if not all(isinstance(fix.get(key), float | int) for key in ("lat", "lon", "accuracy_m")):
        return fix
    lon_m, lat_m = Base(fix["lon"], fix["lat"]).metres_per_deg()
    return {
        **fix,
        "lat": round(fix["lat"] + way_m * math.sin(angle_rad) / lat_m, 7),
        "lon": round(fix["lon"] + way_m * math.cos(angle_rad) / lon_m, 7),
        # Twice the drift keeps a fix on the wrong side of an edge within its own circle.
        "accuracy_m": round(fix["accuracy_m"] + 2.0 * up_to_m, 1),
    }


def _malform(pings: Pings, rng: np.random.Generator, share: float) -> Iterator[Ping]:
    for ping in pings:
        yield ping
        is_struck, which = rng.uniform() < share, int(rng.integers(len(BREAKAGES)))
        if is_struck:
            broken = BREAKAGES[which](_unnumbered(ping.payload))
            yield ping._replace(payload=broken, session=None, seq=None, is_lost=False)


def _duplicate(
    pings: Pings, rng: np.random.Generator, share: float, rate_s: float
) -> Iterator[Ping]:
    for ping in pings:
        yield ping
        if ping.seq is None:
            continue
        is_struck, after_s = rng.uniform() < share, rng.uniform(0.0, rate_s)
        if is_struck:
            yield ping.later(after_s)


def _drop(pings: Pings, rng: np.random.Generator, share: float) -> Iterator[Ping]:
    for ping in pings:
        yield ping._replace(is_lost=True) if rng.uniform() < share else ping


def _reorder(pings: Pings, rng: np.random.Generator, share: float, rate_s: float) -> Iterator[Ping]:
    for ping in pings:
        is_struck, back_by = rng.uniform() < share, rng.uniform(*REORDER_INTERVALS)
        yield ping.later(back_by * rate_s) if is_struck else ping


def _delay(pings: Pings, rng: np.random.Generator, delay: Delay) -> Iterator[Ping]:
    for ping in pings:
        yield ping.later(delay.median_s * math.exp(delay.sigma * rng.standard_normal()))


def _disconnect(pings: Pings, rng: np.random.Generator, outage: Outage) -> Iterator[Ping]:
    first_s = rng.uniform(0.0, outage.every_s)
    for ping in pings:
        gone_for_s = (ping.due_at_s - first_s) % outage.every_s
        is_away = gone_for_s < outage.away_s
        yield ping.later(outage.away_s - gone_for_s) if is_away else ping


def _unnumbered(payload: bytes) -> bytes:
    """Leave out what an ack could cover: a broken message must not confirm the good one."""
    body = msgspec.json.decode(payload)
    return msgspec.json.encode({key: body[key] for key in body if key not in NUMBERING})


def _cut_short(payload: bytes) -> bytes:
    return payload[: len(payload) // 2]


def _binary(payload: bytes) -> bytes:
    return b"\xff\xfe\x00" + payload[::-1]


def _with(changes: dict[str, Any]) -> Callable[[bytes], bytes]:
    """Make a breaker that changes every fix; a message without fixes is cut short instead."""

    def breaker(payload: bytes) -> bytes:
        fixes = msgspec.json.decode(payload).get("fixes")
        if not fixes:
            return _cut_short(payload)
        broken = msgspec.json.encode({"fixes": [{**fix, **changes} for fix in fixes]})
        return broken.replace(b'"NaN"', b"NaN")

    return breaker


BREAKAGES: tuple[Callable[[bytes], bytes], ...] = (
    _cut_short,
    _binary,
    _with({"lat": "NaN"}),
    _with({"lat": 91.0}),
    _with({"lat": 0.0, "lon": 0.0}),
    _with({"t": "yesterday", "lat": [1], "lon": {"east": True}}),
)
