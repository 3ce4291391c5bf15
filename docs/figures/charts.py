"""Figures of what was measured on recorded tracks; see `measure.py`."""

import json
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
    figure = Figure(figsize=(7.2, 4.4), layout="constrained")
    for axes, rate in zip(figure.subplots(1, 2, sharey=True), ("60", "15"), strict=True):
        swept = measured["trade_off"][rate]
        points = [(one["false_pct"], one["missed_pct"]) for one in swept]
        axes.plot(*zip(*points, strict=True), color=DARK, linewidth=1)
        for one, point in zip(swept, points, strict=True):
            is_chosen = one["share"] == CONFIRMED_SHARE
            axes.plot(*point, **look("s", DARK if is_chosen else "white"))
            if one["share"] in (0.70, CONFIRMED_SHARE, 0.95):
                _label(axes, point, percent(one["share"]), (7, 2))
        whole = measured["any"][rate]
        axes.plot(whole["false_pct"], whole["missed_pct"], **look("^", BRIGHT))
        for rule in measured["simple_rules"][rate].values():
            if rule["missed_pct"] <= MOST_MISSED_PCT:
                axes.plot(rule["false_pct"], rule["missed_pct"], **look("x", "black"))
        _label_rules(axes, measured["simple_rules"][rate])
        axes.axhline(TARGETS_PCT[rate], color="black", linewidth=0.8, linestyle=DASHED)
        axes.text(
            MOST_FALSE_PCT,
            TARGETS_PCT[rate] + 0.08,
            f"target for confirmed: {TARGETS_PCT[rate]} %",
            ha="right",
            fontsize=7.5,
        )
        axes.set_title(f"one fix in {rate} s")
        axes.set(xlim=(-0.08, MOST_FALSE_PCT), ylim=(0, MOST_MISSED_PCT))
        axes.set_xlabel("false, % of cases never inside")
    figure.axes[0].set_ylabel("missed, % of cases inside for 60 s or more")
    labels = {
        "confirmed from 85 %, as the engine does": look("s", DARK),
        "confirmed from another probability": look("s", "white"),
        "possible or confirmed": look("^", BRIGHT),
        "simple rules": look("x", "black"),
    }
    handles = [figure.axes[0].plot([], [], label=text, **look)[0] for text, look in labels.items()]
    figure.legend(handles=handles, loc="outside lower center", ncols=2, fontsize=8)
    return figure


def _label_rules(axes: Axes, rules: dict[str, Any]) -> None:
    names = {
        "any fix inside": (-6, 6, "right"),
        "inside, acc<=100": (7, -2, "left"),
        "inside by >= acc": (7, 3, "left"),
        "P(inside)>=0.9, acc<=200": (7, -8, "left"),
        "two in a row, acc<=100": (7, -2, "left"),
    }
    for name, (right, up, side) in names.items():
        rule = rules[name]
        if rule["missed_pct"] <= MOST_MISSED_PCT:
            text = name.replace("<=", "≤ ").replace(">=", "≥ ").replace("acc", "accuracy ").strip()
            place = (rule["false_pct"], rule["missed_pct"])
            axes.annotate(
                text,
                place,
                (right, up),
                textcoords="offset points",
                ha=side,
                fontsize=7,
                color="#333333",
            )


def _label(axes: Axes, place: tuple[float, float], text: str, offset: tuple[int, int]) -> None:
    axes.annotate(text, place, offset, textcoords="offset points", fontsize=8)


def _measured() -> dict[str, Any]:
    measured: dict[str, Any] = json.loads((HERE / "measured.json").read_text())
    return measured
