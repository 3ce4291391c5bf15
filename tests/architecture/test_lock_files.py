"""What is committed names no registry's host and no folder of the machine it was written on."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

REGISTRIES = ("pypi", "pythonhosted", "npmjs", "yarnpkg", "pkg.dev", "jfrog", "unpkg", "jsdelivr")
FOLDERS = ("work", "farm", "root", "opt/pypi", "opt/pypi-more", "opt/wheels")
REGISTRY = re.compile("|".join(rf"//[^/\s\"']*{re.escape(name)}" for name in REGISTRIES))
ANY_URL = re.compile(r"\b(?:https?|file|git\+\w+)://", re.IGNORECASE)
MACHINE_PATH = re.compile(rf"(?<![\w.~])/(?:{'|'.join(FOLDERS)})/[\w.]")
LOCK_FILES = sorted({*ROOT.glob("*.lock"), *ROOT.glob("*-lock.json"), *ROOT.glob("*.npmrc")})
needs_git = pytest.mark.skipif(
    not (shutil.which("git") and (ROOT / ".git").exists()), reason="only git knows what is ours"
)


def committed_files() -> list[Path]:
    """Tracked files, and new ones that nobody ignores."""
    listed = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-z", "-co", "--exclude-standard"],
        capture_output=True,
        text=True,
        check=True,
    )
    files = (ROOT / name for name in listed.stdout.split("\0") if name)
    return [file for file in files if file.is_file()]


def lines_with(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    found = []
    for file in files:
        content = file.read_bytes()
        if b"\0" in content:
            continue
        lines = content.decode(errors="replace").splitlines()
        found += [
            f"{file.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
            for number, line in enumerate(lines, 1)
            if pattern.search(line)
        ]
    return found


def test_the_lock_files_are_there() -> None:
    names = {file.name for file in LOCK_FILES}
    assert names >= {
        "requirements.lock",
        "requirements-dev.lock",
        "requirements-assets.lock",
        "package-lock.json",
    }


@pytest.mark.parametrize("file", LOCK_FILES, ids=lambda file: file.name)
def test_a_lock_file_has_no_url_at_all(file: Path) -> None:
    assert lines_with(ANY_URL, [file]) == []


@pytest.mark.parametrize(
    "file", sorted(ROOT.glob("requirements*.lock")), ids=lambda file: file.name
)
def test_every_python_package_is_pinned_and_has_its_hash(file: Path) -> None:
    entries = file.read_text().replace("\\\n", "").splitlines()
    assert entries
    unlocked = [each for each in entries if not re.match(r"\S+==\S+ .*--hash=sha256:\w{64}", each)]
    assert unlocked == []


def test_what_a_run_needs_is_the_same_in_tests() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^\S+==\S+", (ROOT / name).read_text(), re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


@needs_git
def test_no_committed_file_names_a_registry() -> None:
    assert lines_with(REGISTRY, committed_files()) == []


@needs_git
def test_no_committed_file_names_a_folder_of_this_machine() -> None:
    assert lines_with(MACHINE_PATH, committed_files()) == []


@pytest.mark.parametrize("name", REGISTRIES)
def test_a_registry_would_be_found(name: str) -> None:
    for line in (f'"resolved": "https://registry.{name}.org/x"', f"-i https://me:word@{name}/x"):
        assert ANY_URL.search(line)
        assert REGISTRY.search(line)


@pytest.mark.parametrize("name", FOLDERS)
def test_a_machines_folder_would_be_found(name: str) -> None:
    for line in (f"see /{name}/x", f"'/{name}/x'", f"file:///{name}/x"):
        assert MACHINE_PATH.search(line)


@pytest.mark.parametrize("line", ["patchwork/x", "~/root/x", "the work/rest", "cd /root"])
def test_an_innocent_path_is_not_mistaken(line: str) -> None:
    assert not MACHINE_PATH.search(line)
