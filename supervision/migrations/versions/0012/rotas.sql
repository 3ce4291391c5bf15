-- Who takes turns on a rota, as it was written at a time; a change is the next version.
CREATE TABLE rota_version (
    id            bigint GENERATED ALWAYS AS IDENTITY,
    agency_id     bigint NOT NULL,
    rota_id       bigint NOT NULL,
    version       integer NOT NULL,
    officer_ids   bigint[] NOT NULL,
    starts_on     date NOT NULL,
    handover      time NOT NULL,
    shift_days    integer NOT NULL,
    time_zone     text NOT NULL,
    written_by_id bigint NOT NULL,
    written_at    timestamptz NOT NULL,
    CONSTRAINT pk_rota_version PRIMARY KEY (id),
    CONSTRAINT fk_rota_version_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_rota_version_rota_id FOREIGN KEY (rota_id) REFERENCES rota (id),
    CONSTRAINT fk_rota_version_written_by_id FOREIGN KEY (written_by_id) REFERENCES officer (id),
    CONSTRAINT uq_rota_version_rota_id_version UNIQUE (rota_id, version),
    CONSTRAINT ck_rota_version_officer_ids CHECK (cardinality(officer_ids) > 0),
    CONSTRAINT ck_rota_version_shift_days CHECK (shift_days BETWEEN 1 AND 31)
);
INSERT INTO rota_version (agency_id, rota_id, version, officer_ids, starts_on, handover,
    shift_days, time_zone, written_by_id, written_at)
SELECT agency_id, id, 1, officer_ids, starts_on, handover, shift_days, time_zone, made_by_id,
    made_at FROM rota;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON rota_version
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- A rota and an override are never changed, only ended; a name is free again once its rota is.
ALTER TABLE rota
    DROP COLUMN officer_ids,
    DROP COLUMN starts_on,
    DROP COLUMN handover,
    DROP COLUMN shift_days,
    DROP COLUMN time_zone,
    ADD COLUMN ended_at timestamptz,
    ADD COLUMN ended_by_id bigint,
    ADD CONSTRAINT fk_rota_ended_by_id FOREIGN KEY (ended_by_id) REFERENCES officer (id),
    ADD CONSTRAINT ck_rota_ended CHECK ((ended_at IS NULL) = (ended_by_id IS NULL)),
    DROP CONSTRAINT uq_rota_agency_id_name;
CREATE UNIQUE INDEX uq_rota_agency_id_name ON rota (agency_id, name) WHERE ended_at IS NULL;
ALTER TABLE rota_override
    ADD COLUMN ended_at timestamptz,
    ADD COLUMN ended_by_id bigint,
    ADD CONSTRAINT fk_rota_override_ended_by_id FOREIGN KEY (ended_by_id) REFERENCES officer (id),
    ADD CONSTRAINT ck_rota_override_ended CHECK (
        (ended_at IS NULL) = (ended_by_id IS NULL) AND ended_at < ends_at);

CREATE FUNCTION guard_ended_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL
        OR (to_jsonb(OLD) - ARRAY['ended_at', 'ended_by_id'])
            <> (to_jsonb(NEW) - ARRAY['ended_at', 'ended_by_id'])
    THEN
        RAISE EXCEPTION '% is only ended', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON rota
    FOR EACH ROW EXECUTE FUNCTION guard_ended_once();
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON rota_override
    FOR EACH ROW EXECUTE FUNCTION guard_ended_once();
