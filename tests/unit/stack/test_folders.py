"""Who may hold, read and reach the folders of the private servers."""

import os
from pathlib import Path

import pytest

from supervision.core.errors import Unavailable
from supervision.stack.folders import (
    claimed,
    make_folder,
    require_way_in,
    socket_folder,
    state_folder,
    write_file,
)
from supervision.stack.launch import Account

OURSELVES = Account("ourselves", os.geteuid(), os.getegid(), is_other=False)
OTHER = Account("other", os.geteuid(), os.getegid(), is_other=True)
KERNEL_LIMIT = 107


def test_a_second_run_is_turned_away_and_the_next_is_not(tmp_path: Path) -> None:
    held = pytest.raises(Unavailable, match="running already")
    with claimed(tmp_path), held, claimed(tmp_path):
        pass
    with claimed(tmp_path):
        pass


def test_the_state_folder_is_where_it_is_told_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPERVISION_STATE_DIR", str(tmp_path / "a" / "b"))
    assert state_folder() == tmp_path / "a" / "b"
    assert state_folder().is_dir()


def test_a_users_state_folder_is_in_his_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SUPERVISION_STATE_DIR", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert state_folder() == tmp_path / ".local/state/supervision"


def test_a_written_file_is_never_wider_than_asked(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("old")
    file.chmod(0o666)
    write_file(file, "new", 0o600)
    assert (file.read_text(), file.stat().st_mode & 0o777) == ("new", 0o600)
    assert list(tmp_path.iterdir()) == [file]


def test_a_write_that_was_cut_short_does_not_stop_the_next(tmp_path: Path) -> None:
    (tmp_path / ".secret.new").write_text("half")
    write_file(tmp_path / "secret", "whole", 0o600)
    assert (tmp_path / "secret").read_text() == "whole"


@pytest.mark.parametrize("depth", [0, 40, 60, 80, 200])
def test_a_socket_fits_the_kernels_limit_however_deep_the_folder(
    stack_folder: Path, depth: int
) -> None:
    home = stack_folder / f"deep-{depth}" / ("d" * depth)
    home.mkdir(parents=True)
    sockets = socket_folder(home, OURSELVES)
    assert len(str(sockets / ".s.PGSQL.5432.lock")) <= KERNEL_LIMIT
    assert socket_folder(home, OURSELVES) == sockets
    if sockets.parent != home:
        sockets.rmdir()
        assert socket_folder(home, OURSELVES).is_dir()
        socket_folder(home, OURSELVES).rmdir()


def test_a_closed_folder_on_the_way_is_named(tmp_path: Path) -> None:
    closed = make_folder(tmp_path / "closed", 0o700)
    tmp_path.chmod(0o755)
    with pytest.raises(Unavailable, match="is closed to the account other"):
        require_way_in(closed / "below", OTHER)


def test_our_own_account_needs_no_way_in(tmp_path: Path) -> None:
    require_way_in(make_folder(tmp_path / "closed", 0o700) / "below", OURSELVES)
