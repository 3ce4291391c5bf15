"""The house rules that a linter does not know, each by itself, so that the one broken is named."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from supervision.core.settings import Settings

ROOT = Path(__file__).parents[2]
PACKAGES = ("alerts", "geofence", "ingest", "supervision")
FILES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
NAMES = [str(path.relative_to(ROOT)) for path in FILES]
TREES = {name: ast.parse(path.read_text()) for name, path in zip(NAMES, FILES, strict=True)}

FILE_LINES_MOST = 300
FUNCTION_LINES_MOST = 40

MAY_CATCH_ANYTHING = {
    ("ingest/mqtt.py", "loop_forever"): "paho's thread would die unnoticed; the worker raises it",
    ("ingest/worker.py", "_store"): "one bad message may not keep the others from being stored",
    ("ingest/worker.py", "_set_aside"): "the error's words quote the row, which no log may hold",
    ("supervision/web/security.py", "__call__"): "the last edge: an id outside, no words in logs",
}
MAY_COMMIT = {
    "supervision/migrations/env.py": "alembic's own transactions, under the schema's owner",
}

UNITS = ("_m", "_s", "_ms", "_us", "_mps", "_deg", "_pct", "_rad", "_m2", "_mb", "_share", "_nats")
COORDINATES = {"lon", "lat"}
WITHOUT_A_UNIT = {
    "hdop": "a ratio",
    "share": "a ratio",
    "speedup": "a ratio",
    "sigma": "of a lognormal distribution: a ratio",
    "chance": "a ratio",
    "drop": "a share of messages",
    "duplicate": "a share of messages",
    "reorder": "a share of messages",
    "malformed": "a share of messages",
    "t": "the MQTT contract's own word for seconds since 1970",
    "seconds": "the unit itself",
    "days": "the unit itself",
    "alerts_per_day": "the unit itself",
    "alerts_per_10_min": "the unit itself",
    "timeout": "paho's own parameter",
    "low": "a bound of any quantity",
    "high": "a bound of any quantity",
    "value": "any quantity",
    "number": "any quantity",
    "turn": "degrees of longitude, whole turns",
    "reference": "degrees of longitude",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.AST) -> Iterator[Function]:
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node


def lines_of(function: Function) -> int:
    """How long it is without its signature and docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_the_rooms_keep_their_doors() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run(
        [lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout


def test_the_packages_are_all_looked_at() -> None:
    assert {name.split("/")[0] for name in NAMES} == set(PACKAGES)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_fits_into_one_head(name: str) -> None:
    assert len((ROOT / name).read_text().splitlines()) <= FILE_LINES_MOST
    long = {one.name: lines_of(one) for one in functions(TREES[name])}
    assert {one: lines for one, lines in long.items() if lines > FUNCTION_LINES_MOST} == {}


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "util", "helpers", "helper", "misc", "common"}
    assert [name for name in NAMES if drawers & set(Path(name).with_suffix("").parts)] == []


def test_only_the_database_door_commits() -> None:
    commits = {
        name
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    }
    assert commits <= {"supervision/core/db.py", *MAY_COMMIT}


def is_anything(caught: ast.expr | None) -> bool:
    names = ast.walk(caught) if caught is not None else [ast.Name("Exception")]
    return any(
        isinstance(one, ast.Name) and one.id in {"Exception", "BaseException"} for one in names
    )


def test_anything_is_caught_only_at_the_edges_that_must_go_on() -> None:
    caught = {
        (name, function.name)
        for name, tree in TREES.items()
        for function in functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.ExceptHandler) and is_anything(node.type)
    }
    assert caught == set(MAY_CATCH_ANYTHING)


def test_nothing_is_suppressed_wholesale() -> None:
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress"):
                assert not any(is_anything(argument) for argument in node.args), name


def is_float(annotation: ast.expr | None) -> bool:
    """A float, or a float that may be missing."""
    return annotation is not None and ast.unparse(annotation) in {"float", "float | None"}


def floats(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and is_float(node.annotation):
            yield node.arg
        if isinstance(node, ast.ClassDef):
            for field in node.body:
                if isinstance(field, ast.AnnAssign) and is_float(field.annotation):
                    yield ast.unparse(field.target)


def test_every_float_says_its_unit() -> None:
    known = COORDINATES | WITHOUT_A_UNIT.keys()
    wrong = {
        (name, one)
        for name, tree in TREES.items()
        for one in floats(tree)
        if one not in known and not one.endswith(UNITS)
    }
    assert wrong == set()


def test_no_excuse_is_left_over() -> None:
    used = {one for tree in TREES.values() for one in floats(tree)}
    assert WITHOUT_A_UNIT.keys() <= used


def documented() -> dict[str, tuple[str, str]]:
    """The unit and default that docs/settings.md gives for each variable."""
    rows = {}
    for line in (ROOT / "docs" / "settings.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `SUPERVISION_"):
            rows[cells[0].strip("`")] = (cells[1], cells[2])
    return rows


def default_of(field: FieldInfo) -> str:
    if field.default is PydanticUndefined:
        return "required"
    if field.default is None:
        return "none"
    return str(field.default).lower() if isinstance(field.default, bool) else str(field.default)


UNIT_WORDS = {
    "_s": "seconds",
    "_ms": "milliseconds",
    "_minutes": "minutes",
    "_hours": "hours",
    "_days": "days",
    "_bytes": "bytes",
}


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_a_setting_is_documented_with_its_unit_and_default(name: str) -> None:
    unit, default = documented()[f"SUPERVISION_{name.upper()}"]
    assert default == default_of(Settings.model_fields[name])
    for ending, word in UNIT_WORDS.items():
        if name.endswith(ending):
            assert unit == word


def test_no_setting_is_documented_that_is_none() -> None:
    assert documented().keys() == {f"SUPERVISION_{name.upper()}" for name in Settings.model_fields}


def test_a_secret_has_no_default() -> None:
    secrets = [f for f in Settings.model_fields.values() if "SecretStr" in str(f.annotation)]
    assert secrets
    assert all(field.default in (PydanticUndefined, None) for field in secrets)
