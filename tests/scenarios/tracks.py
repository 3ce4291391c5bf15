"""Whole tracks to be told, real and made, and zones to judge them against."""

import csv
import gzip
import json
import math
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from supervision.core.clock import from_us, system_clock
from tests.said import Said

DATA = Path(__file__).parents[2].parent / "shared" / "data"
TRACES = DATA / "traces/mobilitynet_emission_dev.csv.gz"
ZONES = ("mountain_view_schools_odbl.geojson", "mobilitynet_places_dev.geojson")
M_PER_DEG = 111_320.0


def real_fixes(most_each: int = sys.maxsize) -> list[Said]:
    """Of each recorded person his first fixes, at most so many."""
    count = Counter[str]()
    said: list[Said] = []
    with gzip.open(TRACES, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            count[row["person_id"]] += 1
            if count[row["person_id"]] <= most_each:
                said.append(_said(row))
    return said


def _said(row: dict[str, str]) -> Said:
    accuracy_m = float(row["accuracy_m"]) if row["accuracy_m"] else None
    where = float(row["lon"]), float(row["lat"])
    return Said(row["person_id"], row["time_utc"], *where, accuracy_m)


def real_zones() -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = []
    for name in ZONES:
        features += json.loads((DATA / "zones" / name).read_text())["features"]
    return features


def walks(people: int, steps: int, seed: int) -> list[Said]:
    """Random walks about one place: by foot and by car, with all sorts of accuracy."""
    dice = random.Random(seed)
    said: list[Said] = []
    at = {f"walker-{k}": [dice.gauss(0, 500), dice.gauss(0, 500)] for k in range(people)}
    began_us = round((system_clock().timestamp() - 30 * steps) * 1e6)
    for step in range(steps):
        for name, place in at.items():
            place[0] += dice.gauss(0, 60)
            place[1] += dice.gauss(0, 60)
            accuracy_m = dice.choice([None, 1.0, 5.0, 12.5, 30.0, 80.0, 400.0, 5000.0])
            source = "cell" if dice.random() < 0.1 else "gps"
            t = from_us(began_us + step * 20_000_000 + dice.randrange(1000) * 1000).isoformat()
            lon, lat = on_earth(*place)
            said.append(Said(name, t, lon, lat, accuracy_m, source))
    return said


def on_earth(east_m: float, north_m: float) -> tuple[float, float]:
    lat = 61.0 + north_m / M_PER_DEG
    return round(24.0 + east_m / M_PER_DEG / math.cos(math.radians(61.0)), 7), round(lat, 7)


def made_zones() -> list[dict[str, Any]]:
    ring = [on_earth(*xy) for xy in ((0, 0), (700, 0), (300, 300), (650, 700), (0, 600), (0, 0))]
    hole = [on_earth(*xy) for xy in ((80, 80), (80, 200), (200, 200), (200, 80), (80, 80))]
    line = [on_earth(*xy) for xy in ((-900, -200), (-300, -500), (400, -450))]
    shapes: list[tuple[str, Any, dict[str, float]]] = [
        ("Polygon", [ring, hole], {}),
        ("Point", on_earth(-400, 300), {"radius_m": 250.0}),
        ("LineString", line, {"width_m": 160.0}),
        ("Point", on_earth(9000, 0), {"radius_m": 300.0}),
    ]
    return [
        {
            "type": "Feature",
            "properties": wide,
            "geometry": {"type": kind, "coordinates": coordinates},
        }
        for kind, coordinates, wide in shapes
    ]
