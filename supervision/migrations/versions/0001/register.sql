-- Who is supervised, by whom, under which order, wearing which device.

CREATE TABLE agency (
    id         bigint GENERATED ALWAYS AS IDENTITY,
    name       text NOT NULL,
    time_zone  text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_agency PRIMARY KEY (id),
    CONSTRAINT uq_agency_name UNIQUE (name)
);

CREATE TABLE officer (
    id               bigint GENERATED ALWAYS AS IDENTITY,
    agency_id        bigint NOT NULL,
    email            text NOT NULL,
    display_name     text NOT NULL,
    role             text NOT NULL,
    password_hash    text NOT NULL,
    is_active        boolean NOT NULL DEFAULT true,
    failed_sign_ins  integer NOT NULL DEFAULT 0,
    locked_until_at  timestamptz,
    created_at       timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_officer PRIMARY KEY (id),
    CONSTRAINT fk_officer_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT ck_officer_role CHECK (role IN ('officer', 'supervisor', 'pretrial', 'administrator')),
    CONSTRAINT ck_officer_email_is_lower CHECK (email = lower(email)),
    CONSTRAINT uq_officer_email UNIQUE (email)
);
CREATE INDEX ix_officer_agency_id ON officer (agency_id);

CREATE TABLE web_session (
    token_hash   bytea NOT NULL,
    agency_id    bigint NOT NULL,
    officer_id   bigint NOT NULL,
    csrf_token   text NOT NULL,
    created_at   timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    CONSTRAINT pk_web_session PRIMARY KEY (token_hash),
    CONSTRAINT fk_web_session_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_web_session_officer_id FOREIGN KEY (officer_id) REFERENCES officer (id)
);
CREATE INDEX ix_web_session_officer_id ON web_session (officer_id);

CREATE TABLE supervisee (
    id                     bigint GENERATED ALWAYS AS IDENTITY,
    agency_id              bigint NOT NULL,
    case_number            text NOT NULL,
    full_name              text NOT NULL,
    time_zone              text NOT NULL,
    supervising_officer_id bigint NOT NULL,
    created_at             timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_supervisee PRIMARY KEY (id),
    CONSTRAINT fk_supervisee_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_supervisee_supervising_officer_id
        FOREIGN KEY (supervising_officer_id) REFERENCES officer (id),
    CONSTRAINT uq_supervisee_agency_id_case_number UNIQUE (agency_id, case_number)
);
CREATE INDEX ix_supervisee_supervising_officer_id ON supervisee (supervising_officer_id);

CREATE TABLE protected_person (
    id           bigint GENERATED ALWAYS AS IDENTITY,
    agency_id    bigint NOT NULL,
    full_name    text NOT NULL,
    safe_contact text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_protected_person PRIMARY KEY (id),
    CONSTRAINT fk_protected_person_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id)
);
CREATE INDEX ix_protected_person_agency_id ON protected_person (agency_id);

CREATE TABLE court_order (
    id                  bigint GENERATED ALWAYS AS IDENTITY,
    agency_id           bigint NOT NULL,
    supervisee_id       bigint NOT NULL,
    protected_person_id bigint NOT NULL,
    court               text NOT NULL,
    court_case_number   text NOT NULL,
    begins_at           timestamptz NOT NULL,
    ends_at             timestamptz,
    created_at          timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_court_order PRIMARY KEY (id),
    CONSTRAINT fk_court_order_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_court_order_supervisee_id FOREIGN KEY (supervisee_id) REFERENCES supervisee (id),
    CONSTRAINT fk_court_order_protected_person_id
        FOREIGN KEY (protected_person_id) REFERENCES protected_person (id),
    CONSTRAINT ck_court_order_ends_after_it_begins CHECK (ends_at > begins_at)
);
CREATE INDEX ix_court_order_supervisee_id ON court_order (supervisee_id);

CREATE TABLE device (
    id         bigint GENERATED ALWAYS AS IDENTITY,
    agency_id  bigint NOT NULL,
    uid        text NOT NULL,
    model      text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_device PRIMARY KEY (id),
    CONSTRAINT fk_device_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT uq_device_uid UNIQUE (uid)
);
CREATE INDEX ix_device_agency_id ON device (agency_id);

-- Who wore a device when; half-open, and never two people at once.
CREATE TABLE device_assignment (
    id            bigint GENERATED ALWAYS AS IDENTITY,
    agency_id     bigint NOT NULL,
    device_id     bigint NOT NULL,
    supervisee_id bigint NOT NULL,
    assigned_at   timestamptz NOT NULL,
    returned_at   timestamptz,
    CONSTRAINT pk_device_assignment PRIMARY KEY (id),
    CONSTRAINT fk_device_assignment_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_device_assignment_device_id FOREIGN KEY (device_id) REFERENCES device (id),
    CONSTRAINT fk_device_assignment_supervisee_id
        FOREIGN KEY (supervisee_id) REFERENCES supervisee (id),
    CONSTRAINT ck_device_assignment_returned_after_assigned CHECK (returned_at > assigned_at),
    CONSTRAINT ex_device_assignment_one_wearer EXCLUDE USING gist
        (device_id WITH =, tstzrange(assigned_at, returned_at) WITH &&)
);
CREATE INDEX ix_device_assignment_supervisee_id ON device_assignment (supervisee_id);

-- Counts every change to devices and who wears them: ingest keeps the roster until it moves.
CREATE TABLE roster_epoch (
    is_only boolean NOT NULL DEFAULT true,
    epoch   bigint NOT NULL,
    CONSTRAINT pk_roster_epoch PRIMARY KEY (is_only),
    CONSTRAINT ck_roster_epoch_is_one_row CHECK (is_only)
);
INSERT INTO roster_epoch (epoch) VALUES (0);

CREATE FUNCTION count_roster_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE roster_epoch SET epoch = epoch + 1;
    RETURN NULL;
END
$$;
CREATE TRIGGER count_change AFTER INSERT OR UPDATE OR DELETE ON device
    FOR EACH STATEMENT EXECUTE FUNCTION count_roster_change();
CREATE TRIGGER count_change AFTER INSERT OR UPDATE OR DELETE ON device_assignment
    FOR EACH STATEMENT EXECUTE FUNCTION count_roster_change();
