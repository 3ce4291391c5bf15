"""Measures the engine on recorded tracks and writes docs/figures/measured.json.

usage, from the root: python -m docs.figures.measure [FOLDER]

FOLDER holds data/detection, data/traces and tools/score_detection.py; `../shared` if not given.
It takes ten minutes on two cores. `draw.py` draws what it wrote, and needs no data.
"""

import csv
import gzip
import importlib.util
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from shapely import Point

from geofence.drawing import to_shapes
from geofence.rules import evidence, verdicts
from geofence.rules.accuracy import is_telling
from geofence.rules.shape import signed_distance_m
from supervision.core.fixes import Bools, Floats
from supervision.demo.evaluation import evaluate

HERE = Path(__file__).parent
SHARES = (0.70, 0.75, 0.80, 0.85, 0.90, 0.95)
# Edges of bins of depth inside the zone's edge, in units of the fix's accuracy.
DEPTH_EDGES = (-3.0, -2.0, -1.5, -1.0, -0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
# The true track has gaps; a fix in one longer than this has no true place to compare with.
LONGEST_REFERENCE_GAP_S = 3.0


def main() -> None:
    """Write down what was measured."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parents[2] / "shared"
    cases = Cases(folder)
    with ProcessPoolExecutor(2) as pool:
        swept = list(pool.map(_verdicts, [str(cases.prefix)] * len(SHARES), SHARES))
    own = dict(zip(SHARES, swept, strict=True))[evidence.CONFIRMED_SHARE]
    measured = {
        "trade_off": {
            rate: [
                {"share": share, **cases.score(_times(verdicts, "confirmed"), rate)}
                for share, verdicts in zip(SHARES, swept, strict=True)
            ]
            for rate in cases.rates
        },
        "any": {rate: cases.score(_times(own, None), rate) for rate in cases.rates},
        "simple_rules": {rate: cases.simple_rules(rate) for rate in cases.rates},
        "missed": {rate: cases.missed(_times(own, "confirmed"), rate) for rate in cases.rates},
        "depth": cases.depths(),
    }
    (HERE / "measured.json").write_text(json.dumps(measured, indent=1) + "\n")


def _verdicts(prefix: str, share: float) -> dict[str, list[dict[str, Any]]]:
    """What the engine finds if a stay is confirmed at this probability: findings by case."""
    with patch.object(verdicts, "CONFIRMED_NATS", evidence.nats(share)):
        return {verdict["case"]: verdict["findings"] for verdict in evaluate(prefix)}


def _times(verdicts: dict[str, list[dict[str, Any]]], grade: str | None) -> dict[str, list[float]]:
    """When each case had a finding, of one grade or of any."""
    return {
        case: [one["at"] for one in findings if grade in (None, one["grade"])]
        for case, findings in verdicts.items()
    }


class Cases:
    """Zones against recorded tracks, and when the person truly was inside."""

    def __init__(self, folder: Path) -> None:
        self.prefix = folder / "data" / "detection" / "dev"
        self._reference_path = folder / "data" / "traces" / "reference_dev.csv.gz"
        self._scorer = _module(folder / "tools" / "score_detection.py")
        self._tracks = {row["track"]: row for row in self._rows("tracks")}
        self._cases = {row["case"]: row for row in self._rows("cases")}
        self._truth = {row["case"]: row["inside"] for row in self._rows("truth")}
        self._ids: dict[str, list[str]] = defaultdict(list)
        for case in self._cases.values():
            self._ids[str(self._tracks[case["track"]]["every_s"])].append(case["case"])
        self.rates = sorted(self._ids, key=int)

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

    def missed(self, times: dict[str, list[float]], rate: str) -> dict[str, Any]:
        """Why no finding was confirmed in the cases that were missed, and how large the zones."""
        why: dict[str, int] = defaultdict(int)
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
        by_radius = {radius: radii[radius] for radius in sorted(radii, key=int)}
        return {"why": dict(sorted(why.items())), "missed_of_radius_m": by_radius}

    def _reason(self, row: dict[str, Any], stays: list[list[float]]) -> str:
        t, lat, lon, accuracy_m = np.array(self._tracks[row["track"]]["fixes"]).T
        during = np.array([any(first <= at <= last for first, last in stays) for at in t])
        if not during.any():
            return "no fix"
        telling = during & is_telling(accuracy_m)
        if not telling.any():
            return "no telling fix"
        is_in = _distances_m(row["zone"], lon[telling], lat[telling]) < 0
        return "some fix inside" if is_in.any() else "all fixes outside"

    def depths(self) -> list[dict[str, Any]]:
        """How often a person was inside, by how deep inside a fix put him, at both rates."""
        reference = self._reference()
        depth: list[Floats] = []
        truly: list[Bools] = []
        for row in self._cases.values():
            track, run = row["track"].split("/")[:2]
            true_t, true_lon, true_lat = reference[track, run]
            t, lat, lon, accuracy_m = np.array(self._tracks[row["track"]]["fixes"]).T
            after = np.clip(np.searchsorted(true_t, t), 1, len(true_t) - 1)
            known = true_t[after] - true_t[after - 1] <= LONGEST_REFERENCE_GAP_S
            at_lon = np.interp(t[known], true_t, true_lon)
            at_lat = np.interp(t[known], true_t, true_lat)
            inside_m = -_distances_m(row["zone"], lon[known], lat[known])
            depth.append(inside_m / np.maximum(accuracy_m[known], 3.0))
            truly.append(_distances_m(row["zone"], at_lon, at_lat) < 0)
        place = np.digitize(np.concatenate(depth), DEPTH_EDGES)
        is_inside = np.concatenate(truly)
        return [
            {
                "from": None if k == 0 else DEPTH_EDGES[k - 1],
                "until": None if k == len(DEPTH_EDGES) else DEPTH_EDGES[k],
                "fixes": int((place == k).sum()),
                "inside_pct": round(100 * float(is_inside[place == k].mean()), 2),
            }
            for k in range(len(DEPTH_EDGES) + 1)
        ]

    def _rows(self, name: str) -> Iterator[dict[str, Any]]:
        with gzip.open(f"{self.prefix}.{name}.jsonl.gz", "rt") as lines:
            yield from map(json.loads, lines)

    def _reference(self) -> dict[tuple[str, str], Floats]:
        """The true track of each trip: time, longitude, latitude, in rows."""
        points: dict[tuple[str, str], dict[float, tuple[float, float]]] = defaultdict(dict)
        with gzip.open(self._reference_path, "rt") as lines:
            for row in csv.DictReader(lines):
                at = datetime.fromisoformat(row["time_utc"]).timestamp()
                points[row["timeline"], row["run"]][at] = float(row["lon"]), float(row["lat"])
        return {
            trip: np.array([(at, *place) for at, place in sorted(track.items())]).T
            for trip, track in points.items()
        }


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
