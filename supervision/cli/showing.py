"""Shows on the terminal what a running system does: when it is up, and each new alert."""

import json
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

from sqlalchemy import text

from supervision.core.db import make_engine, transaction
from supervision.core.errors import Unavailable
from supervision.core.settings import Settings

LOOK_EVERY_S = 1.0
UP_WITHIN_S = 60


def wait_until_up(settings: Settings, names: set[str]) -> None:
    """Return once every process of these names is heard, and none is stalled.

    Raises:
        Unavailable: They are not up within a minute; their logs say why.
    """
    url = f"http://{settings.web_host}:{settings.web_port}/healthz"
    pause = threading.Event()
    for _ in range(UP_WITHIN_S * 5):
        if _is_up(url, names):
            return
        pause.wait(0.2)
    message = "The system does not come up; look at the logs in the state folder."
    raise Unavailable(message)


def _is_up(url: str, names: set[str]) -> bool:
    try:
        with urlopen(url, timeout=2) as answer:  # noqa: S310 -- our own address
            heard = {process["name"] for process in json.load(answer)["processes"]}
            return names <= heard
    except (URLError, OSError):
        return False


class Showing:
    """Watches the database from a thread of its own and says what is new, in ids and counts."""

    def __init__(self, settings: Settings, say: Callable[[str], None]) -> None:
        self._engine = make_engine(settings.engine_database_url.get_secret_value(), 1)
        self._say = say
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="showing", daemon=True)

    def __enter__(self) -> Self:
        """Begin to show alerts."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop watching."""
        self._over.set()
        self._thread.join()
        self._engine.dispose()

    def _watch(self) -> None:
        last_id = self._latest_alert_id()
        while not self._over.wait(LOOK_EVERY_S):
            with transaction(self._engine) as session:
                rows = session.execute(_ALERTS, {"last": last_id}).all()
            for row in rows:
                what = "drill" if row.is_drill else "alert"
                self._say(f"{what} {row.id:<4} {row.severity:<9} {row.kind.replace('_', ' ')}")
                last_id = row.id

    def _latest_alert_id(self) -> int:
        with transaction(self._engine) as session:
            return int(session.execute(text("SELECT coalesce(max(id), 0) FROM alert")).scalar_one())


_ALERTS = text(
    "SELECT id, severity, kind, drill_id IS NOT NULL AS is_drill FROM alert WHERE id > :last"
    " ORDER BY id"
)
