"""Plays tracks through broker, killed workers and database, and checks all that came of it."""

import json
import random
import signal
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import psutil
import structlog

from geofence.models import Zone
from geofence.service import AT_ALL_TIMES, InForce, arm_zone
from supervision.core.clock import from_us, system_clock, to_us
from supervision.core.db import transaction
from supervision.core.fixes import Source
from supervision.stack.mosquitto import PrivateMosquitto
from supervision.stack.postgres import DatabaseUrls
from tests.flat_ground import FlatZone, apart_m
from tests.harness import LONG_AGO, FakeClock, Person, World
from tests.ingest_rig import IngestProcess, Publisher, until
from tests.oracle import NEVER_US, Drawing, StayShown, Terms, Track
from tests.oracle_stays import compare, silences_of, stays_of
from tests.said import Said, refusal
from tests.stored import stay_shown

log = structlog.get_logger()

MAX_AGE_DAYS = 7000
RSS_MAY_GROW_BYTES = 40 * 1024 * 1024
DOUBLED, DOUBLED_WITHIN = 0.02, 2000
DRAINED_WITHIN_S = 120.0


SOURCES = {"gps": Source.GPS, "cell": Source.CELL}


@dataclass
class Replay:
    """Some people's tracks against one set of zones, and what is done to them on the way."""

    said: list[Said]
    zones: list[dict[str, Any]]
    kills: int
    seed: int
    shuffled_by: float = 0.0
    sent: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.now_s = system_clock().timestamp()

    def messages(self) -> list[tuple[str, bytes]]:
        """One fix each, people mixed, some sent twice; within a person nearly in order."""
        count = defaultdict[str, int](int)
        lines: list[tuple[float, tuple[str, bytes]]] = []
        for place, said in enumerate(self.said):
            count[said.person] += 1
            body = b'{"session": "replay", "seq": %d, "fixes": [%s]}'
            message = body % (count[said.person], part_of(said))
            line = (f"supervision/v1/{said.person}/fixes", message)
            lines.append((place + self.random.random() * self.shuffled_by, line))
            if self.random.random() < DOUBLED:
                lines.append((place + self.random.random() * DOUBLED_WITHIN, line))
        self.sent = len(lines)
        return [line for _, line in sorted(lines, key=lambda one: one[0])]

    def refused(self) -> set[tuple[str, str, bytes]]:
        """Who, why and what must lie among the rejected."""
        found = set()
        for said in self.said:
            reason = refusal(said, self.now_s, MAX_AGE_DAYS)
            if reason is not None:
                found.add((said.person, reason, part_of(said)))
        return found

    def good(self) -> set[Said]:
        return {one for one in self.said if refusal(one, self.now_s, MAX_AGE_DAYS) is None}


def part_of(said: Said) -> bytes:
    part = {"t": said.t, "lat": said.lat, "lon": said.lon, "source": said.source}
    if said.accuracy_m is not None:
        part["accuracy_m"] = said.accuracy_m
    return json.dumps(part).encode()


def spoiled(said: Said, dice: random.Random) -> Said:
    """The same fix made unbelievable in one of the documented ways."""
    return dice.choice(
        [
            said._replace(lat=91.0),
            said._replace(lon=-180.5),
            said._replace(lon=0.0, lat=0.0),
            said._replace(t="1970-01-01T00:00:01Z"),
            said._replace(t="2100-01-01T00:00:00+00:00"),
            said._replace(accuracy_m=100_001.0),
        ]
    )


def with_spoiled(said: list[Said], share: float, seed: int) -> list[Said]:
    dice = random.Random(seed)
    mixed: list[Said] = []
    for one in said:
        mixed.append(one)
        if dice.random() < share:
            mixed.append(spoiled(one, dice))
    return mixed


