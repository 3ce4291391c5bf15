-- Tenants apart: the web role sees one agency's rows, the engine role all; nobody goes round it.

DO $$
DECLARE
    tenant_table text;
BEGIN
    FOR tenant_table IN
        SELECT c.relname FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'agency_id' AND NOT a.attisdropped
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
        EXECUTE format(
            'CREATE POLICY one_agency ON %I FOR ALL TO supervision_web
             USING (agency_id = nullif(current_setting(''app.agency'', true), '''')::bigint)',
            tenant_table);
        EXECUTE format(
            'CREATE POLICY every_agency ON %I FOR ALL TO supervision_engine USING (true)',
            tenant_table);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO supervision_web, supervision_engine',
            tenant_table);
    END LOOP;
END
$$;

ALTER TABLE agency ENABLE ROW LEVEL SECURITY;
ALTER TABLE agency FORCE ROW LEVEL SECURITY;
CREATE POLICY one_agency ON agency FOR SELECT TO supervision_web
    USING (id = nullif(current_setting('app.agency', true), '')::bigint);
CREATE POLICY every_agency ON agency FOR ALL TO supervision_engine USING (true);
-- Sign-in happens before the agency is known; its functions run as the owner, who sees just this.
CREATE POLICY sign_in ON officer FOR ALL TO supervision_owner USING (true);
CREATE POLICY sign_in ON web_session FOR ALL TO supervision_owner USING (true);
GRANT SELECT ON agency TO supervision_web;
GRANT SELECT, INSERT, UPDATE ON agency TO supervision_engine;

REVOKE UPDATE ON position, device_event, zone_version, alert_event, audit_entry
    FROM supervision_web, supervision_engine;
REVOKE INSERT ON position, device_event, device_session FROM supervision_web;
REVOKE UPDATE ON device_session, rejected_message FROM supervision_web;
REVOKE INSERT ON rejected_message FROM supervision_web;
GRANT DELETE ON web_session TO supervision_web, supervision_engine;
GRANT USAGE ON SEQUENCE position_id_seq TO supervision_engine;
GRANT SELECT ON process_heartbeat, sweep_mark TO supervision_web;
GRANT SELECT ON roster_epoch TO supervision_engine;
GRANT SELECT, INSERT, UPDATE, DELETE ON process_heartbeat, sweep_mark TO supervision_engine;
GRANT INSERT, UPDATE ON process_heartbeat TO supervision_web;
REVOKE EXECUTE ON FUNCTION ensure_position_partition(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ensure_position_partition(date) TO supervision_engine;

CREATE FUNCTION find_officer_by_email(sought_email text)
RETURNS TABLE (id bigint, agency_id bigint, password_hash text, is_active boolean,
               failed_sign_ins integer, locked_until_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id, agency_id, password_hash, is_active, failed_sign_ins, locked_until_at
    FROM officer WHERE email = lower(sought_email)
$$;

CREATE FUNCTION find_web_session(sought_hash bytea)
RETURNS TABLE (agency_id bigint, officer_id bigint, role text, display_name text,
               csrf_token text, created_at timestamptz, last_seen_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.agency_id, s.officer_id, o.role, o.display_name,
           s.csrf_token, s.created_at, s.last_seen_at
    FROM web_session s JOIN officer o ON o.id = s.officer_id
    WHERE s.token_hash = sought_hash AND o.is_active
$$;
REVOKE EXECUTE ON FUNCTION find_officer_by_email(text), find_web_session(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_officer_by_email(text), find_web_session(bytea) TO supervision_web;
