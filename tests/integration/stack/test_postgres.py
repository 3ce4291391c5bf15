"""The private database: it survives what machines do to it, and lets in only whom it should."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psutil
import psycopg2
import pytest

from supervision.core.errors import Unavailable
from supervision.stack.postgres import PrivatePostgres
from supervision.stack.postgres_config import ROLES

WAIT_S = 30.0
NUMBERS = count(1)


@pytest.fixture
def cluster(stack_folder: Path) -> Iterator[PrivatePostgres]:
    """A cluster for one test alone, which may kill it."""
    folder = stack_folder / f"cluster-{next(NUMBERS)}"
    with PrivatePostgres(folder, is_throwaway=True) as server:
        yield server


def ask(url: str, question: str) -> object:
    connection = psycopg2.connect(url.replace("+psycopg2", ""))
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            row = cursor.fetchone()
            return row[0] if row else None
    finally:
        connection.close()


def postmaster(server: PrivatePostgres) -> psutil.Process:
    note = server.log.parent / "data" / "postmaster.pid"
    return psutil.Process(int(note.read_text().splitlines()[0]))


def test_every_role_enters_as_itself_and_none_is_above_row_security(
    postgres: PrivatePostgres, blank_database: str
) -> None:
    for role in ROLES:
        url = postgres.url(role, blank_database)
        assert ask(url, "SELECT current_user") == role
        question = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        assert ask(url, question) is False


def test_only_the_owner_may_make_tables(postgres: PrivatePostgres, blank_database: str) -> None:
    question = "SELECT has_schema_privilege('public', 'CREATE')"
    urls = postgres.urls(blank_database)
    answers = [ask(url, question) for url in (urls.owner_url, urls.engine_url, urls.web_url)]
    assert answers == [True, False, False]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can try as another account")
def test_another_account_of_the_machine_is_refused(
    postgres: PrivatePostgres, blank_database: str
) -> None:
    url = postgres.url("supervision_web", blank_database).replace("+psycopg2", "")
    tried = subprocess.run(
        ["setpriv", "--reuid", "daemon", "--clear-groups", "/usr/bin/psql", url, "-c", "SELECT 1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert tried.returncode != 0
    assert "Peer authentication failed" in tried.stderr


def test_it_listens_on_no_network(postgres: PrivatePostgres) -> None:
    held = postmaster(postgres).net_connections("all")
    assert {each.family for each in held} == {socket.AF_UNIX}


def test_a_clone_has_what_its_template_had_and_shares_nothing(cluster: PrivatePostgres) -> None:
    cluster.create_database("template")
    owner = cluster.url("supervision_owner", "template")
    ask(owner, "CREATE TABLE kept AS SELECT ST_Point(1, 2) AS place; COMMIT; SELECT 1")
    for name in ("one", "two"):
        cluster.create_database(name, template="template")
    one, two = (cluster.url("supervision_owner", name) for name in ("one", "two"))
    ask(one, "DELETE FROM kept; COMMIT; SELECT 1")
    assert ask(two, "SELECT ST_X(place) FROM kept") == 1.0
    cluster.drop_database("one")
    with pytest.raises(psycopg2.OperationalError, match="does not exist"):
        ask(one, "SELECT 1")


def test_a_second_start_finds_the_running_server(cluster: PrivatePostgres) -> None:
    first = postmaster(cluster)
    with PrivatePostgres(cluster.log.parent, is_throwaway=True) as second:
        assert postmaster(second) == first
    assert first.is_running()


def test_after_kill_it_starts_again_with_its_data(cluster: PrivatePostgres) -> None:
    cluster.create_database("kept")
    postmaster(cluster).kill()
    cluster.start()
    assert ask(cluster.url("supervision_owner", "kept"), "SELECT 1") == 1


def test_a_pid_file_that_names_a_stranger_is_stale(cluster: PrivatePostgres) -> None:
    cluster.stop()
    note = cluster.log.parent / "data" / "postmaster.pid"
    note.write_text(f"{os.getpid()}\n{note.parent}\n0\n5432\n\n\n\nready\n")
    assert not cluster.is_running
    cluster.start()
    assert postmaster(cluster).pid != os.getpid()


def test_an_initdb_cut_short_is_begun_anew(stack_folder: Path) -> None:
    folder = stack_folder / "cut-short"
    (folder / "data.new").mkdir(parents=True)
    (folder / "data.new" / "PG_VERSION").write_text("15\n")
    with PrivatePostgres(folder, is_throwaway=True) as server:
        assert server.is_running


def test_a_deep_folder_gets_a_short_socket_and_keeps_it(stack_folder: Path) -> None:
    folder = stack_folder / ("d" * 60) / ("e" * 60)
    with PrivatePostgres(folder, is_throwaway=True) as server:
        url = server.url("supervision_owner", "postgres")
        assert ask(url, "SELECT 1") == 1
        assert PrivatePostgres(folder).url("supervision_owner", "postgres") == url
    Path((folder / "socket-folder").read_text()).rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="else the server runs as ourselves and may enter")
def test_a_folder_the_servers_account_cannot_reach_is_named(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(Unavailable, match="is closed to the account postgres"):
        PrivatePostgres(closed / "postgres").start()


def test_no_statement_value_reaches_the_log(postgres: PrivatePostgres, blank_database: str) -> None:
    url = postgres.url("supervision_owner", blank_database)
    with pytest.raises(psycopg2.Error):
        ask(url, "SELECT 'secret-place'::int")
    with pytest.raises(psycopg2.Error):
        ask(url, "CREATE TABLE t (a int PRIMARY KEY); INSERT INTO t VALUES (424242), (424242)")
    log = postgres.log.read_text()
    assert "duplicate key" in log
    assert "424242" not in log
    assert "CREATE TABLE" not in log


def test_the_server_ends_with_the_process_that_started_it(stack_folder: Path) -> None:
    folder = stack_folder / "orphan"
    script = (
        "import sys; from pathlib import Path\n"
        "from supervision.stack.postgres import PrivatePostgres\n"
        "PrivatePostgres(Path(sys.argv[1]), is_throwaway=True).start()\n"
        "print('up', flush=True); sys.stdin.read()\n"
    )
    starter = subprocess.Popen(
        [sys.executable, "-c", script, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    )
    with starter:
        assert starter.stdout
        assert starter.stdout.readline() == b"up\n"
        server = postmaster(PrivatePostgres(folder))
        starter.send_signal(signal.SIGKILL)
    gone, _ = psutil.wait_procs([server], timeout=WAIT_S)
    assert gone
