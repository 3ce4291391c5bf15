"""Which check-ins stand on which of the officer's three lists, said once for API and console.

Each is a condition on `checkin c` at the instant `:now`. By the time alone: one whose window has
begun counts as open, and one whose grace is over as missed, whether a scheduler has come by or not.
"""

from datetime import timedelta

from supervision.checkins.rules import CALLED, CLOSING_SOON, Need

_CALLED = ", ".join(f"'{method}'" for method in CALLED)
_SOON_MINUTES = CLOSING_SOON // timedelta(minutes=1)

STANDING = (
    "CASE WHEN c.state IN ('scheduled', 'open') AND c.missed_at <= :now THEN 'missed'"
    " WHEN c.state = 'scheduled' AND c.opens_at <= :now THEN 'open' ELSE c.state END"
)
ATTEMPTS = (
    "(SELECT count(*) FROM checkin_event e WHERE e.checkin_id = c.id AND e.kind = 'attempted')"
)
# Calls are the officer's to make; once he has tried, the next move is not his alone.
CLOSING = (
    "(c.state IN ('scheduled', 'open') AND c.opens_at <= :now AND c.missed_at > :now"
    f" AND c.closes_at <= :now + interval '{_SOON_MINUTES} minutes' AND c.method IN ({_CALLED})"
    " AND NOT EXISTS (SELECT FROM checkin_event e WHERE e.checkin_id = c.id"
    "  AND e.kind = 'attempted'))"
)
_UNTOLD = "(c.state IN ('scheduled', 'open') AND c.missed_at <= :now)"
# Word for word as the index `ix_checkin_attention` has it. What comes after a look needs another.
_UNSEEN = (
    "c.state = 'submitted'"
    " OR (c.state = 'missed' AND c.reviewed_at IS NULL)"
    " OR (c.state = 'missed' AND c.submitted_at > c.reviewed_at)"
    " OR (c.state = 'missed' AND c.call_asked_at > c.reviewed_at)"
    " OR (c.state = 'open' AND c.call_asked_at IS NOT NULL)"
)

NEEDS = {
    Need.ATTENTION: f"({_UNSEEN} OR {_UNTOLD} OR {CLOSING})",
    Need.AWAITING: "(c.state IN ('scheduled', 'open') AND c.missed_at > :now)",
    # One that was cancelled ahead appears when its time comes.
    Need.REVIEWED: (
        "(c.opens_at <= :now AND (c.state IN ('attended', 'reviewed', 'excused', 'cancelled')"
        " OR (c.state = 'missed' AND c.reviewed_at IS NOT NULL"
        "  AND (c.submitted_at > c.reviewed_at) IS NOT TRUE"
        "  AND (c.call_asked_at > c.reviewed_at) IS NOT TRUE)))"
    ),
}
"""The condition of each list. Whatever has begun stands on one of them; an open check-in that needs
the officer is still awaited, and stands on two."""

# By two small indexes instead of a look at every check-in there ever was; `c` is another in here.
_MAYBE = (
    f"SELECT c.id FROM checkin c WHERE {_UNSEEN} UNION ALL"
    " SELECT c.id FROM checkin c WHERE c.state IN ('scheduled', 'open') AND c.opens_at <= :now"
)
FOUND = NEEDS | {Need.ATTENTION: f"(c.id IN ({_MAYBE}) AND {NEEDS[Need.ATTENTION]})"}
"""The same for finding those of a list among all."""
