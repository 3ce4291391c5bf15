-- The tables of this version are fenced as those of the first.

DO $$
DECLARE
    tenant_table text;
BEGIN
    FOREACH tenant_table IN ARRAY ARRAY[
        'order_clause', 'clause_waiver', 'zone_set', 'zone_set_member', 'zone_exception',
        'zone_boundary', 'zone_silence', 'device_command']
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
GRANT DELETE ON zone_boundary TO supervision_engine;
-- What was granted stays written: an exception is only withdrawn, a set only lifted.
REVOKE UPDATE ON zone_exception, zone_set_member FROM supervision_web, supervision_engine;
GRANT UPDATE (epoch, withdrawn_at, withdrawn_by_id) ON zone_exception
    TO supervision_web, supervision_engine;
GRANT UPDATE (epoch, ends_at) ON zone_set_member TO supervision_web, supervision_engine;
-- A clause is what the court said: it is not rewritten.
REVOKE UPDATE ON order_clause FROM supervision_web, supervision_engine;
