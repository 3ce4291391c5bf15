"""The commands of the README, as far as a test may run them: sound, and clear when wrong."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SCRIPTS = [*sorted((ROOT / "scripts").iterdir()), ROOT / ".ci" / "run"]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_it_is_a_program_in_plain_sh(script: Path) -> None:
    assert os.access(script, os.X_OK)
    first, *_ = script.read_text().splitlines()
    assert first == "#!/bin/sh"
    read = subprocess.run(["sh", "-n", script], capture_output=True, text=True, check=False)
    assert (read.returncode, read.stderr) == (0, "")


def test_an_unknown_wish_is_refused_in_one_line() -> None:
    wished = subprocess.run(
        [ROOT / "scripts" / "setup", "everything"], capture_output=True, text=True, check=False
    )
    message = "scripts/setup: knows run, test, check and image, not: everything\n"
    assert (wished.returncode, wished.stderr) == (2, message)


def test_ci_checks_and_then_tests() -> None:
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert lines[-2:] == ["scripts/check", "scripts/test"]


def test_every_program_the_check_runs_is_locked() -> None:
    programs = set(re.findall(r"\.venv/bin/([\w-]+)", (ROOT / "scripts" / "check").read_text()))
    packages = {"lint-imports": "import-linter"}
    locked = set(
        re.findall(r"^(\S+)==", (ROOT / "requirements-dev.lock").read_text(), re.MULTILINE)
    )
    assert {packages.get(name, name) for name in programs} <= locked
