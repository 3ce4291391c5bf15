-- A drill's alert counts in no number.
CREATE OR REPLACE FUNCTION count_open_alerts()
RETURNS TABLE (agency_id bigint, severity text, handling text, alerts bigint,
               oldest_found_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT agency_id, severity, handling, count(*), min(found_at)
    FROM alert WHERE handling IN ('new', 'acknowledged', 'in_hand') AND drill_id IS NULL
    GROUP BY agency_id, severity, handling
$$;

CREATE OR REPLACE FUNCTION count_agencies()
RETURNS TABLE (agency_id bigint, alerts_raised bigint, messages_pending bigint,
               oldest_message_created_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT g.id, coalesce(r.raised, 0), coalesce(w.pending, 0), w.oldest_at
    FROM agency g
    LEFT JOIN (SELECT agency_id, count(*) AS raised FROM alert WHERE drill_id IS NULL
               GROUP BY agency_id) r
        ON r.agency_id = g.id
    LEFT JOIN (SELECT agency_id, count(*) AS pending, min(created_at) AS oldest_at
               FROM notification WHERE state IN ('pending', 'sending') GROUP BY agency_id) w
        ON w.agency_id = g.id
$$;
