"""`supervision zones preview` as its users meet it."""

import json
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from supervision.__main__ import main
from supervision.bootstrap import build_monitor
from supervision.core.clock import system_clock
from supervision.core.db import make_engine, migrate, transaction
from supervision.core.fixes import Decoded
from supervision.stack.installation import Installation
from tests import factories
from tests.harness import a_fix, circle

USAGE, DOWN = 2, 3
LON, LAT = -104.98, 39.74
CASE = "26-PREVIEW-1"


@pytest.fixture(scope="module")
def engine(installation: Installation) -> Iterator[Engine]:
    """A migrated installation with one person who was in the place for two minutes today."""
    settings = installation.settings()
    migrate(settings.owner_database_url.get_secret_value())
    made = make_engine(settings.engine_database_url.get_secret_value())
    now = system_clock()
    with transaction(made) as session:
        officer = factories.an_officer(session, factories.a_agency(session))
        person = factories.a_supervisee(session, officer, case_number=CASE)
        device = factories.a_device(session, officer.agency_id, uid="tracker")
        factories.an_assignment(session, device, person)
    easts = [0.03, 0.0, 0.0, 0.03, 0.03]
    fixes = [
        a_fix("tracker", now - timedelta(minutes=30 - minute), LON + east, LAT)
        for minute, east in enumerate(easts)
    ]
    build_monitor(settings, made, system_clock).on_messages(Decoded(fixes, [], [], []))
    yield made
    made.dispose()


@pytest.fixture
def drawing(tmp_path: Path) -> Path:
    return written(tmp_path / "zone.geojson", circle(LON, LAT, 250))


def written(file: Path, data: object) -> Path:
    file.write_text(json.dumps(data), encoding="utf-8")
    return file


class Ran:
    """What a command printed, and with which code it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def run(
    installation: Installation,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Any:
    """Runs `supervision zones preview` in this process, against that installation."""
    for name, value in installation.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SUPERVISION_STATE_DIR", str(installation.folder))
    monkeypatch.setenv("COLUMNS", "120")

    def preview(*arguments: object) -> Ran:
        command = ["supervision", "zones", "preview", *map(str, arguments)]
        monkeypatch.setattr(sys, "argv", command)
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        code = ended.value.code
        return Ran(code if isinstance(code, int) else 0, said.out, said.err)

    return preview


def person_id(engine: Engine) -> int:
    with transaction(engine) as session:
        return int(
            session.execute(
                text("SELECT id FROM supervisee WHERE case_number = :case"), {"case": CASE}
            ).scalar_one()
        )


def test_it_prints_numbers_stays_and_warnings_and_no_place(
    engine: Engine, run: Any, drawing: Path
) -> None:
    done = run("--person", CASE, "--drawing", drawing, "--warning-m", 400)
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0].startswith("replayed    5 fixes, from ")
    assert any(
        line.startswith("alerts      1, 1.00 a day: stays 1, approaches 0") for line in lines
    )
    assert any("confirmed  fix" in line for line in lines)
    assert any(line.startswith("warning     few_fixes: ") for line in lines)
    for secret in ("104.9", "39.7", "Supervisee"):
        assert secret not in done.out
    with transaction(engine) as session:
        entries = session.execute(
            text(
                "SELECT actor, tag, subject FROM audit_entry WHERE tag LIKE '%ed' ORDER BY id DESC"
            )
        ).all()
    subject = f"supervisee:{person_id(engine)}"
    assert [tuple(one) for one in entries[:2]] == [
        ("system", "positions:viewed", subject),
        ("system", "zone:previewed", subject),
    ]


def test_as_json_it_says_what_the_api_says(engine: Engine, run: Any, drawing: Path) -> None:
    done = run("--person", person_id(engine), "--drawing", drawing, "--days", 1, "--json")
    assert done.code == 0
    found = json.loads(done.out)
    assert (found["alerts"], found["fixes"]["replayed"]) == (1, 5)
    assert found["nights"].keys() == {"days", "inside", "in_ring"}
    assert {"code", "sentence"} == found["warnings"][0].keys()


@pytest.mark.usefixtures("engine")
def test_kind_and_schedule_are_taken(run: Any, drawing: Path, tmp_path: Path) -> None:
    window = {"rrule": "FREQ=YEARLY", "starts_on": "2199-01-01", "begins": "01:00", "ends": "02:00"}
    never = written(tmp_path / "never.json", {"windows": [window]})
    asked = ("--person", CASE, "--drawing", drawing, "--json")
    assert json.loads(run(*asked, "--schedule", never).out)["fixes"]["judged"] == 0
    assert len(json.loads(run(*asked, "--kind", "inclusion").out)["stays"]) == 2


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "supervision: There is no file zone.geojson.\n"),
        ("{", "supervision: zone.geojson cannot be read as JSON.\n"),
        ("\xff", "supervision: zone.geojson cannot be read as JSON.\n"),
        ("[1]", "supervision: zone.geojson holds no JSON object.\n"),
        ("{}", None),
        ('{"type": "Point", "coordinates": [-104.98, 39.74]}', None),
    ],
)
def test_a_wrong_file_is_one_line_and_exit_code_2(
    run: Any, tmp_path: Path, content: str | None, said: str | None
) -> None:
    file = tmp_path / "zone.geojson"
    if content is not None:
        file.write_text(content, encoding="latin-1")
    done = run("--person", CASE, "--drawing", file)
    assert done.code == USAGE
    assert done.err.startswith("supervision: ")
    assert done.err.count("\n") == 1
    assert said in {None, done.err}
    assert "39.7" not in done.err
    assert done.out == ""


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("who", ["nobody", "0", "9" * 30, "99999", ""])
def test_nobody_of_that_name_is_one_line_and_exit_code_2(run: Any, drawing: Path, who: str) -> None:
    done = run("--person", who, "--drawing", drawing)
    assert (done.code, done.out) == (USAGE, "")
    assert done.err == "supervision: There is nobody of this case number or id.\n"


def test_a_case_number_of_two_agencies_must_be_told_apart(
    engine: Engine, run: Any, drawing: Path
) -> None:
    with transaction(engine) as session:
        for _ in range(2):
            officer = factories.an_officer(session, factories.a_agency(session))
            factories.a_supervisee(session, officer, case_number="shared")
    done = run("--person", "shared", "--drawing", drawing)
    assert done.code == USAGE
    assert "give the person's id" in done.err


def test_a_database_that_is_away_is_exit_code_3(
    run: Any, drawing: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = f"postgresql+psycopg2://supervision_engine@/supervision?host={tmp_path}"
    monkeypatch.setenv("SUPERVISION_ENGINE_DATABASE_URL", url)
    done = run("--person", CASE, "--drawing", drawing)
    assert (done.code, done.err) == (DOWN, "supervision: The database cannot be reached.\n")
