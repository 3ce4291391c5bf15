"""Whole tracks, real and made, come out as an independent check says, whatever is killed."""

import sys
from pathlib import Path

import pytest

from supervision.stack.mosquitto import PrivateMosquitto
from supervision.stack.postgres import DatabaseUrls
from tests.replaying import Replay, prove, with_spoiled
from tests.scenarios.tracks import TRACES, made_zones, real_fixes, real_zones, walks


@pytest.mark.skipif(not TRACES.exists(), reason="needs ../shared/data/traces")
@pytest.mark.parametrize(
    "most_each", [400, pytest.param(sys.maxsize, marks=pytest.mark.heavy, id="all")]
)
def test_real_tracks_come_out_right_although_a_worker_is_killed_ten_times(
    broker_of_its_own: PrivateMosquitto, database: DatabaseUrls, tmp_path: Path, most_each: int
) -> None:
    said = with_spoiled(real_fixes(most_each), share=0.005, seed=1)
    replay = Replay(said, real_zones(), kills=10, seed=2)
    prove(replay, broker_of_its_own, database, tmp_path)


def test_shuffled_walks_come_out_right_although_a_worker_is_killed_twice(
    broker_of_its_own: PrivateMosquitto, database: DatabaseUrls, tmp_path: Path
) -> None:
    said = with_spoiled(walks(people=6, steps=1000, seed=3), share=0.02, seed=4)
    replay = Replay(said, made_zones(), kills=2, seed=5, shuffled_by=120.0)
    prove(replay, broker_of_its_own, database, tmp_path)
