"""The command line as its users meet it: one clear line and the right exit code."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from supervision.__main__ import main
from supervision.cli.app import _PLACES
from supervision.stack.installation import Installation
from tests.integration.cli.conftest import Command

USAGE, FAILED = 2, 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("no-such-command",),
        ("checkins", "preview"),
        ("alerts", "tail", "--agency", "x"),
        ("alerts", "tail", "--no-such-option"),
        ("zones", "preview", "--person", "1", "--drawing", "x", "--kind", "moon"),
        ("simulate", "--scenario", "no-such"),
        ("simulate", "--rate", "often"),
        ("simulate", "--drop", "200%"),
        ("simulate", "--speedup", "0x"),
        ("replay", "no-such-file.gpx"),
        ("replay", "pyproject.toml"),
        ("replay", "pyproject.toml", "--shift-to", "yesterday"),
        ("broker", "add-device", "no#name"),
        ("broker", "add-device", "officer-3"),
        ("broker", "remove", "ingest"),
        ("press", "alarm-1", "--lon", "3"),
        ("press", "a/b"),
        ("alerts", "tail", "--since", "yesterday"),
        ("alerts", "tail", "--since", "2026-09-21T14:00:00"),
        ("alerts", "tail", "--since", "99h of it"),
        ("alerts", "tail", "--since", "0001-01-01T00:00+14:00"),
    ],
)
def test_a_wrong_request_is_one_line_and_exit_code_2(
    arguments: tuple[str, ...],
    installation: Installation,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in installation.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SUPERVISION_STATE_DIR", str(installation.folder))
    monkeypatch.setattr(sys, "argv", ["supervision", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert ended.value.code == USAGE
    assert said.err.startswith("supervision: ")
    assert said.err.count("\n") == 1
    assert said.out == ""


@pytest.mark.parametrize("name", list(_PLACES))
def test_every_command_says_what_it_is_for(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["supervision", name, "--help"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert f"{name} [OPTIONS]" in capsys.readouterr().out


def test_a_worker_does_not_wait_for_the_web_application_to_be_imported() -> None:
    asked = "import supervision.cli.processes, sys; print('fastapi' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_missing_settings_are_named_and_their_values_never_shown(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    environment["SUPERVISION_WEB_DATABASE_URL"] = "postgresql+psycopg2://u:hunter2@h/d"
    done = subprocess.run(
        [sys.executable, "-m", "supervision", "ingest"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == USAGE
    assert "SUPERVISION_ENGINE_DATABASE_URL" in done.stderr
    assert "hunter2" not in done.stderr


def test_migrating_and_seeding_twice_changes_nothing(command: Command, tmp_path: Path) -> None:
    password_file = tmp_path / "password"
    for _ in range(2):
        assert command("migrate").returncode == 0
        assert command("seed", "--password-file", str(password_file)).returncode == 0
    assert stat.S_IMODE(password_file.stat().st_mode) == 0o600
    assert len(password_file.read_text()) >= 12


def test_the_doctor_names_what_is_wrong_and_fails(
    command: Command, installation: Installation
) -> None:
    assert command("migrate").returncode == 0
    done = command("doctor")
    lines = done.stdout.splitlines()
    assert done.returncode == FAILED
    assert any(line.startswith("FAIL  processes:") for line in lines), "nothing runs"
    for part in ("database", "schema", "web role", "broker", "clock", "audit trail"):
        assert any(line.startswith(f"ok    {part}:") for line in lines), (part, lines)
    installation.broker.stop()
    done = command("doctor")
    installation.broker.start()
    assert "FAIL  broker: Nothing answers at the broker's address." in done.stdout
