"""Figures of what the rules say of made-up tracks."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Ellipse

from docs.figures.sketch import (
    ALWAYS_US,
    BRIGHT,
    DARK,
    DASHED,
    GREY,
    Disc,
    Spot,
    fixes_of,
    ground_of,
    look,
    percent,
    places,
    plan,
)
from geofence.rules.accuracy import DEVIATIONS_IN_68_PCT
from geofence.rules.evidence import CONFIRMED_SHARE, share_of
from geofence.rules.movement import REACH_MPS
from geofence.rules.observing import Observation, observe
from geofence.rules.silence import SURELY_WITHIN_TIMES, find_silences, spare_m
from geofence.rules.stays import Grade, Stay, find_stays
from geofence.rules.track import distances_in
from geofence.rules.way import CROSSED_SHARE, Ends, Way, judge_ways
from supervision.core.fixes import Floats

# What happened, minute by minute: he stands in the street east of the zone, the fixes drift; at
# the end he walks in, and out again.
DRIFT = [
    Spot(0, 222, 40, 25),
    Spot(60, 206, -12, 25),
    Spot(120, 226, 66, 30),
    Spot(180, 141, 22, 60),
    Spot(240, 250, -4, 30),
    Spot(300, 186, -22, 60),
    Spot(360, 166, -64, 60),
    Spot(420, 118, -64, 70),
    Spot(480, 182, -88, 60),
    Spot(540, 246, -44, 35),
    Spot(600, 286, 10, 30),
    Spot(660, 208, 104, 25),
    Spot(720, 106, 88, 25),
    Spot(780, 28, 96, 25),
    Spot(840, 62, 128, 25),
    Spot(900, 190, 154, 25),
    Spot(960, 262, 150, 25),
]
DRIFT_ZONE = Disc(0, 0, 150)


def draw_adding_up() -> Figure:
    """A track that drifts over an edge and then crosses it, and the belief at each fix."""
    fixes = fixes_of(DRIFT)
    seen = [
        one
        for one in observe(fixes, ground_of(DRIFT_ZONE), -ALWAYS_US, ALWAYS_US)
        if isinstance(one, Observation)
    ]
    stays = find_stays(seen)
    figure = Figure(figsize=(7.2, 7.6), layout="constrained")
    above, below = figure.subplots(2, 1, height_ratios=[1.45, 1])
    plan(above, [DRIFT_ZONE], (-60, 330), (-140, 195))
    above.plot(*places(DRIFT), color=GREY, linewidth=0.7, zorder=2)
    offsets = {7: (-13, -4), 15: (-4, 8), 3: (-12, -3), 5: (-12, -4)}
    for number, (spot, one) in enumerate(zip(DRIFT, seen, strict=True)):
        above.add_patch(
            Circle((spot.east_m, spot.north_m), spot.accuracy_m, fill=False, ec=GREY, lw=0.5)
        )
        above.plot(spot.east_m, spot.north_m, **_mark(one))
        above.annotate(
            str(number),
            (spot.east_m, spot.north_m),
            offsets.get(number, (5, 4)),
            textcoords="offset points",
            fontsize=8,
        )
    above.text(-50, 60, "exclusion zone", fontsize=9)
    above.set_title("The fixes, one a minute; the circle around each is its accuracy (68 %)")
    _draw_belief(below, seen, stays)
    return figure


def _draw_belief(axes: Axes, seen: Sequence[Observation], stays: Sequence[Stay]) -> None:
    minutes = [one.at_us / 60e6 for one in seen]
    shares = [share_of(one.belief_nats) for one in seen]
    alone = [share_of(one.own_nats) for one in seen]
    axes.plot(minutes, shares, color=GREY, linewidth=0.7, zorder=2)
    axes.plot(minutes, alone, "x", color="black", markersize=4.5, zorder=3)
    for minute, share, one in zip(minutes, shares, seen, strict=True):
        axes.plot(minute, share, **_mark(one))
    for share, text in ((CONFIRMED_SHARE, "and more, inside: confirmed"), (0.5, "")):
        axes.axhline(share, color="black", linewidth=0.8, linestyle=DASHED)
        axes.text(-0.4, share + 0.015, f"{percent(share)} {text}", fontsize=8)
    for stay in stays:
        is_confirmed = stay.grade is Grade.CONFIRMED
        begins, ends = stay.entered_us / 60e6, (stay.left_us or seen[-1].at_us) / 60e6
        bar, ink = (DARK, "white") if is_confirmed else (BRIGHT, "black")
        axes.axvspan(begins, ends, ymax=0.08, color=bar, lw=0)
        middle = (begins + ends) / 2
        axes.text(middle, -0.13, f"{stay.grade} stay", ha="center", fontsize=8, color=ink)
    axes.set(xlim=(-0.5, 16.5), ylim=(-0.16, 1.06), xticks=range(len(seen)))
    axes.set(xlabel="fix (minutes)", ylabel="probability of being inside")
    labels = {
        "opens nothing": look("o", "white"),
        "opens a possible stay, or lies in it": look("^", BRIGHT),
        "confirms": look("s", DARK),
        "by that fix alone": {"marker": "x", "color": "black", "markersize": 4.5},
    }
    for label, marks in labels.items():
        axes.plot([], [], label=label, **({"linestyle": "none"} | marks))
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=4, fontsize=8)


def _mark(one: Observation) -> dict[str, Any]:
    if one.confirms:
        return look("s", DARK)
    return look("^", BRIGHT) if one.opens else look("o", "white")


CROSSING_ZONE = Disc(0, 0, 150)
THROUGH = [Spot(0, -420, -50, 15), Spot(60, 410, 30, 15)]
PAST = [Spot(0, -420, 55, 15), Spot(60, 410, 135, 15)]


def draw_way() -> Figure:
    """Two ways between fixes a minute apart: one found to cross the zone, one not."""
    figure = Figure(figsize=(7.2, 5.6), layout="constrained")
    for axes, track in zip(figure.subplots(2, 1), (THROUGH, PAST), strict=True):
        plan(axes, [CROSSING_ZONE], (-520, 520), (-290, 350))
        line, width_m = _band(track)
        along = track[1].east_m - track[0].east_m, track[1].north_m - track[0].north_m
        across = np.array([-along[1], along[0]]) / math.hypot(*along)
        for times, shade in ((2.0, "#ececec"), (1.0, "#cccccc")):
            edge = across[:, None] * width_m * times
            left, right = line + edge, line - edge
            outline = np.hstack([left, right[:, ::-1]])
            axes.fill(*outline, color=shade, zorder=0.2, lw=0)
        axes.plot(*places(track), color="black", linewidth=1, linestyle=DASHED)
        axes.plot(*places(track), **look("o", "white"))
        axes.set_title(_verdict(track))
        for spot, text in zip(track, ("12:00:00", "12:01:00"), strict=True):
            place = (spot.east_m, spot.north_m + 22)
            axes.text(*place, text, ha="center", fontsize=8)
    return figure


def _verdict(track: Sequence[Spot]) -> str:
    seen = observe(fixes_of(track), ground_of(CROSSING_ZONE), -ALWAYS_US, ALWAYS_US)
    way = next((one.way for one in seen if isinstance(one, Observation) and one.way), None)
    if way is None or not way.is_crossing:
        return f"Nothing is found: less than {percent(CROSSED_SHARE)} that the way led through"
    inside_s = (way.leaves_us - way.enters_us) / 1e6
    return (
        f"Found, possible: {percent(way.share)} that the way led through; by the straight line "
        f"{inside_s:.0f} s inside"
    )


def _band(track: Sequence[Spot]) -> tuple[Floats, Floats]:
    """Points along the straight way, and at each the standard deviation that the rule reckons."""
    line: list[tuple[float, float]] = []
    width_m: list[float] = []
    for share in np.linspace(0, 1, 41):
        first, last = track
        here = Disc(
            first.east_m + share * (last.east_m - first.east_m),
            first.north_m + share * (last.north_m - first.north_m),
            1000.0,
        )
        line.append(here[:2])
        width_m.append(_way_past(track, here).accuracy_m / DEVIATIONS_IN_68_PCT)
    return np.array(line).T, np.array(width_m)


def _way_past(track: Sequence[Spot], zone: Disc) -> Way:
    """What the rule says of a way whose deepest place in this zone is the zone's middle."""
    fixes, ground = fixes_of(track), ground_of(zone)
    distance_m = ground.measure(np.zeros(2, np.int64), fixes.lon, fixes.lat)
    (first, last) = track
    ends = Ends(
        fixes.fixed_at_us[:, None],
        np.zeros(1, np.int64),
        fixes.lon[:, None],
        fixes.lat[:, None],
        distance_m[:, None],
        fixes.accuracy_m[:, None],
        np.array([math.dist(first[1:3], last[1:3])]),
        ground.inradius_m,
    )
    (way,) = judge_ways(ends, ground.measure)
    if way is None:
        raise ValueError(track)
    return way


