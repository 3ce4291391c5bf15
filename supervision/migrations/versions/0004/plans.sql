-- A plan asks at regular times (`rrule`, `at_local`) or at unannounced ones (`per_week` in
-- `allowed` hours, `least_gap_s` apart). `clocks` names the rules of time zones that its rows were
-- reckoned by; `draws` counts how often unannounced times were drawn anew.
ALTER TABLE checkin_plan_version
    ALTER COLUMN rrule DROP NOT NULL,
    ALTER COLUMN at_local DROP NOT NULL,
    ADD COLUMN purpose text NOT NULL DEFAULT 'checkin',
    ADD COLUMN per_week integer,
    ADD COLUMN allowed jsonb,
    ADD COLUMN least_gap_s integer,
    ADD COLUMN ends_on date,
    ADD COLUMN except_on date[] NOT NULL DEFAULT '{}',
    ADD COLUMN skips_holidays boolean NOT NULL DEFAULT false,
    ADD COLUMN quiet_from time,
    ADD COLUMN quiet_until time,
    ADD COLUMN reminders_s integer[] NOT NULL DEFAULT '{}',
    ADD COLUMN questions jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN place text,
    ADD COLUMN clocks text NOT NULL DEFAULT '',
    ADD COLUMN draws integer NOT NULL DEFAULT 0,
    DROP CONSTRAINT ck_checkin_plan_version_method,
    ADD CONSTRAINT ck_checkin_plan_version_method
        CHECK (method IN ('video', 'phone', 'phone_in_sight', 'in_person', 'self')),
    ADD CONSTRAINT ck_checkin_plan_version_purpose
        CHECK (purpose IN ('checkin', 'court', 'appointment')),
    ADD CONSTRAINT ck_checkin_plan_version_timing CHECK (
        (rrule IS NULL) = (at_local IS NULL)
        AND (rrule IS NULL) = (per_week IS NOT NULL)
        AND (per_week IS NULL) = (allowed IS NULL)
        AND (per_week IS NULL) = (least_gap_s IS NULL)),
    ADD CONSTRAINT ck_checkin_plan_version_per_week CHECK (per_week BETWEEN 1 AND 14),
    ADD CONSTRAINT ck_checkin_plan_version_quiet
        CHECK ((quiet_from IS NULL) = (quiet_until IS NULL));

-- Nothing is asked of somebody from `begins_at` until before `ends_at` (hospital, jail).
CREATE TABLE checkin_pause (
    id            bigint GENERATED ALWAYS AS IDENTITY,
    agency_id     bigint NOT NULL,
    supervisee_id bigint NOT NULL,
    begins_at     timestamptz NOT NULL,
    ends_at       timestamptz,
    reason        text NOT NULL,
    made_by_id    bigint NOT NULL,
    made_at       timestamptz NOT NULL,
    ended_by_id   bigint,
    CONSTRAINT pk_checkin_pause PRIMARY KEY (id),
    CONSTRAINT fk_checkin_pause_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_checkin_pause_supervisee_id
        FOREIGN KEY (supervisee_id) REFERENCES supervisee (id),
    CONSTRAINT fk_checkin_pause_made_by_id FOREIGN KEY (made_by_id) REFERENCES officer (id),
    CONSTRAINT fk_checkin_pause_ended_by_id FOREIGN KEY (ended_by_id) REFERENCES officer (id),
    CONSTRAINT ck_checkin_pause_reason CHECK (reason <> ''),
    CONSTRAINT ck_checkin_pause_order CHECK (begins_at <= ends_at)
);
CREATE INDEX ix_checkin_pause_supervisee_id ON checkin_pause (supervisee_id);
