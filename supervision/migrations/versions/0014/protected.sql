-- A device is worn by a supervisee or carried by a protected person, and never by two people at once.
ALTER TABLE device_assignment
    ADD COLUMN protected_person_id bigint,
    ADD CONSTRAINT fk_device_assignment_protected_person_id
        FOREIGN KEY (protected_person_id) REFERENCES protected_person (id),
    ALTER COLUMN supervisee_id DROP NOT NULL,
    ADD CONSTRAINT ck_device_assignment_one_person
        CHECK (num_nonnulls(supervisee_id, protected_person_id) = 1);
CREATE INDEX ix_device_assignment_protected_person_id ON device_assignment (protected_person_id);

-- What such a device reports. Where she was is kept of a press of the button, and of nothing else.
CREATE TABLE protected_event (
    id                  bigint GENERATED ALWAYS AS IDENTITY,
    agency_id           bigint NOT NULL,
    protected_person_id bigint NOT NULL,
    device_id           bigint NOT NULL,
    kind                text NOT NULL,
    occurred_at         timestamptz NOT NULL,
    received_at         timestamptz NOT NULL,
    lon                 double precision,
    lat                 double precision,
    accuracy_m          double precision,
    CONSTRAINT pk_protected_event PRIMARY KEY (id),
    CONSTRAINT fk_protected_event_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_protected_event_device_id FOREIGN KEY (device_id) REFERENCES device (id),
    CONSTRAINT fk_protected_event_protected_person_id
        FOREIGN KEY (protected_person_id) REFERENCES protected_person (id),
    CONSTRAINT uq_protected_event_device_id_kind_occurred_at_person
        UNIQUE (device_id, kind, occurred_at, protected_person_id),
    CONSTRAINT ck_protected_event_place CHECK (
        num_nonnulls(lon, lat) IN (0, 2)
        AND (lon IS NOT NULL OR accuracy_m IS NULL)
        AND (lon IS NULL OR kind = 'button')),
    CONSTRAINT ck_protected_event_lon CHECK (lon BETWEEN -180 AND 180),
    CONSTRAINT ck_protected_event_lat CHECK (lat BETWEEN -90 AND 90),
    CONSTRAINT ck_protected_event_accuracy_m CHECK (accuracy_m >= 0)
);
CREATE INDEX ix_protected_event_agency_id ON protected_event (agency_id);
CREATE INDEX ix_protected_event_protected_person_id_occurred_at
    ON protected_event (protected_person_id, occurred_at);
-- A server may tell of a press twice, and only once where: the place may be added, and never changed.
CREATE FUNCTION guard_protected_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.lon IS NULL AND (OLD.id, OLD.agency_id, OLD.protected_person_id, OLD.device_id,
            OLD.kind, OLD.occurred_at, OLD.received_at)
        = (NEW.id, NEW.agency_id, NEW.protected_person_id, NEW.device_id,
            NEW.kind, NEW.occurred_at, NEW.received_at)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'protected_event is append-only'
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER guard_protected_event BEFORE UPDATE ON protected_event
    FOR EACH ROW EXECUTE FUNCTION guard_protected_event();
CREATE TRIGGER append_only BEFORE DELETE ON protected_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- What a device said before it was noted as hers may hold her way: no word of it is kept any more.
CREATE POLICY forgetting ON rejected_message FOR ALL TO supervision_owner USING (true);
CREATE FUNCTION forget_rejected_words(sought_device_id bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE rejected_message SET payload = ''
    WHERE device_uid IN (SELECT d.uid FROM device d
        JOIN device_assignment a ON a.device_id = d.id AND a.protected_person_id IS NOT NULL
        WHERE d.id = sought_device_id)
$$;
CREATE POLICY forgetting ON device FOR SELECT TO supervision_owner USING (true);
CREATE POLICY forgetting ON device_assignment FOR SELECT TO supervision_owner USING (true);
REVOKE EXECUTE ON FUNCTION forget_rejected_words(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_rejected_words(bigint) TO supervision_web, supervision_engine;
