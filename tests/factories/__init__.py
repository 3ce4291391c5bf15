"""Rows for tests: each with defaults for everything, overridden by keyword.

They write through a session under the engine role and belong to the agency that is given (or to
that of the row they hang on); the caller commits. Every officer's password is PASSWORD.
"""

from tests.factories.checkins import a_checkin_at, a_submission
from tests.factories.monitor import (
    a_dispatch_link,
    a_drill,
    a_position,
    a_rejected_message,
    a_set_member,
    a_shelf,
    a_zone,
    a_zone_set,
    an_alert,
    an_exception,
    set_zone,
)
from tests.factories.register import (
    PASSWORD,
    a_agency,
    a_clause,
    a_device,
    a_holiday,
    a_protected_person,
    a_supervisee,
    a_waiver,
    an_assignment,
    an_officer,
    an_order,
)
from tests.factories.rows import LONG_AGO, NOW

__all__ = [
    "LONG_AGO",
    "NOW",
    "PASSWORD",
    "a_agency",
    "a_checkin_at",
    "a_clause",
    "a_device",
    "a_dispatch_link",
    "a_drill",
    "a_holiday",
    "a_position",
    "a_protected_person",
    "a_rejected_message",
    "a_set_member",
    "a_shelf",
    "a_submission",
    "a_supervisee",
    "a_waiver",
    "a_zone",
    "a_zone_set",
    "an_alert",
    "an_assignment",
    "an_exception",
    "an_officer",
    "an_order",
    "set_zone",
]
