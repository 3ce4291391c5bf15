-- The tables of this version are fenced as those of the first.

DO $$
DECLARE
    tenant_table text;
BEGIN
    FOREACH tenant_table IN ARRAY ARRAY[
        'alert_shelf']
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
        EXECUTE format('GRANT SELECT, INSERT ON %I TO supervision_web, supervision_engine',
            tenant_table);
    END LOOP;
END
$$;
GRANT UPDATE (ended_at, ended_by_id) ON alert_shelf TO supervision_web, supervision_engine;
