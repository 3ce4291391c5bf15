"""What the web room is handed at the start: settings, database, clock and the corridor."""

from dataclasses import dataclass

from sqlalchemy import Engine

from supervision.core.clock import Clock
from supervision.core.settings import Settings
from supervision.monitor import Monitor


@dataclass(frozen=True)
class WebRuntime:
    """Everything a request may use that outlives it.

    Attributes:
        settings: The installation's choices.
        engine: Under the web role, so that row-level security applies.
        clock: The time.
        monitor: The use cases that cross rooms.
    """

    settings: Settings
    engine: Engine
    clock: Clock
    monitor: Monitor
