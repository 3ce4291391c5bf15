"""On which local dates something recurs, and when clocks show a time: for zones and check-ins."""

from supervision.core.recurrence.parts import read_parts
from supervision.core.recurrence.rule import LAST_YEAR, Recurrence, read_recurrence
from supervision.core.recurrence.wall_clock import clock_rules, instants_us, read_time_zone

__all__ = [
    "LAST_YEAR",
    "Recurrence",
    "clock_rules",
    "instants_us",
    "read_parts",
    "read_recurrence",
    "read_time_zone",
]
