"""The questions put to the database about clauses of orders and what covers them."""

from sqlalchemy import text

from supervision.register.clauses import NEED_A_ZONE

# A version holds until the next one does, and a set for as long as any of its zones. What keeps
# him in a place keeps him from none, so inclusion zones cover nothing.
_COVER = """
WITH zone_span AS NOT MATERIALIZED (
    SELECT z.id, z.order_clause_id, z.zone_set_id,
        greatest(v.armed_at, v.drawn_at) AS begins_at,
        least(v.ends_at, greatest(n.armed_at, n.drawn_at)) AS ends_at
    FROM zone z JOIN zone_version v ON v.zone_id = z.id AND v.shape <> 'retired'
    LEFT JOIN zone_version n ON n.zone_id = v.zone_id AND n.version = v.version + 1
    WHERE z.kind = 'exclusion'
), set_span AS (
    SELECT zone_set_id, unnest(range_agg(tstzrange(begins_at, ends_at))) AS span FROM zone_span
    WHERE zone_set_id IS NOT NULL AND (ends_at IS NULL OR ends_at > begins_at)
    GROUP BY zone_set_id
), cover AS (
    SELECT order_clause_id AS clause_id, 'zone' AS kind, id, begins_at, ends_at
    FROM zone_span WHERE order_clause_id IS NOT NULL
    UNION ALL SELECT m.order_clause_id, 'set', m.zone_set_id,
        greatest(m.begins_at, m.added_at, lower(s.span)), least(m.ends_at, upper(s.span))
    FROM zone_set_member m JOIN set_span s USING (zone_set_id)
    UNION ALL SELECT order_clause_id, 'waiver', id, signed_at, least(ends_at, withdrawn_at)
    FROM clause_waiver
)
"""
_DUTIES = """
SELECT c.id AS clause_id, c.agency_id, c.supervisee_id, c.court_order_id AS order_id,
    c.condition_code, greatest(c.created_at, o.begins_at) AS begins_at, o.ends_at
FROM order_clause c JOIN court_order o ON o.id = c.court_order_id
WHERE {which} ORDER BY c.id
"""
_NEEDED = "c.condition_code = ANY(:codes) AND "
COVERS_OF_FEW = text(
    _COVER + "SELECT * FROM cover WHERE clause_id = ANY(:clauses) ORDER BY kind DESC, id"
)
# One by one through the index is quick for few and slow for many.
COVERS_OF_MANY = text(
    _COVER + "SELECT * FROM cover WHERE clause_id IN (SELECT unnest(CAST(:clauses AS bigint[])))"
    " ORDER BY kind DESC, id"
)
FEW = 500
CODES = sorted(map(str, NEED_A_ZONE))

DUTIES_NAMED = text(_DUTIES.format(which="c.id = ANY(:clauses)"))
DUTIES_OF_ORDERS = text(_DUTIES.format(which="o.id = ANY(:orders)"))
DUTIES_OF_PEOPLE = text(_DUTIES.format(which=_NEEDED + "o.supervisee_id = ANY(:people)"))
_ACTIVE_IN_CASELOAD = (
    "o.begins_at <= :now AND (o.ends_at IS NULL OR o.ends_at > :now)"
    " AND (CAST(:officer AS bigint) IS NULL OR EXISTS (SELECT FROM supervisee s"
    "  WHERE s.id = o.supervisee_id AND s.supervising_officer_id = :officer))"
)
DUTIES_OF_CASELOAD = text(_DUTIES.format(which=_NEEDED + _ACTIVE_IN_CASELOAD))
ORDERS_WITHOUT_CLAUSES = text(
    f"SELECT count(*) FROM court_order o WHERE {_ACTIVE_IN_CASELOAD}"
    " AND NOT EXISTS (SELECT FROM order_clause c WHERE c.court_order_id = o.id)"
)
DUTIES_UNSTEADY = text(
    _COVER
    + """, steady AS (
    SELECT clause_id FROM cover
    WHERE begins_at <= :since AND (ends_at IS NULL OR ends_at > :now)
), unsteady AS (
    SELECT c.id FROM order_clause c JOIN court_order o ON o.id = c.court_order_id
    WHERE o.begins_at <= :now AND (o.ends_at IS NULL OR o.ends_at > :since)
        AND NOT EXISTS (SELECT FROM steady WHERE steady.clause_id = c.id)
    UNION SELECT order_clause_id FROM alert
    WHERE order_clause_id IS NOT NULL AND kind = 'clause_uncovered' AND cleared_at IS NULL
)
"""
    + _DUTIES.format(which=_NEEDED + "c.id IN (SELECT id FROM unsteady)")
)
