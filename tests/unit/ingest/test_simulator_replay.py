import gzip
import json
from pathlib import Path

import pytest

from ingest.simulator.pings import Ping
from ingest.simulator.replay import Track, read_track, shift_to, to_pings
from supervision.core.errors import Invalid

HEADER = (
    "person_id,time_utc,lat,lon,accuracy_m,speed_mps,heading_deg,altitude_m,"
    "written_utc,platform,source\n"
)
ROWS = """\
ann,2015-07-22T15:14:53.881Z,37.1,-122.1,37.5,-1,0,12,2015-07-22T15:14:54.840Z,android,e
ann,2015-07-22T15:15:02Z,37.2,-122.2,26.5,1.5,90,12,2015-07-22T15:15:04.840Z,android,e
ann,2015-07-22T15:14:58Z,37.3,-122.3,,2,91,12,2015-07-22T15:15:00Z,android,e
ann,yesterday,north,nan,5,2,91,12,,android,e
bob,2016-01-01T00:00:00Z,10,20,5,2,91,12,2016-01-01T00:00:00Z,ios,m
ann,2015-07-22T15:15:02Z,37.2,-122.2,26.5,1.5,90,12,2015-07-22T15:15:34.840Z,android,e
"""
GPX = """\
<?xml version="1.0"?><gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1">
<trk><name>walk</name><trkseg>
<trkpt lat="37.1" lon="-122.1"><ele>5</ele><time>2026-01-01T00:00:00Z</time><hdop>1.2</hdop></trkpt>
<trkpt lat="37.2" lon="-122.2"><time>2026-01-01T00:00:30+00:00</time></trkpt>
</trkseg><trkseg><trkpt lat="37.3" lon="-122.3"></trkpt></trkseg></trk>
<trk><trkseg><trkpt lat="1" lon="2"><time>2026-01-01T01:00:00Z</time></trkpt></trkseg></trk></gpx>
"""
MOBILITYNET = Path(__file__).parents[4] / "shared/data/traces/mobilitynet_emission_dev.csv.gz"


def a_file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    content = text.encode()
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


def fixes(pings: list[Ping]) -> list[dict[str, object]]:
    return [fix for ping in pings for fix in json.loads(ping.payload)["fixes"]]


@pytest.mark.parametrize("name", ["walk.csv", "walk.csv.gz"])
def test_a_csv_has_a_track_for_each_person_with_every_row_as_written(
    tmp_path: Path, name: str
) -> None:
    ann, bob = read_track(a_file(tmp_path, name, HEADER + ROWS))
    assert (ann.name, bob.name) == ("ann", "bob")
    assert (len(ann.rows), len(bob.rows)) == (5, 1)
    assert [row.wire["lat"] for row in ann.rows] == [37.1, 37.2, 37.3, "north", 37.2]


def test_csv_columns_become_the_contracts_and_unknown_ones_are_left_out(tmp_path: Path) -> None:
    ann, _ = read_track(a_file(tmp_path, "walk.csv", HEADER + ROWS))
    first, second, third, *_ = fixes(list(to_pings(ann, "s")))
    assert first == {
        "t": 1437578093.881,
        "lat": 37.1,
        "lon": -122.1,
        "accuracy_m": 37.5,
        "course_deg": 0.0,
        "altitude_m": 12.0,
    }
    assert second["speed_mps"] == 1.5
    assert "accuracy_m" not in third


def test_a_broken_row_is_sent_as_it_stands_under_its_own_number(tmp_path: Path) -> None:
    ann, _ = read_track(a_file(tmp_path, "walk.csv", HEADER + ROWS))
    pings = list(to_pings(ann, "s"))
    broken = json.loads(pings[3].payload)
    assert broken["seq"] == 4
    assert (
        broken["fixes"][0] | {"t": "yesterday", "lat": "north", "lon": "nan"} == broken["fixes"][0]
    )


def test_pings_are_due_as_they_were_written_and_never_back_in_time(tmp_path: Path) -> None:
    ann, _ = read_track(a_file(tmp_path, "walk.csv", HEADER + ROWS))
    assert [ping.due_at_s for ping in to_pings(ann, "s")] == pytest.approx(
        [0.0, 10.0, 10.0, 10.0, 40.0]
    )


def test_shifting_moves_each_tracks_latest_fix_to_now_and_keeps_all_distances(
    tmp_path: Path,
) -> None:
    before = read_track(a_file(tmp_path, "walk.csv", HEADER + ROWS))
    ann, bob = shift_to(before, 1.79e9)
    times_s = [row.fixed_at_s for row in ann.rows]
    assert times_s == [1.79e9 - 8.119, 1.79e9, 1.79e9 - 4.0, "yesterday", 1.79e9]
    assert bob.rows[0].fixed_at_s == 1.79e9
    due_s = [[ping.due_at_s for ping in to_pings(track, "s")] for track in (before[0], ann)]
    assert due_s[0] == pytest.approx(due_s[1])


def test_several_rows_can_share_a_message_which_leaves_when_the_last_is_written(
    tmp_path: Path,
) -> None:
    ann, _ = read_track(a_file(tmp_path, "walk.csv", HEADER + ROWS))
    pings = list(to_pings(ann, "s", "phone-7", per_message=2))
    assert [len(json.loads(ping.payload)["fixes"]) for ping in pings] == [2, 2, 1]
    assert [ping.seq for ping in pings] == [1, 2, 3]
    assert [ping.due_at_s for ping in pings] == pytest.approx([10.0, 10.0, 40.0])
    assert {ping.topic for ping in pings} == {"supervision/v1/phone-7/fixes"}


def test_a_gpx_has_a_track_for_each_of_its_own_with_all_segments(tmp_path: Path) -> None:
    walk, unnamed = read_track(a_file(tmp_path, "day.gpx", GPX))
    assert (walk.name, unnamed.name) == ("walk", "day-2")
    said = fixes(list(to_pings(walk, "s")))
    assert said[0] == {
        "t": 1767225600.0,
        "lat": 37.1,
        "lon": -122.1,
        "altitude_m": 5.0,
        "hdop": 1.2,
    }
    assert [fix.get("t") for fix in said] == [1767225600.0, 1767225630.0, None]
    assert [ping.due_at_s for ping in to_pings(walk, "s")] == [0.0, 30.0, 30.0]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("track.kml", "<kml/>"),
        ("track.gz", HEADER),
        ("track.gpx", "<gpx"),
        ("track.csv", "a,b\n1,2\n"),
        ("track.csv", ""),
    ],
)
def test_what_is_no_recording_is_refused_by_name(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(Invalid):
        read_track(a_file(tmp_path, name, text))


@pytest.mark.parametrize(
    "content", [b"no gzip", gzip.compress(HEADER.encode(), mtime=0)[:-12], b"\x1f\x8b"]
)
def test_a_damaged_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "walk.csv.gz"
    path.write_bytes(content)
    with pytest.raises(Invalid):
        read_track(path)


def test_a_track_without_any_time_can_still_be_sent() -> None:
    (shifted,) = shift_to([Track("empty", ())], 1.79e9)
    assert list(to_pings(shifted, "s")) == []


@pytest.mark.skipif(not MOBILITYNET.exists(), reason="mobilitynet_emission_dev.csv.gz is absent")
def test_real_recordings_are_replayed_row_by_row() -> None:
    tracks = shift_to(read_track(MOBILITYNET), 1.79e9)
    counts = {track.name: sum(1 for _ in to_pings(track, "s")) for track in tracks}
    assert len(counts) == 21
    assert sum(counts.values()) == 89_248
    assert counts["mn-sj-ios-2-hahfdc"] == 20_006
