-- Who stands in for an officer.
ALTER TABLE officer
    ADD COLUMN backup_id bigint,
    ADD CONSTRAINT fk_officer_backup_id FOREIGN KEY (backup_id) REFERENCES officer (id),
    ADD CONSTRAINT ck_officer_backup_id CHECK (backup_id <> id);

-- How alerts of a kind climb in an agency; the highest version is in force.
CREATE TABLE escalation_ladder (
    id            bigint GENERATED ALWAYS AS IDENTITY,
    agency_id     bigint NOT NULL,
    kind          text NOT NULL,
    version       integer NOT NULL,
    rungs         jsonb NOT NULL,
    again_s       integer NOT NULL,
    untouched_s   integer NOT NULL,
    written_by_id bigint NOT NULL,
    written_at    timestamptz NOT NULL,
    CONSTRAINT pk_escalation_ladder PRIMARY KEY (id),
    CONSTRAINT fk_escalation_ladder_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_escalation_ladder_written_by_id
        FOREIGN KEY (written_by_id) REFERENCES officer (id),
    CONSTRAINT uq_escalation_ladder_agency_id_kind_version UNIQUE (agency_id, kind, version),
    CONSTRAINT ck_escalation_ladder_again_s CHECK (again_s > 0),
    CONSTRAINT ck_escalation_ladder_untouched_s CHECK (untouched_s > 0)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON escalation_ladder
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Officers who are on call in turn, from `handover` to `handover` in the agency's time zone.
CREATE TABLE rota (
    id          bigint GENERATED ALWAYS AS IDENTITY,
    agency_id   bigint NOT NULL,
    name        text NOT NULL,
    officer_ids bigint[] NOT NULL,
    starts_on   date NOT NULL,
    handover    time NOT NULL,
    shift_days  integer NOT NULL,
    time_zone   text NOT NULL,
    made_by_id  bigint NOT NULL,
    made_at     timestamptz NOT NULL,
    CONSTRAINT pk_rota PRIMARY KEY (id),
    CONSTRAINT fk_rota_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_rota_made_by_id FOREIGN KEY (made_by_id) REFERENCES officer (id),
    CONSTRAINT uq_rota_agency_id_name UNIQUE (agency_id, name),
    CONSTRAINT ck_rota_officer_ids CHECK (cardinality(officer_ids) > 0),
    CONSTRAINT ck_rota_shift_days CHECK (shift_days BETWEEN 1 AND 31)
);

CREATE TABLE rota_override (
    id         bigint GENERATED ALWAYS AS IDENTITY,
    agency_id  bigint NOT NULL,
    rota_id    bigint NOT NULL,
    officer_id bigint NOT NULL,
    begins_at  timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL,
    made_by_id bigint NOT NULL,
    made_at    timestamptz NOT NULL,
    CONSTRAINT pk_rota_override PRIMARY KEY (id),
    CONSTRAINT fk_rota_override_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_rota_override_rota_id FOREIGN KEY (rota_id) REFERENCES rota (id),
    CONSTRAINT fk_rota_override_officer_id FOREIGN KEY (officer_id) REFERENCES officer (id),
    CONSTRAINT fk_rota_override_made_by_id FOREIGN KEY (made_by_id) REFERENCES officer (id),
    CONSTRAINT ck_rota_override_order CHECK (begins_at < ends_at)
);
CREATE INDEX ix_rota_override_rota_id ON rota_override (rota_id);
