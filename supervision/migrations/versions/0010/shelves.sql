-- A kind of alert about a person that is held back until before `ends_at`, or `ended_at` where it
-- was taken back or prolonged. Shelves without a gap between them are one stretch: a shift at most.
CREATE TABLE alert_shelf (
    id               bigint GENERATED ALWAYS AS IDENTITY,
    agency_id        bigint NOT NULL,
    supervisee_id    bigint NOT NULL,
    kind             text NOT NULL,
    reason           text NOT NULL,
    shelved_by_id    bigint NOT NULL,
    begins_at        timestamptz NOT NULL,
    ends_at          timestamptz NOT NULL,
    stretch_began_at timestamptz NOT NULL,
    prolongs_id      bigint,
    ended_at         timestamptz,
    ended_by_id      bigint,
    CONSTRAINT pk_alert_shelf PRIMARY KEY (id),
    CONSTRAINT fk_alert_shelf_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_alert_shelf_supervisee_id FOREIGN KEY (supervisee_id) REFERENCES supervisee (id),
    CONSTRAINT fk_alert_shelf_shelved_by_id FOREIGN KEY (shelved_by_id) REFERENCES officer (id),
    CONSTRAINT fk_alert_shelf_prolongs_id FOREIGN KEY (prolongs_id) REFERENCES alert_shelf (id),
    CONSTRAINT fk_alert_shelf_ended_by_id FOREIGN KEY (ended_by_id) REFERENCES officer (id),
    CONSTRAINT ck_alert_shelf_reason CHECK (btrim(reason) <> ''),
    CONSTRAINT ck_alert_shelf_ends_at
        CHECK (ends_at > begins_at AND ends_at <= stretch_began_at + interval '12 hours'),
    CONSTRAINT ck_alert_shelf_stretch CHECK (
        stretch_began_at <= begins_at
        AND (prolongs_id IS NOT NULL OR stretch_began_at = begins_at)),
    CONSTRAINT ck_alert_shelf_ended CHECK (
        (ended_at IS NULL) = (ended_by_id IS NULL) AND ended_at BETWEEN begins_at AND ends_at),
    CONSTRAINT ex_alert_shelf_one_at_a_time EXCLUDE USING gist (
        supervisee_id WITH =, kind WITH =,
        tstzrange(begins_at, coalesce(ended_at, ends_at)) WITH &&)
);
CREATE INDEX ix_alert_shelf_agency_id_ends_at ON alert_shelf (agency_id, ends_at);

-- A shelf is never changed, only ended; one that goes on without a gap belongs to the stretch.
CREATE FUNCTION guard_alert_shelf() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF EXISTS (SELECT FROM alert_shelf s
                   WHERE s.supervisee_id = NEW.supervisee_id AND s.kind = NEW.kind
                   AND coalesce(s.ended_at, s.ends_at) = NEW.begins_at
                   AND s.stretch_began_at < NEW.stretch_began_at)
        THEN
            RAISE EXCEPTION 'a shelf without a gap before it begins no new stretch'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL
        OR (to_jsonb(OLD) - ARRAY['ended_at', 'ended_by_id'])
            <> (to_jsonb(NEW) - ARRAY['ended_at', 'ended_by_id'])
    THEN
        RAISE EXCEPTION 'a shelf is only ended'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON alert_shelf
    FOR EACH ROW EXECUTE FUNCTION guard_alert_shelf();

-- What a shelf holds: the alert's next step is due when the shelf is over.
ALTER TABLE alert_climb
    ADD COLUMN shelf_id bigint,
    ADD CONSTRAINT fk_alert_climb_shelf_id FOREIGN KEY (shelf_id) REFERENCES alert_shelf (id);
CREATE INDEX ix_alert_climb_shelf_id ON alert_climb (shelf_id) WHERE shelf_id IS NOT NULL;
