"""The statements by which the numbers of alerts are read, for the agency and each officer at once.

The agency's own rows are those of no officer.
"""

from sqlalchemy import text

from alerts.rules import Change, Disposition, Handling

# What counts at all, in every number: a drill is about nobody.
_COUNTS = "a.agency_id = :agency AND a.supervisee_id IS NOT NULL"
_IN_SPAN = f"{_COUNTS} AND a.found_at >= :since AND a.found_at < :until"
_DEADLINES = (
    "unnest(CAST(:kinds AS text[]), CAST(:deadlines_s AS integer[])) AS d (kind, deadline_s)"
)
_SEEN = ", ".join(f"'{one}'" for one in (Change.ACKNOWLEDGED, Change.TAKEN_IN_HAND, Change.CLOSED))
_NOT_CLOSED = ", ".join(f"'{one}'" for one in Handling if one is not Handling.CLOSED)
_JUDGED = ", ".join(
    f"count(*) FILTER (WHERE disposition = '{one}') AS {one}" for one in Disposition
)

# One row, in the order of the index: grouped here, each officer's would be looked up one by one.
FOUND = text(
    "SELECT array_agg(officer_id) AS officer_ids, array_agg(found_us) AS found_us FROM"
    " (SELECT a.officer_id, CAST(extract(epoch FROM a.found_at) * 1000000 AS bigint) AS found_us"
    f"  FROM alert a WHERE {_IN_SPAN} ORDER BY a.found_at) AS found"
)
# Seen to: by the history, since an alert that was new again keeps only its last acknowledgement.
HANDLED = text(
    "WITH counted AS (SELECT a.officer_id, a.disposition,"
    "  extract(epoch FROM s.seen_at - a.found_at) AS acknowledge_s,"
    "  extract(epoch FROM a.closed_at - a.found_at) AS close_s,"
    "  coalesce(s.seen_at, :now) > a.found_at + make_interval(secs => d.deadline_s) AS is_overdue"
    f"  FROM alert a JOIN {_DEADLINES} ON d.kind = a.kind"
    "  LEFT JOIN LATERAL (SELECT min(e.at) AS seen_at FROM alert_event e"
    f"   WHERE e.alert_id = a.id AND e.kind IN ({_SEEN})) s ON true WHERE {_IN_SPAN})"
    " SELECT officer_id, count(*) AS alerts, count(acknowledge_s) AS acknowledged,"
    " percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY acknowledge_s) AS acknowledge_s,"
    " count(close_s) AS closed,"
    " percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY close_s) AS close_s,"
    f" count(*) FILTER (WHERE is_overdue) AS overdue, {_JUDGED}"
    " FROM counted GROUP BY GROUPING SETS ((), (officer_id))"
)
SOURCES = text(
    "SELECT * FROM (SELECT a.officer_id, a.kind, a.supervisee_id, count(*) AS alerts,"
    "  row_number() OVER (PARTITION BY a.officer_id"
    "   ORDER BY count(*) DESC, a.supervisee_id, a.kind) AS place"
    f"  FROM alert a WHERE {_IN_SPAN} GROUP BY GROUPING SETS"
    "  ((a.kind, a.supervisee_id), (a.officer_id, a.kind, a.supervisee_id))) AS ranked"
    " WHERE place <= :most ORDER BY officer_id, place"
)
WAITING = text(
    "SELECT a.officer_id, count(*) AS alerts, count(*) FILTER (WHERE a.found_at < :stale) AS stale,"
    " count(*) FILTER (WHERE a.handling = 'new' AND :now > d.deadline_s * interval '1 second'"
    "  + greatest(a.found_at, (SELECT max(e.at) FROM alert_event e"
    "   WHERE e.alert_id = a.id AND e.kind = 'reopened'))) AS overdue"
    f" FROM alert a JOIN {_DEADLINES} ON d.kind = a.kind"
    f" WHERE {_COUNTS} AND a.handling IN ({_NOT_CLOSED})"
    " GROUP BY GROUPING SETS ((), (a.officer_id))"
)
# By the dates of the agency's own clocks.
BY_DATE = text(
    "SELECT CAST(a.found_at AT TIME ZONE :zone AS date) AS found_on, count(*) AS alerts"
    f" FROM alert a WHERE {_IN_SPAN} GROUP BY found_on"
)
