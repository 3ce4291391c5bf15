"""Measures the engine on recorded tracks and writes docs/figures/measured.json.

usage, from the root: python -m docs.figures.measure [FOLDER]

FOLDER holds data/detection, data/traces and tools/score_detection.py; `../shared` if not given.
It takes some minutes. `draw.py` draws what it wrote, and needs no data.
"""

import csv
import gzip
import importlib.util
import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from shapely import Point

from geofence.drawing import to_shapes
from geofence.rules import verdicts
from geofence.rules.accuracy import BEST_ACCURACY_M, is_telling
from geofence.rules.evidence import CONFIRMED_SHARE, nats, share_of
from geofence.rules.movement import apart_m
from geofence.rules.observing import End, Observation, observe
from geofence.rules.shape import signed_distance_m
from geofence.rules.stays import find_stays
from supervision.core.fixes import Bools, Floats
from supervision.demo import evaluation

Findings = dict[str, list[dict[str, Any]]]
Judged = dict[str, list[Observation | End]]

HERE = Path(__file__).parent
SHARES = (0.70, 0.75, 0.80, 0.85, 0.90, 0.95)
# Edges of bins of depth inside the zone's edge, in units of the fix's accuracy.
DEPTH_EDGES = (-3.0, -2.0, -1.5, -1.0, -0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
BEST_MOST_M = (30, 65, 100, 300)
BELIEF_EDGES = (0.5, 0.7, 0.85, 0.95, 0.99, 0.999)
# The true track has gaps; a fix in one longer than this has no true place to compare with.
LONGEST_REFERENCE_GAP_S = 3.0


def main() -> None:
    """Write down what was measured."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parents[2] / "shared"
    cases = Cases(folder)
    judged = judge_once(cases.prefix)
    swept = {share: _findings_from(nats(share), cases.prefix, judged) for share in SHARES}
    own = swept[CONFIRMED_SHARE]
    measured = {
        "trade_off": {
            rate: [
                {"share": share, **cases.score(_times(found, "confirmed"), rate)}
                for share, found in swept.items()
            ]
            for rate in cases.rates
        },
        "any": {rate: cases.score(_times(own, None), rate) for rate in cases.rates},
        "simple_rules": {rate: cases.simple_rules(rate) for rate in cases.rates},
        "missed": {rate: cases.missed(own, rate) for rate in cases.rates},
        "stays_found_of_one": {rate: cases.stays_found(judged, rate) for rate in cases.rates},
        "errors_within_times_accuracy_pct": cases.errors(),
        "depth": cases.depths(),
        "belief": cases.beliefs(judged),
    }
    (HERE / "measured.json").write_text(json.dumps(measured, indent=1) + "\n")


def judge_once(prefix: Path) -> Judged:
    """What the engine observes, by case; whatever lies inside and may confirm does."""
    seen: list[list[Observation | End]] = []

    def judge(*args: Any) -> list[Observation | End]:  # noqa: ANN401 -- those of `observe`
        seen.append(observe(*args))
        return seen[-1]

    with (
        patch.object(verdicts, "CONFIRMED_NATS", -math.inf),
        patch.object(evaluation, "observe", judge),
    ):
        return dict(zip(_findings(prefix), seen, strict=True))


def _findings_from(least: float, prefix: Path, judged: Judged) -> Findings:
    """What the engine finds, if that many nats were needed to confirm."""
    again = iter([_confirming_from(least, seen) for seen in judged.values()])
    with patch.object(evaluation, "observe", lambda *_: next(again)):
        return _findings(prefix)


def _findings(prefix: Path) -> Findings:
    with patch.object(evaluation, "unseen", lambda *_: []):
        return {one["case"]: one["findings"] for one in evaluation.evaluate(str(prefix))}


def _confirming_from(least: float, seen: list[Observation | End]) -> list[Observation | End]:
    """The same observations, if that many nats were needed to confirm."""
    return [
        one._replace(confirms=one.confirms and one.belief_nats >= least)
        if isinstance(one, Observation)
        else one
        for one in seen
    ]


def _times(found: Findings, grade: str | None) -> dict[str, list[float]]:
    """When each case had a finding, of one grade or of any."""
    return {
        case: [one["at"] for one in findings if grade in (None, one["grade"])]
        for case, findings in found.items()
    }


class Cases:
    """Zones against recorded tracks, and when the person truly was inside."""

    def __init__(self, folder: Path) -> None:
        self.prefix = folder / "data" / "detection" / "dev"
        self._scorer = _module(folder / "tools" / "score_detection.py")
        self._tracks = {row["track"]: row for row in self._rows("tracks")}
        self._cases = {row["case"]: row for row in self._rows("cases")}
        self._truth = {row["case"]: row["inside"] for row in self._rows("truth")}
        self._ids: dict[str, list[str]] = defaultdict(list)
        for case in self._cases.values():
            self._ids[str(self._tracks[case["track"]]["every_s"])].append(case["case"])
        self.rates = sorted(self._ids, key=int)
        self._reference = _read_reference(folder / "data" / "traces" / "reference_dev.csv.gz")
        self._true = dict(self._find_true())

    def score(self, times: dict[str, list[float]], rate: str) -> dict[str, Any]:
        """False and missed, as the scorer counts them."""
        scored: dict[str, Any] = self._scorer.score(times, self._truth, self._ids[rate], {})
        return {key: scored[key] for key in ("false_pct", "missed_pct", "delay_p50_s")}

    def simple_rules(self, rate: str) -> dict[str, dict[str, Any]]:
        """The scorer's simple rules on the same cases."""
        found: dict[str, dict[str, list[float]]] = defaultdict(dict)
        for case in self._ids[rate]:
            row = self._cases[case]
            times = self._scorer.baseline_findings(self._tracks[row["track"]], row["zone"])
            for name, at in times.items():
                found[name][case] = at
        return {name: self.score(times, rate) for name, times in sorted(found.items())}

    def missed(self, found: Findings, rate: str) -> dict[str, Any]:
        """Why no finding was confirmed in the cases that were missed, and how large the zones."""
        times, any_times = _times(found, "confirmed"), _times(found, None)
        why: dict[str, int] = defaultdict(int)
        possible = 0
        radii: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for case in self._ids[rate]:
            stays = self._truth[case]
            if not stays:
                continue
            row = self._cases[case]
            of_radius = radii[str(row["zone"]["radius_m"])]
            of_radius[1] += 1
            begins, ends = stays[0][0] - 30, stays[-1][1] + 60
            if not any(begins <= at <= ends for at in times.get(case, [])):
                of_radius[0] += 1
                why[self._reason(row, stays)] += 1
                possible += any(begins <= at <= ends for at in any_times.get(case, []))
        by_radius = {radius: radii[radius] for radius in sorted(radii, key=int)}
        counts = {"missed": sum(why.values()), "found_as_possible": possible}
        return counts | {"why": dict(sorted(why.items())), "missed_of_radius_m": by_radius}

    def _reason(self, row: dict[str, Any], stays: list[list[float]]) -> str:
        t, lat, lon, accuracy_m = np.array(self._tracks[row["track"]]["fixes"]).T
        during = np.array([any(first <= at <= last for first, last in stays) for at in t])
        if not during.any():
            return "no fix"
        telling = during & is_telling(accuracy_m)
        if not telling.any():
            return "no telling fix"
        is_in = _distances_m(row["zone"], lon[telling], lat[telling]) < 0
        if not is_in.any():
            return "all telling fixes outside"
        best_m = accuracy_m[telling][is_in].min()
        return (
            f"a fix inside, of {next(most for most in BEST_MOST_M if best_m <= most)} m or better"
        )

    def errors(self) -> dict[str, float]:
        """How many fixes of all tracks lie within once, twice, three times their accuracy."""
        times: list[float] = []
        for name, row in self._tracks.items():
            t, lat, lon, accuracy_m = np.array(row["fixes"]).T
            known, true_lon, true_lat = self._true_places(name, t)
            error_m = apart_m(true_lon, true_lat, lon, lat)
            times += (error_m / np.maximum(accuracy_m, BEST_ACCURACY_M))[known].tolist()
        within = {str(most): float(np.mean(np.array(times) <= most)) for most in (1, 2, 3)}
        return {most: round(100 * share, 1) for most, share in within.items()} | {
            "fixes": len(times)
        }

    def stays_found(self, judged: Judged, rate: str) -> dict[str, int]:
        """How many stays the engine shows where there was truly one: how often it was cut up."""
        count: dict[int, int] = defaultdict(int)
        for case in self._ids[rate]:
            if len(self._truth[case]) == 1:
                count[len(find_stays(judged[case]))] += 1
        return {str(stays): count[stays] for stays in sorted(count)}

    def depths(self) -> list[dict[str, Any]]:
        """How often a person was inside, by how deep inside a fix put him, at both rates."""
        depth: list[float] = []
        truly: list[bool] = []
        for case, row in self._cases.items():
            _, lat, lon, accuracy_m = np.array(self._tracks[row["track"]]["fixes"]).T
            inside_m = -_distances_m(row["zone"], lon, lat)
            known, is_inside = self._true[case]
            depth += (inside_m / np.maximum(accuracy_m, BEST_ACCURACY_M))[known].tolist()
            truly += is_inside[known].tolist()
        return _binned(depth, truly, DEPTH_EDGES)

    def beliefs(self, judged: Judged) -> list[dict[str, Any]]:
        """How often a person was inside, by the belief at a fix inside, at both rates."""
        belief: list[float] = []
        truly: list[bool] = []
        for case, seen in judged.items():
            known, is_inside = self._true[case]
            for one in seen:
                if isinstance(one, Observation) and one.distance_m < 0 and known[one.position_id]:
                    belief.append(share_of(one.belief_nats))
                    truly.append(bool(is_inside[one.position_id]))
        return _binned(belief, truly, BELIEF_EDGES)

    def _find_true(self) -> Iterator[tuple[str, tuple[Bools, Bools]]]:
        """For each case's fixes: whether the true place is known, and whether it is inside."""
        for case, row in self._cases.items():
            t = np.array(self._tracks[row["track"]]["fixes"])[:, 0]
            known, lon, lat = self._true_places(row["track"], t)
            yield case, (known, _distances_m(row["zone"], lon, lat) < 0)

    def _true_places(self, name: str, t: Floats) -> tuple[Bools, Floats, Floats]:
        """Where the person of a track truly was at these times, and whether that is known."""
        track, run = name.split("/")[:2]
        true_t, true_lon, true_lat = self._reference[track, run]
        after = np.clip(np.searchsorted(true_t, t), 1, len(true_t) - 1)
        known = true_t[after] - true_t[after - 1] <= LONGEST_REFERENCE_GAP_S
        return known, np.interp(t, true_t, true_lon), np.interp(t, true_t, true_lat)

    def _rows(self, name: str) -> Iterator[dict[str, Any]]:
        with gzip.open(f"{self.prefix}.{name}.jsonl.gz", "rt") as lines:
            yield from map(json.loads, lines)


def _read_reference(path: Path) -> dict[tuple[str, str], Floats]:
    """The true track of each trip: time, longitude, latitude, in rows."""
    points: dict[tuple[str, str], dict[float, tuple[float, float]]] = defaultdict(dict)
    with gzip.open(path, "rt") as lines:
        for row in csv.DictReader(lines):
            at = datetime.fromisoformat(row["time_utc"]).timestamp()
            points[row["timeline"], row["run"]][at] = float(row["lon"]), float(row["lat"])
    return {
        trip: np.array([(at, *place) for at, place in sorted(track.items())]).T
        for trip, track in points.items()
    }


def _binned(
    value: list[float], truly: list[bool], edges: tuple[float, ...]
) -> list[dict[str, Any]]:
    """The share of those that are true in each bin."""
    place, is_true = np.digitize(value, edges), np.array(truly)
    return [
        {
            "from": None if k == 0 else edges[k - 1],
            "until": None if k == len(edges) else edges[k],
            "fixes": int((place == k).sum()),
            "inside_pct": round(100 * float(is_true[place == k].mean()), 2),
        }
        for k in range(len(edges) + 1)
        if (place == k).any()
    ]


def _distances_m(zone: dict[str, float], lon: Floats, lat: Floats) -> Floats:
    """Signed distances to a circle's edge, as the engine measures them."""
    shapes = to_shapes(Point(zone["lon"], zone["lat"]), float(zone["radius_m"]))
    return signed_distance_m(shapes, np.zeros(len(lon), np.int64), lon, lat)


def _module(path: Path) -> Any:  # noqa: ANN401 -- a script, not part of any package
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
