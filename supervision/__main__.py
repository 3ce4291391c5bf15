"""The one command line: `supervision`."""

import sys

from pydantic import ValidationError
from typer import TyperException

from supervision.cli.app import app
from supervision.core.errors import Refused, SupervisionError, Unavailable

FAILED, USAGE, DEPENDENCY_DOWN = 1, 2, 3


def main() -> None:
    """Run the command line; a failure we understand is one line and a code, not a traceback.

    Exit codes: 0 done, 1 failed, 2 asked wrongly, 3 something it needs is down.
    """
    try:
        # None, or the code with which a command ended itself.
        code = app(standalone_mode=False)
    except TyperException as error:
        # Some of its messages list choices below each other; one is empty, after the help.
        _leave(" ".join(error.format_message().split()) or "Say which command.", USAGE)
    except ValidationError as error:
        fields = ", ".join(f"SUPERVISION_{str(item['loc'][0]).upper()}" for item in error.errors())
        _leave(f"Set or correct: {fields}", USAGE)
    except Refused as error:
        _leave(error.message, USAGE)
    except Unavailable as error:
        _leave(error.message, DEPENDENCY_DOWN)
    except SupervisionError as error:
        _leave(error.message, FAILED)
    else:
        sys.exit(code or 0)


def _leave(line: str, code: int) -> None:
    sys.stderr.write(f"supervision: {line}\n")
    sys.exit(code)


if __name__ == "__main__":
    main()
