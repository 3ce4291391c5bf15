"""Replay of recorded tracks, exactly as the phone wrote them, broken rows included."""

import csv
import gzip
import itertools
import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, TextIO

import gpxpy
from gpxpy.gpx import GPXException, GPXTrackPoint

from ingest.simulator.pings import Ping, Wire, Writer
from supervision.core.errors import Invalid

UNKNOWN_SPEED = -1.0
COLUMNS = {
    "lat": "lat",
    "lon": "lon",
    "accuracy_m": "accuracy_m",
    "speed_mps": "speed_mps",
    "heading_deg": "course_deg",
    "altitude_m": "altitude_m",
}
"""CSV columns that are numbers, and what the contract calls them."""


class Row(NamedTuple):
    """One recorded fix; epoch seconds. `wire` keeps what cannot be read as it stands.

    `fixed_at_s` is the raw text where the recording's time cannot be read, None without one.
    """

    fixed_at_s: float | str | None
    written_at_s: float | None
    wire: Wire


@dataclass(frozen=True, slots=True)
class Track:
    """What one device recorded: its rows in the order it wrote them."""

    name: str
    rows: tuple[Row, ...]


def read_track(path: Path) -> list[Track]:
    """Read a recording: GPX, CSV or CSV.gz, by the file's ending.

    Every row is kept: duplicates, rows out of order, and broken ones, which the system must
    refuse by itself.

    Returns:
        One track per GPX track or CSV `person_id`, in the file's order.

    Raises:
        Invalid: Not one of these formats, or not readable as the one its ending says.
        OSError: There is no such file, or it may not be read.
    """
    try:
        if path.suffix == ".gpx":
            return _read_gpx(path)
        if path.suffixes[-1:] == [".csv"] or path.suffixes[-2:] == [".csv", ".gz"]:
            with _opened(path) as lines:
                return _by_person(csv.DictReader(lines))
    except (UnicodeDecodeError, GPXException, csv.Error, gzip.BadGzipFile, EOFError) as error:
        raise Invalid(f"{path.name} cannot be read: it is damaged or of another kind.") from error
    raise Invalid(f"{path.name} is not a recording; there are .gpx, .csv and .csv.gz.")


def shift_to(tracks: Iterable[Track], now_s: float) -> list[Track]:
    """Move each track in time as a whole, so that its latest fix is at `now_s`, epoch seconds."""
    return [_shifted(track, now_s) for track in tracks]


def to_pings(
    track: Track, session: str, device_uid: str | None = None, per_message: int = 1
) -> Iterator[Ping]:
    """Turn a track into pings, due as the device wrote its rows, from second 0 on.

    Args:
        track: What was recorded.
        session: Names this replay; the same name again is taken for a redelivery.
        device_uid: Who sends; the track's name if None.
        per_message: Fixes in one message.

    Raises:
        Invalid: The device id cannot be part of an MQTT topic.
    """
    writer = Writer(track.name if device_uid is None else device_uid, session)
    rows = iter(zip(_due_times_s(track.rows), track.rows, strict=True))
    while batch := list(itertools.islice(rows, per_message)):
        fixes = [{"t": row.fixed_at_s, **row.wire} for _, row in batch]
        yield writer.fixes(batch[-1][0], fixes)


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as lines:
        yield lines


def _by_person(rows: "csv.DictReader[str]") -> list[Track]:
    missing = {"person_id", "time_utc", "lat", "lon"} - set(rows.fieldnames or ())
    if missing:
        raise Invalid(f"The recording has no column {', '.join(sorted(missing))}.")
    tracks: dict[str, list[Row]] = {}
    for row in rows:
        tracks.setdefault(row["person_id"] or "unnamed", []).append(_csv_row(row))
    return [Track(name, tuple(rows)) for name, rows in tracks.items()]


def _csv_row(row: dict[str, str]) -> Row:
    wire = {ours: _number(row.get(theirs)) for theirs, ours in COLUMNS.items()}
    if wire["speed_mps"] == UNKNOWN_SPEED:
        wire["speed_mps"] = None
    fixed_at_s = _epoch_s(row["time_utc"])
    written_at_s = _epoch_s(row.get("written_utc"))
    return Row(fixed_at_s, None if isinstance(written_at_s, str) else written_at_s, wire)


def _number(text: str | None) -> float | str | None:
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        return text
    return number if math.isfinite(number) else text


def _epoch_s(text: str | None) -> float | str | None:
    if not text:
        return None
    try:
        return _as_epoch_s(datetime.fromisoformat(text))
    except ValueError:
        return text


def _as_epoch_s(instant: datetime) -> float:
    """A recording's time without a zone is UTC, as GPX has it."""
    return round((instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp(), 3)


def _read_gpx(path: Path) -> list[Track]:
    with _opened(path) as lines:
        gpx = gpxpy.parse(lines)
    return [
        Track(
            track.name or f"{path.stem}-{number}",
            tuple(_gpx_row(point) for segment in track.segments for point in segment.points),
        )
        for number, track in enumerate(gpx.tracks, start=1)
    ]


def _gpx_row(point: GPXTrackPoint) -> Row:
    fixed_at_s = _as_epoch_s(point.time) if point.time else None
    wire: Wire = {
        "lat": point.latitude,
        "lon": point.longitude,
        "altitude_m": point.elevation,
        "speed_mps": point.speed,
        "course_deg": point.course,
        "hdop": point.horizontal_dilution,
        "satellites": point.satellites,
    }
    return Row(fixed_at_s, fixed_at_s, wire)


def _shifted(track: Track, now_s: float) -> Track:
    known_s = [row.fixed_at_s for row in track.rows if isinstance(row.fixed_at_s, float)]
    by_s = now_s - max(known_s, default=now_s)

    def moved(row: Row) -> Row:
        fixed_at_s, written_at_s = row.fixed_at_s, row.written_at_s
        return row._replace(
            fixed_at_s=round(fixed_at_s + by_s, 3) if isinstance(fixed_at_s, float) else fixed_at_s,
            written_at_s=None if written_at_s is None else written_at_s + by_s,
        )

    return replace(track, rows=tuple(moved(row) for row in track.rows))


def _due_times_s(rows: Iterable[Row]) -> Iterator[float]:
    """Seconds from the first writing; a row that says none, or an earlier one, follows at once."""
    first_s, due_s = None, 0.0
    for row in rows:
        if row.written_at_s is not None:
            first_s = row.written_at_s if first_s is None else first_s
            due_s = max(due_s, row.written_at_s - first_s)
        yield due_s
