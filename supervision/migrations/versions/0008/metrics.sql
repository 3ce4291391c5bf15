-- A scrape counts over all agencies, which the web role does not see: these functions run as the
-- owner and give away ids and counts alone.
CREATE POLICY counting ON agency FOR SELECT TO supervision_owner USING (true);
CREATE POLICY counting ON alert FOR SELECT TO supervision_owner USING (true);
CREATE POLICY counting ON notification FOR SELECT TO supervision_owner USING (true);

CREATE FUNCTION count_open_alerts()
RETURNS TABLE (agency_id bigint, severity text, handling text, alerts bigint,
               oldest_found_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT agency_id, severity, handling, count(*), min(found_at)
    FROM alert WHERE handling IN ('new', 'acknowledged', 'in_hand')
    GROUP BY agency_id, severity, handling
$$;

CREATE FUNCTION count_agencies()
RETURNS TABLE (agency_id bigint, alerts_raised bigint, messages_pending bigint,
               oldest_message_created_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT g.id, coalesce(r.raised, 0), coalesce(w.pending, 0), w.oldest_at
    FROM agency g
    LEFT JOIN (SELECT agency_id, count(*) AS raised FROM alert GROUP BY agency_id) r
        ON r.agency_id = g.id
    LEFT JOIN (SELECT agency_id, count(*) AS pending, min(created_at) AS oldest_at
               FROM notification WHERE state IN ('pending', 'sending') GROUP BY agency_id) w
        ON w.agency_id = g.id
$$;
REVOKE EXECUTE ON FUNCTION count_open_alerts(), count_agencies() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION count_open_alerts(), count_agencies() TO supervision_web;
