-- The tables of this version are fenced as those of the first.

DO $$
DECLARE
    tenant_table text;
BEGIN
    FOREACH tenant_table IN ARRAY ARRAY[
        'public_holiday', 'checkin_pause', 'checkin_submission', 'checkin_sighting',
        'checkin_reminder', 'calendar_feed']
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
GRANT DELETE ON public_holiday TO supervision_web;
GRANT UPDATE (ends_at, ended_by_id) ON checkin_pause TO supervision_web, supervision_engine;
GRANT UPDATE (outcome, settled_at) ON checkin_reminder TO supervision_web, supervision_engine;
GRANT UPDATE (ended_at, ended_by_id) ON calendar_feed TO supervision_web, supervision_engine;
GRANT UPDATE (clocks, draws) ON checkin_plan_version TO supervision_web, supervision_engine;
GRANT UPDATE (submitted_at, reviewed_at, reviewed_by_id, call_asked_at) ON checkin
    TO supervision_web, supervision_engine;
GRANT UPDATE (judged_at, device_position_id, device_fixed_at, distance_m, concerns)
    ON checkin_submission TO supervision_engine;
