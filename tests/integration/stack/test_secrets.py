"""An installation's passwords: made once, and fit for what reads them."""

import subprocess
from pathlib import Path

import pytest
from sqlalchemy import make_url

from supervision.core.settings import load_settings
from supervision.stack.broker_accounts import BrokerAccounts
from supervision.stack.postgres_config import ROLES, SUPERUSER
from supervision.stack.postgres_server import PostgresServer
from supervision.stack.secrets import make_secrets


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def psql(*options: str) -> str:
    argv = ["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", *options]
    return subprocess.run(argv, check=True, timeout=60, capture_output=True, text=True).stdout


def test_every_part_finds_its_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_secrets(tmp_path, is_demonstration=True)
    accounts = BrokerAccounts(tmp_path / "broker")
    monkeypatch.setenv("SUPERVISION_SECRETS_DIR", str(tmp_path / "app"))
    settings = load_settings()
    url = make_url(settings.web_database_url.get_secret_value())
    assert (url.username, url.host, url.database) == ("supervision_web", "db", "supervision")
    assert settings.broker_password
    assert settings.broker_password.get_secret_value() == accounts.password("ingest")
    monkeypatch.setenv("SUPERVISION_SECRETS_DIR", str(tmp_path / "simulate"))
    simulator_password = load_settings().simulator_password
    assert simulator_password
    assert simulator_password.get_secret_value() == accounts.password("simulator")


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    make_secrets(tmp_path)
    first = contents(tmp_path)
    make_secrets(tmp_path)
    assert contents(tmp_path) == first


def test_one_cut_short_is_made_whole(tmp_path: Path) -> None:
    make_secrets(tmp_path)
    (tmp_path / "app" / "complete").unlink()
    make_secrets(tmp_path)
    statements = (tmp_path / "db" / "roles.sql").read_text()
    for role in ROLES:
        url = make_url((tmp_path / "app" / f"{role}_database_url").read_text())
        assert f"{role} LOGIN" in statements
        assert str(url.password) in statements


def test_two_installations_share_no_password(tmp_path: Path) -> None:
    words = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        make_secrets(folder)
        words.append({file.read_bytes() for file in (folder / "app").glob("supervision_*")})
    assert not words[0] & words[1]


def test_only_a_demonstration_lets_the_simulator_speak(tmp_path: Path) -> None:
    acl = tmp_path / "broker" / "acl"
    make_secrets(tmp_path, is_demonstration=True)
    assert "user simulator" in acl.read_text()
    make_secrets(tmp_path, is_demonstration=False)
    assert "user simulator" not in acl.read_text()


def test_nothing_of_the_parts_or_the_broker_is_open_to_others(tmp_path: Path) -> None:
    make_secrets(tmp_path)
    for name in ("app", "simulate", "broker"):
        files = [file for file in (tmp_path / name).rglob("*") if file.is_file()]
        assert files
        assert {file.stat().st_mode & 0o007 for file in files if file.name != ".lock"} == {0}


def test_a_new_database_takes_the_roles_as_written(stack_folder: Path) -> None:
    make_secrets(stack_folder)
    server = PostgresServer(stack_folder / "from-image", is_throwaway=True)
    server.start()
    host = ["-h", str(server.sockets())]
    try:
        psql("-U", SUPERUSER, *host, "-d", "postgres", "-f", str(stack_folder / "db/roles.sql"))
        question = "SELECT current_user, ST_X(ST_Point(1, 2))"
        answer = psql("-U", "supervision_web", *host, "-d", "supervision", "-c", question)
    finally:
        server.stop()
    assert answer == "supervision_web|1\n"