SILENCE = [Spot(0, -1100, 0, 30), Spot(180, 1100, 0, 30)]
IN_REACH, OUT_OF_REACH = Disc(-300, 2050, 400), Disc(1700, -3650, 400)


def draw_silence() -> Figure:
    """What could be reached in three minutes without a fix, and two zones."""
    fixes = fixes_of(SILENCE)
    (silence,) = find_silences(fixes)
    figure = Figure(figsize=(7.2, 5.4), layout="constrained")
    axes = figure.subplots()
    plan(axes, [IN_REACH, OUT_OF_REACH], (-4300, 4300), (-4600, 3250))
    between_m = math.dist(SILENCE[0][1:3], SILENCE[1][1:3])
    seconds = (silence.until_us - silence.from_us) / 1e6
    can_go_m = REACH_MPS * seconds + SURELY_WITHIN_TIMES * sum(one.accuracy_m for one in SILENCE)
    height_m = math.sqrt(can_go_m**2 - between_m**2)
    axes.add_patch(
        Ellipse((0, 0), can_go_m, height_m, fc="#ececec", ec="black", lw=1, ls=DASHED, zorder=0.2)
    )
    axes.plot(*places(SILENCE), **look("o", "white"))
    for spot, text in zip(SILENCE, ("last fix\n12:00:00", "next fix\n12:03:00"), strict=True):
        axes.annotate(
            text,
            (spot.east_m, spot.north_m),
            (0, -10),
            textcoords="offset points",
            ha="center",
            va="top",
        )
    for zone in (IN_REACH, OUT_OF_REACH):
        ground = ground_of(zone)
        spare = float(spare_m(fixes, silence, distances_in(fixes, ground, silence, 0)))
        text = f"in reach, {spare / 1000:.1f} km to spare: recorded"
        if spare < 0:
            text = f"out of reach by {-spare / 1000:.1f} km: nothing"
        place = (zone.east_m, zone.north_m - zone.radius_m - 60)
        axes.text(*place, text, ha="center", va="top")
    axes.set_title(
        f"All places from which both fixes are {can_go_m / 1000:.1f} km or less away, added up"
    )
    return figure
