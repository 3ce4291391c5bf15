"""The whole stack as its user starts it: every process, real broker and database, known answer."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path


def run(stack_folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "supervision", *arguments],
        env=os.environ | {"SUPERVISION_STATE_DIR": str(stack_folder / "whole")},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_every_alert_of_the_known_scenario_is_found_once(stack_folder: Path) -> None:
    done = run(stack_folder, "run", "--self-test")
    assert done.returncode == 0, done.stdout + done.stderr
    figures = re.search(
        r"alerts expected (\d+), found (\d+), missed 0, spurious 0, doubled 0;", done.stdout
    )
    assert figures is not None
    assert figures[1] == figures[2]
    assert int(figures[1]) == 18


def test_the_benchmark_measures_both_pipelines_and_the_delays(stack_folder: Path) -> None:
    done = run(
        stack_folder, "bench", "--devices", "200", "--seconds", "1", "--rate", "100", "--json"
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["devices"] == 200
    assert figures["full_per_s"] > 0
    assert figures["bare_per_s"] > 0
    assert figures["commit_p99_ms"] >= figures["commit_p50_ms"] > 0
