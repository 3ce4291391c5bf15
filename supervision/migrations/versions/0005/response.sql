-- What an agency wants done about a kind of alert, in its own order and words; versioned.
CREATE TABLE response_protocol (
    id            bigint GENERATED ALWAYS AS IDENTITY,
    agency_id     bigint NOT NULL,
    kind          text NOT NULL,
    version       integer NOT NULL,
    steps         jsonb NOT NULL,
    written_by_id bigint NOT NULL,
    written_at    timestamptz NOT NULL,
    CONSTRAINT pk_response_protocol PRIMARY KEY (id),
    CONSTRAINT fk_response_protocol_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_response_protocol_written_by_id
        FOREIGN KEY (written_by_id) REFERENCES officer (id),
    CONSTRAINT uq_response_protocol_agency_id_kind_version UNIQUE (agency_id, kind, version)
);

-- A step that somebody ticked, in the words it had then.
CREATE TABLE alert_step (
    id         bigint GENERATED ALWAYS AS IDENTITY,
    agency_id  bigint NOT NULL,
    alert_id   bigint NOT NULL,
    step       text NOT NULL,
    wording    text NOT NULL,
    outcome    text NOT NULL,
    note       text NOT NULL,
    at         timestamptz NOT NULL,
    officer_id bigint NOT NULL,
    CONSTRAINT pk_alert_step PRIMARY KEY (id),
    CONSTRAINT fk_alert_step_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_alert_step_alert_id FOREIGN KEY (alert_id) REFERENCES alert (id),
    CONSTRAINT fk_alert_step_officer_id FOREIGN KEY (officer_id) REFERENCES officer (id),
    CONSTRAINT ck_alert_step_outcome CHECK (outcome IN ('done', 'in_vain', 'not_needed')),
    CONSTRAINT ck_alert_step_note CHECK (outcome <> 'not_needed' OR note <> '')
);
CREATE INDEX ix_alert_step_alert_id ON alert_step (alert_id);

-- Who was spoken to about it, how, and with what result.
CREATE TABLE alert_contact (
    id         bigint GENERATED ALWAYS AS IDENTITY,
    agency_id  bigint NOT NULL,
    alert_id   bigint NOT NULL,
    whom       text NOT NULL,
    means      text NOT NULL,
    was_reached boolean NOT NULL,
    note       text NOT NULL,
    at         timestamptz NOT NULL,
    told_at    timestamptz NOT NULL,
    officer_id bigint NOT NULL,
    CONSTRAINT pk_alert_contact PRIMARY KEY (id),
    CONSTRAINT fk_alert_contact_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_alert_contact_alert_id FOREIGN KEY (alert_id) REFERENCES alert (id),
    CONSTRAINT fk_alert_contact_officer_id FOREIGN KEY (officer_id) REFERENCES officer (id),
    CONSTRAINT ck_alert_contact_whom
        CHECK (whom IN ('participant', 'protected_person', 'police', 'court', 'other')),
    CONSTRAINT ck_alert_contact_means
        CHECK (means IN ('phone', 'message', 'in_person', 'radio', 'other'))
);
CREATE INDEX ix_alert_contact_alert_id ON alert_contact (alert_id);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON response_protocol
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON alert_step
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON alert_contact
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
