"""Draws the figures of docs/how-a-violation-is-decided.md, by the engine's own rules.

usage, from the root: python -m docs.figures.draw [FOLDER]

Writes five SVG files into FOLDER, or into `docs/images`. The tracks are made up; two figures show
`measured.json` (see `measure.py`). The same matplotlib gives the same bytes each time.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from docs.figures.charts import draw_evidence, draw_trade_off
from docs.figures.judged import draw_adding_up, draw_silence, draw_way

IMAGES = Path(__file__).parents[1] / "images"
STYLE: dict[Any, Any] = {
    "svg.hashsalt": "supervision",
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "legend.frameon": False,
    "path.simplify_threshold": 0.5,
}
FIGURES: dict[str, Callable[[], Figure]] = {
    "evidence-of-one-fix": draw_evidence,
    "evidence-adds-up": draw_adding_up,
    "way-between-fixes": draw_way,
    "silence-and-reach": draw_silence,
    "false-against-missed": draw_trade_off,
}


def main() -> None:
    """Draw all figures."""
    draw_all(Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES)


def draw_all(folder: Path) -> None:
    """Draw all figures into a folder."""
    with mpl.rc_context(STYLE):
        for name, draw in FIGURES.items():
            metadata = {"Date": None, "Creator": None}
            draw().savefig(folder / f"{name}.svg", metadata=metadata)


if __name__ == "__main__":
    main()