class Run:
    """A replay under way: two workers, one of which is killed again and again."""

    def __init__(
        self, replay: Replay, broker: PrivateMosquitto, database: DatabaseUrls, logs: Path
    ) -> None:
        self.replay = replay
        self.world = World(database, FakeClock(system_clock()))
        self.people = {name: self.world.person(name) for name in {s.person for s in replay.said}}
        self.zone_of: dict[int, tuple[str, int]] = {}
        for name, person in self.people.items():
            for number, zone_id in enumerate(self._draw_zones(person)):
                self.zone_of[zone_id] = (name, number)
        self._broker = broker
        self._logs = logs
        self.victim, self.witness = (self._worker(name) for name in ("w1", "w2"))
        self.rss: list[int] = []

    def _draw_zones(self, person: Person) -> list[int]:
        """For one who is not known yet to have been anywhere: there is nothing to judge."""
        values = {"supervisee_id": person.supervisee_id, "order_clause_id": person.clause_id}
        values |= {"agency_id": self.world.agency_id, "court_order_id": person.order_id}
        now = self.world.clock()
        force = InForce(LONG_AGO, None, "UTC", person.officer_id, now)
        with transaction(self.world.engine) as session:
            return [
                arm_zone(
                    session, Zone(name="Z", created_at=now, **values), feature, AT_ALL_TIMES, force
                ).zone_id
                for feature in self.replay.zones
            ]

    def _worker(self, name: str) -> IngestProcess:
        return IngestProcess(
            self._broker,
            self.world.database,
            self._logs / f"{name}.log",
            broker_client_id=name,
            max_fix_age_days=MAX_AGE_DAYS,
        )

    def play(self) -> float:
        """Send everything at full speed; returns the seconds until all of it was stored."""
        messages = self.replay.messages()
        dice = self.replay.random
        kill_at = set(dice.sample(range(len(messages)), self.replay.kills))
        weigh_at = len(messages) // 3
        for worker in (self.victim, self.witness):
            worker.start()
        until(lambda: all("connected" in w.log_text() for w in (self.victim, self.witness)))
        began_s = monotonic()
        with Publisher(self._broker, in_flight=1000) as trackers:
            for place, message in enumerate(messages):
                trackers.send(*message)
                if place in kill_at:
                    assert self.victim.end() == -signal.SIGKILL, "it had died by itself"
                    self.victim.start()
                if place == weigh_at:
                    until(lambda: self.counted() >= 0.3 * len(self.replay.said), DRAINED_WITHIN_S)
                    self.weigh()
            trackers.flush()
        until(lambda: self.counted() == len(self.replay.said), DRAINED_WITHIN_S)
        self.weigh()
        return monotonic() - began_s

    def close(self) -> None:
        for worker in (self.victim, self.witness):
            worker.end()

    def weigh(self) -> None:
        self.rss.append(psutil.Process(self.witness.pid).memory_info().rss)

    def counted(self) -> int:
        """Messages that are stored, by the sessions' own count."""
        runs = "SELECT unnest(received) AS run FROM device_session"
        total = self.world.one(f"SELECT coalesce(sum(upper(run) - lower(run)), 0) FROM ({runs}) r")
        return int(total)

    def stays(self) -> dict[tuple[str, int], list[StayShown]]:
        found = defaultdict[tuple[str, int], list[StayShown]](list)
        for row in self.world.stays():
            found[self.zone_of[row.zone_id]].append(stay_shown(row))
        return found

    def silences(self) -> dict[tuple[str, int], set[tuple[int, int]]]:
        found = defaultdict[tuple[str, int], set[tuple[int, int]]](set)
        for row in self.world.rows("SELECT * FROM zone_silence WHERE withdrawn_at IS NULL"):
            found[self.zone_of[row.zone_id]].add((to_us(row.from_at), to_us(row.until_at)))
        return found

    def check(self) -> None:
        self.check_fixes()
        self.check_refused()
        self.check_stays()
        self.check_alerts()
        self.check_processes()

    def check_fixes(self) -> None:
        rows = self.world.rows(
            "SELECT d.uid, p.fixed_at, p.lon, p.lat, p.accuracy_m, p.source"
            " FROM position p JOIN device d ON d.id = p.device_id"
        )
        expected = Counter(
            (one.person, from_us(one.at_us), one.lon, one.lat, one.accuracy_m, SOURCES[one.source])
            for one in self.replay.good()
        )
        assert Counter(tuple(row) for row in rows) == expected

    def check_refused(self) -> None:
        rows = self.world.rows("SELECT device_uid, reason, payload FROM rejected_message")
        assert {(r.device_uid, r.reason, bytes(r.payload)) for r in rows} == self.replay.refused()

    def check_stays(self) -> None:
        tracks = defaultdict[str, list[Said]](list)
        for one in sorted(self.replay.good(), key=lambda said: said.in_line):
            tracks[one.person].append(one)
        places = [FlatZone(feature) for feature in self.replay.zones]
        terms = Terms(now_us=to_us(system_clock()))
        found, silences, count = self.stays(), self.silences(), Counter[str]()
        for name, said in tracks.items():
            track = Track([one.spot for one in said], apart_m)
            for number, place in enumerate(places):
                drawings = [Drawing(-NEVER_US, NEVER_US, place)]
                stays = found[name, number]
                verdict = compare(stays, partial(stays_of, track, drawings, terms))
                assert verdict.is_right, f"{name} in zone {number}: {verdict}"
                unseen = silences_of(track, drawings, terms)
                assert silences[name, number] == unseen, f"{name} unseen near zone {number}"
                count.update(f"{stay.grade} by {stay.kind}" for stay in stays)
                count["silences"] += len(unseen)
        assert count.total() > count["silences"], "the replay shows something at all"
        log.info("stays", **count)

    def check_alerts(self) -> None:
        """One alert for each stay, also for those that later fixes withdrew."""
        rows = self.world.rows(
            "SELECT s.id, s.grade, s.withdrawn_at, count(a.id) AS alerts, min(a.grade) AS told"
            " FROM zone_stay s LEFT JOIN alert a ON (a.evidence ->> 'stay_id')::bigint = s.id"
            " GROUP BY s.id"
        )
        assert [row for row in rows if row.alerts != 1] == []
        assert [r for r in rows if r.grade == "confirmed" and r.told != "confirmed"] == []
        assert len(self.world.alerts()) == len(rows)

    def check_processes(self) -> None:
        for worker in (self.victim, self.witness):
            assert worker.end(signal.SIGTERM) == 0
            assert "batch_failed" not in worker.log_text()
        assert self.rss[-1] - self.rss[0] < RSS_MAY_GROW_BYTES


def prove(replay: Replay, broker: PrivateMosquitto, database: DatabaseUrls, logs: Path) -> None:
    """Play it all, check it all, and say in figures what was played."""
    run = Run(replay, broker, database, logs)
    try:
        seconds = run.play()
        run.check()
    finally:
        run.close()
    log.info(
        "replayed",
        messages=replay.sent,
        seconds=round(seconds, 1),
        per_second=round(replay.sent / seconds),
        fixes=len(replay.good()),
        refused=dict(Counter(reason for _, reason, _ in replay.refused())),
        kills=replay.kills,
        rss_mib=[round(rss / 2**20) for rss in run.rss],
    )
