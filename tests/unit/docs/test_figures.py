import json
import re
from pathlib import Path

import numpy as np
import pytest

from geofence.rules.evidence import evidence_nats, share_of

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "how-a-violation-is-decided.md").read_text()
MEASURED = json.loads((DOCS / "figures" / "measured.json").read_text())
LARGEST_BYTES = 150_000

EVIDENCE_ROW = re.compile(
    r"^\| ([-0-9.]+)(?: times the accuracy)? \| (?:(\d+) m (inside|outside)|on the edge)"
    r" \| ([0-9.]+) % \|$",
    re.MULTILINE,
)
ENGINE_ROW = re.compile(
    r"^\| engine, (confirmed|possible or confirmed) \| ([0-9.]+) % \| ([0-9.]+) % \|", re.MULTILINE
)


def test_all_figures_can_be_drawn_and_come_out_the_same_each_time(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib is not installed: the extra `docs`")
    from docs.figures.draw import FIGURES, draw_all  # noqa: PLC0415 -- skipped without matplotlib

    first, again = tmp_path / "first", tmp_path / "again"
    for folder in (first, again):
        folder.mkdir()
        draw_all(folder)
    assert {path.stem for path in first.iterdir()} == set(FIGURES)
    for path in first.iterdir():
        assert path.read_text().rstrip().endswith("</svg>")
        assert path.stat().st_size < LARGEST_BYTES
        assert path.read_bytes() == (again / path.name).read_bytes()


def test_every_figure_of_the_page_is_there() -> None:
    names = re.findall(r"\]\((images/[^)]+)\)", PAGE)
    assert len(names) == 5
    assert [name for name in names if not (DOCS / name).exists()] == []


def test_the_evidence_table_says_what_the_rule_says() -> None:
    rows = EVIDENCE_ROW.findall(PAGE)
    assert len(rows) == 10
    for times, metres, side, percent in rows:
        depth = float(times)
        inside_m = float(metres or 0) * (-1 if side == "outside" else 1)
        assert inside_m == 20 * depth
        (nats,) = evidence_nats(np.array([-depth]), np.array([1.0]))
        assert f"{100 * share_of(float(nats)):.1f}" == percent


def test_the_table_of_results_is_what_was_measured() -> None:
    rows = ENGINE_ROW.findall(PAGE)
    shown = [(float(false), float(missed)) for _, false, missed in rows]
    measured = [
        (one["false_pct"], one["missed_pct"])
        for rate in ("60", "15")
        for one in (
            *(point for point in MEASURED["trade_off"][rate] if point["share"] == 0.85),
            MEASURED["any"][rate],
        )
    ]
    assert shown == measured
