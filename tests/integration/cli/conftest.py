import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from supervision.stack.installation import Installation

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def installation(stack_folder: Path) -> Iterator[Installation]:
    """A private installation as `supervision run` keeps one, its schema not yet made."""
    made = Installation(stack_folder / "installation", is_throwaway=True)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def command(installation: Installation) -> Command:
    """Runs a command of ours against that installation."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "supervision", *arguments],
            env=os.environ
            | installation.environment()
            | {"SUPERVISION_STATE_DIR": str(installation.folder)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run
