"""Shows on the terminal what a draft would have done: numbers, stays, approaches and warnings."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from geofence.service import Rehearsal

MOST_ROWS = 20


def show(found: Rehearsal) -> None:
    """Print it, times by the person's own clocks; no place is named."""
    console = Console(highlight=False, soft_wrap=True)
    for name, number in _numbers(found).items():
        console.print(f"{name:11} {number}", markup=False)
    if found.stays:
        console.print(_stays(found))
    if found.approaches:
        console.print(_approaches(found))
    for warning in found.warnings:
        console.print(f"warning     {warning.code}: {warning.sentence}", markup=False)


def _numbers(found: Rehearsal) -> dict[str, str]:
    fixes, nights, work_days = found.fixes, found.nights, found.work_days
    times = f"from {_local(found, found.begins_at)} to {_local(found, found.ends_at)}"
    told = f"stays {len(found.stays)}, approaches {len(found.approaches)}"
    work = f"{work_days.inside} of {work_days.days} working days"
    return {
        "replayed": f"{fixes.replayed} fixes, {times} ({found.time_zone})",
        "judged": f"{fixes.judged} while it counts, usually to {fixes.usual_accuracy_m:.0f} m",
        "alerts": f"{found.alerts}, {found.alerts_per_day:.2f} a day: {told}",
        "near edge": f"fixes {fixes.near_edge}, stays {found.stays_near_edge} (*)",
        "unseen": f"{found.silences} times in reach of it, {found.silent_s / 3600:.1f} hours",
        "inside": f"{nights.inside} of {nights.days} nights, {work}",
    }


def _stays(found: Rehearsal) -> Table:
    rows = [
        (
            _local(found, stay.entered_at),
            _minutes(stay.duration_s) + ("" if stay.left_at else " and on"),
            str(stay.grade),
            str(stay.by),
            f"{stay.deepest_m:.0f} m",
            f"{stay.accuracy_m:.0f} m" + (" *" if stay.is_near_edge else ""),
        )
        for stay in found.stays
    ]
    return _table("stays", ("entered", "lasted", "grade", "by", "deepest", "error"), rows)


def _approaches(found: Rehearsal) -> Table:
    rows = [
        (
            _local(found, one.told_at),
            f"{one.closing_mps:.1f} m/s",
            _minutes(one.eta_s),
            f"{one.nearest_m:.0f} m",
        )
        for one in found.approaches
    ]
    return _table("approaches", ("told", "nearing by", "there in", "nearest"), rows)


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """The first rows, and how many more there are."""
    more = len(rows) - MOST_ROWS
    caption = f"and {more} more" if more > 0 else None
    table = Table(*columns, title=title, title_justify="left", caption=caption, box=None)
    for row in rows[:MOST_ROWS]:
        table.add_row(*row)
    return table


def _local(found: Rehearsal, at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(found.time_zone)):%Y-%m-%d %H:%M}"


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} min"
