"""Figures of what was measured on recorded tracks; see `measure.py`."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from docs.figures.sketch import BRIGHT, DARK, DASHED, look, percent
from geofence.rules.evidence import CONFIRMED_SHARE, evidence_nats, share_of

HERE = Path(__file__).parent
# What the project set out to reach: confirmed stays missed, by seconds between fixes.
TARGETS_PCT = {"60": 5.5, "15": 3.6}
MOST_MISSED_PCT, MOST_FALSE_PCT = 10.0, 2.2
# The scorer's names; one of its six rules misses a fifth of the stays at either rate.
RULES = {
    "a": "any fix inside",
    "b": "inside, acc<=100",
    "c": "inside by >= acc",
    "d": "P(inside)>=0.9, acc<=200",
    "e": "two in a row, acc<=100",
}


def draw_evidence() -> Figure:
    """What one fix says, by the rule and as measured."""
    figure = Figure(figsize=(7.2, 4.0), layout="constrained")
    axes = figure.subplots()
    depth = np.linspace(-3.2, 3.2, 321)
    shares = [share_of(one) for one in evidence_nats(-depth, np.ones_like(depth))]
    axes.plot(depth, shares, color=DARK, linewidth=1.8, label="the rule")
    rows = [row for row in _measured()["depth"] if None not in (row["from"], row["until"])]
    axes.plot(
        [(row["from"] + row["until"]) / 2 for row in rows],
        [row["inside_pct"] / 100 for row in rows],
        label="measured: the person was inside",
        **look("o", BRIGHT),
    )
    axes.axvline(0, color="black", linewidth=0.8)
    axes.axhline(CONFIRMED_SHARE, color="black", linewidth=0.8, linestyle=DASHED)
    axes.text(-3.15, CONFIRMED_SHARE + 0.015, f"{percent(CONFIRMED_SHARE)}: confirmed", fontsize=8)
    axes.text(-0.08, 0.94, "outside", ha="right", fontsize=8)
    axes.text(0.08, 0.02, "inside", fontsize=8)
    axes.set(xlim=(-3.2, 3.2), ylim=(-0.03, 1.03), ylabel="probability of being inside")
    axes.set_xlabel("how far inside the edge the fix lies, in units of its accuracy")
    axes.legend(loc="center right", fontsize=8)
    return figure


def draw_trade_off() -> Figure:
    """False against missed, for every probability at which a stay could be confirmed."""
    measured = _measured()
    figure = Figure(figsize=(7.2, 4.6), layout="constrained")
    for axes, rate in zip(figure.subplots(1, 2, sharey=True), TARGETS_PCT, strict=True):
        _draw_swept(axes, measured["trade_off"][rate])
        axes.plot(*_place(measured["any"][rate]), **look("^", BRIGHT))
        for letter, name in RULES.items():
            place = _place(measured["simple_rules"][rate][name])
            if place[1] <= MOST_MISSED_PCT:
                axes.plot(*place, **look("x", "black"))
                _label(axes, place, letter, (7, -3) if letter == "a" else (-11, -3))
        target = TARGETS_PCT[rate]
        axes.axhline(target, color="black", linewidth=0.8, linestyle=DASHED)
        text = f"target for confirmed: {target} %"
        axes.text(MOST_FALSE_PCT, target - 0.15, text, ha="right", va="top", fontsize=8)
        axes.set_title(f"one fix each {rate} s")
        axes.set(xlim=(-0.15, MOST_FALSE_PCT), ylim=(0, MOST_MISSED_PCT))
        axes.set_xlabel("false, % of cases never inside")
    figure.axes[0].set_ylabel("missed, % of cases inside for 60 s or more")
    labels = {
        f"confirmed from {percent(CONFIRMED_SHARE)}, as decided": look("s", DARK),
        "confirmed from another probability": look("s", "white"),
        "possible or confirmed": look("^", BRIGHT),
        "simple rules a to e": look("x", "black"),
    }
    handles = [
        figure.axes[0].plot([], [], label=text, **marks)[0] for text, marks in labels.items()
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=2, fontsize=8)
    return figure


def _draw_swept(axes: Axes, swept: Sequence[dict[str, Any]]) -> None:
    places = [_place(one) for one in swept]
    axes.plot(*zip(*places, strict=True), color=DARK, linewidth=1)
    for one, place in zip(swept, places, strict=True):
        is_chosen = one["share"] == CONFIRMED_SHARE
        marks = look("s", DARK if is_chosen else "white") | {"zorder": 5 if is_chosen else 4}
        axes.plot(*place, **marks)
        if is_chosen or one in (swept[0], swept[-1]):
            _label(axes, place, percent(one["share"]), (7, -9) if one is swept[0] else (7, 2))


def _place(scored: dict[str, Any]) -> tuple[float, float]:
    return scored["false_pct"], scored["missed_pct"]


def _label(axes: Axes, place: tuple[float, float], text: str, offset: tuple[int, int]) -> None:
    axes.annotate(text, place, offset, textcoords="offset points", fontsize=8)


def _measured() -> dict[str, Any]:
    measured: dict[str, Any] = json.loads((HERE / "measured.json").read_text())
    return measured
