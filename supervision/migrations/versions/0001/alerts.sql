-- Who must be told: alerts, their history, outgoing messages, and the audit trail.

CREATE TABLE alert (
    id                 bigint GENERATED ALWAYS AS IDENTITY,
    agency_id          bigint NOT NULL,
    supervisee_id      bigint NOT NULL,
    officer_id         bigint NOT NULL,
    kind               text NOT NULL,
    severity           text NOT NULL,
    grade              text,
    dedup_key          text NOT NULL,
    zone_id            bigint,
    zone_version_id    bigint,
    occurred_at        timestamptz NOT NULL,
    found_at           timestamptz NOT NULL,
    is_late            boolean NOT NULL,
    state              text NOT NULL DEFAULT 'open',
    cleared_at         timestamptz,
    acknowledged_at    timestamptz,
    acknowledged_by_id bigint,
    closed_at          timestamptz,
    closed_by_id       bigint,
    disposition        text,
    note               text,
    evidence           jsonb NOT NULL,
    version            integer NOT NULL DEFAULT 1,
    CONSTRAINT pk_alert PRIMARY KEY (id),
    CONSTRAINT fk_alert_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_alert_supervisee_id FOREIGN KEY (supervisee_id) REFERENCES supervisee (id),
    CONSTRAINT fk_alert_officer_id FOREIGN KEY (officer_id) REFERENCES officer (id),
    CONSTRAINT fk_alert_zone_id FOREIGN KEY (zone_id) REFERENCES exclusion_zone (id),
    CONSTRAINT fk_alert_zone_version_id
        FOREIGN KEY (zone_version_id) REFERENCES zone_version (id),
    CONSTRAINT fk_alert_acknowledged_by_id
        FOREIGN KEY (acknowledged_by_id) REFERENCES officer (id),
    CONSTRAINT fk_alert_closed_by_id FOREIGN KEY (closed_by_id) REFERENCES officer (id),
    CONSTRAINT uq_alert_agency_id_dedup_key UNIQUE (agency_id, dedup_key),
    CONSTRAINT ck_alert_state CHECK (state IN ('open', 'acknowledged', 'closed')),
    CONSTRAINT ck_alert_severity CHECK (severity IN ('critical', 'high', 'medium', 'low')),
    CONSTRAINT ck_alert_acknowledged
        CHECK (state <> 'acknowledged' OR acknowledged_by_id IS NOT NULL),
    CONSTRAINT ck_alert_closed_by_a_person
        CHECK ((state = 'closed') = (closed_by_id IS NOT NULL AND disposition IS NOT NULL))
);
CREATE INDEX ix_alert_agency_id_state ON alert (agency_id, state);
CREATE INDEX ix_alert_supervisee_id ON alert (supervisee_id);
CREATE INDEX ix_alert_officer_id_state ON alert (officer_id, state);

-- `seq` counts within the agency in commit order: the live feed replays from it without a hole.
CREATE TABLE alert_event (
    id        bigint GENERATED ALWAYS AS IDENTITY,
    agency_id bigint NOT NULL,
    alert_id  bigint NOT NULL,
    seq       bigint NOT NULL,
    kind      text NOT NULL,
    at        timestamptz NOT NULL,
    actor_id  bigint,
    detail    jsonb NOT NULL,
    CONSTRAINT pk_alert_event PRIMARY KEY (id),
    CONSTRAINT fk_alert_event_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_alert_event_alert_id FOREIGN KEY (alert_id) REFERENCES alert (id),
    CONSTRAINT fk_alert_event_actor_id FOREIGN KEY (actor_id) REFERENCES officer (id),
    CONSTRAINT uq_alert_event_agency_id_seq UNIQUE (agency_id, seq)
);
CREATE INDEX ix_alert_event_alert_id ON alert_event (alert_id);

CREATE TABLE notification (
    id              bigint GENERATED ALWAYS AS IDENTITY,
    agency_id       bigint NOT NULL,
    alert_id        bigint NOT NULL,
    officer_id      bigint NOT NULL,
    channel         text NOT NULL,
    idempotency_key text NOT NULL,
    state           text NOT NULL DEFAULT 'pending',
    attempts        integer NOT NULL DEFAULT 0,
    due_at          timestamptz NOT NULL,
    claimed_at      timestamptz,
    sent_at         timestamptz,
    last_error      text,
    created_at      timestamptz NOT NULL,
    CONSTRAINT pk_notification PRIMARY KEY (id),
    CONSTRAINT fk_notification_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_notification_alert_id FOREIGN KEY (alert_id) REFERENCES alert (id),
    CONSTRAINT fk_notification_officer_id FOREIGN KEY (officer_id) REFERENCES officer (id),
    CONSTRAINT uq_notification_idempotency_key UNIQUE (idempotency_key),
    CONSTRAINT ck_notification_state CHECK (state IN ('pending', 'sending', 'sent', 'failed')),
    CONSTRAINT ck_notification_sending CHECK ((state = 'sending') = (claimed_at IS NOT NULL)),
    CONSTRAINT ck_notification_sent CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
CREATE INDEX ix_notification_due_at ON notification (due_at) WHERE state IN ('pending', 'sending');
CREATE INDEX ix_notification_alert_id ON notification (alert_id);

-- Per agency: the last numbers of its feed and audit trail; its row lock puts both in order.
CREATE TABLE agency_ledger (
    agency_id       bigint NOT NULL,
    alert_event_seq bigint NOT NULL DEFAULT 0,
    audit_seq       bigint NOT NULL DEFAULT 0,
    audit_hash      bytea NOT NULL DEFAULT '\x',
    CONSTRAINT pk_agency_ledger PRIMARY KEY (agency_id),
    CONSTRAINT fk_agency_ledger_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id)
);

CREATE TABLE audit_entry (
    id        bigint GENERATED ALWAYS AS IDENTITY,
    agency_id bigint NOT NULL,
    seq       bigint NOT NULL,
    at        timestamptz NOT NULL,
    actor     text NOT NULL,
    tag       text NOT NULL,
    subject   text NOT NULL,
    detail    jsonb NOT NULL,
    hash      bytea NOT NULL,
    CONSTRAINT pk_audit_entry PRIMARY KEY (id),
    CONSTRAINT fk_audit_entry_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT uq_audit_entry_agency_id_seq UNIQUE (agency_id, seq)
);

CREATE TABLE process_heartbeat (
    name    text NOT NULL,
    beat_at timestamptz NOT NULL,
    detail  jsonb NOT NULL,
    CONSTRAINT pk_process_heartbeat PRIMARY KEY (name)
);

CREATE TABLE sweep_mark (
    name     text NOT NULL,
    swept_to timestamptz NOT NULL,
    CONSTRAINT pk_sweep_mark PRIMARY KEY (name)
);

-- History and evidence are added to, never rewritten.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON alert_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON zone_version
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON device_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE ON position
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- A closed alert stays closed, and only a person closes one.
CREATE FUNCTION guard_alert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'closed' AND NEW.state <> 'closed' THEN
        RAISE EXCEPTION 'a closed alert cannot be opened again'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard_alert BEFORE UPDATE ON alert FOR EACH ROW EXECUTE FUNCTION guard_alert();
