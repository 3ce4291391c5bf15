-- A way to reach somebody about an alert: an officer's own or, without officer, one outside the
-- agency. It is never changed, only ended; a webhook's secrets alone are exchanged.
CREATE TABLE contact_point (
    id          bigint GENERATED ALWAYS AS IDENTITY,
    agency_id   bigint NOT NULL,
    officer_id  bigint,
    name        text NOT NULL,
    means       text NOT NULL,
    address     text NOT NULL,
    severities  text[] NOT NULL,
    after_s     integer NOT NULL DEFAULT 0,
    quiet_from  time,
    quiet_until time,
    secrets     text[] NOT NULL DEFAULT '{}',
    made_by_id  bigint NOT NULL,
    made_at     timestamptz NOT NULL,
    ended_by_id bigint,
    ended_at    timestamptz,
    CONSTRAINT pk_contact_point PRIMARY KEY (id),
    CONSTRAINT fk_contact_point_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_contact_point_officer_id FOREIGN KEY (officer_id) REFERENCES officer (id),
    CONSTRAINT fk_contact_point_made_by_id FOREIGN KEY (made_by_id) REFERENCES officer (id),
    CONSTRAINT fk_contact_point_ended_by_id FOREIGN KEY (ended_by_id) REFERENCES officer (id),
    CONSTRAINT ck_contact_point_means CHECK (means IN ('email', 'sms', 'voice', 'webhook')),
    CONSTRAINT ck_contact_point_severities
        CHECK (severities <@ ARRAY['critical', 'high', 'medium', 'low']),
    CONSTRAINT ck_contact_point_after_s CHECK (after_s BETWEEN 0 AND 3600),
    CONSTRAINT ck_contact_point_quiet CHECK ((quiet_from IS NULL) = (quiet_until IS NULL)),
    CONSTRAINT ck_contact_point_secrets CHECK ((means = 'webhook') = (cardinality(secrets) > 0)),
    CONSTRAINT ck_contact_point_ended CHECK ((ended_at IS NULL) = (ended_by_id IS NULL))
);
CREATE INDEX ix_contact_point_officer_id ON contact_point (officer_id) WHERE ended_at IS NULL;

CREATE FUNCTION guard_contact_point() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL
        OR (to_jsonb(OLD) - ARRAY['secrets', 'ended_at', 'ended_by_id'])
            <> (to_jsonb(NEW) - ARRAY['secrets', 'ended_at', 'ended_by_id'])
    THEN
        RAISE EXCEPTION 'a contact point is only ended'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON contact_point
    FOR EACH ROW EXECUTE FUNCTION guard_contact_point();
