-- What devices are to be told. Written with the finding that wants it, sent after the commit; the
-- reason is ours alone and never goes out. A newer interval takes the place of an older one.

CREATE TABLE device_command (
    id               bigint GENERATED ALWAYS AS IDENTITY,
    agency_id        bigint NOT NULL,
    device_id        bigint NOT NULL,
    supervisee_id    bigint NOT NULL,
    kind             text NOT NULL,
    interval_s       integer,
    ends_at          timestamptz,
    reason           text NOT NULL,
    idempotency_key  text NOT NULL,
    state            text NOT NULL DEFAULT 'pending',
    attempts         integer NOT NULL DEFAULT 0,
    created_at       timestamptz NOT NULL,
    due_at           timestamptz NOT NULL,
    expires_at       timestamptz NOT NULL,
    claimed_at       timestamptz,
    sent_at          timestamptz,
    superseded_by_id bigint,
    last_error       text,
    CONSTRAINT pk_device_command PRIMARY KEY (id),
    CONSTRAINT fk_device_command_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_device_command_device_id FOREIGN KEY (device_id) REFERENCES device (id),
    CONSTRAINT fk_device_command_supervisee_id
        FOREIGN KEY (supervisee_id) REFERENCES supervisee (id),
    CONSTRAINT fk_device_command_superseded_by_id
        FOREIGN KEY (superseded_by_id) REFERENCES device_command (id),
    CONSTRAINT uq_device_command_idempotency_key UNIQUE (idempotency_key),
    CONSTRAINT ck_device_command_kind CHECK (kind IN ('set_interval', 'locate')),
    CONSTRAINT ck_device_command_interval
        CHECK ((kind = 'set_interval') = (interval_s IS NOT NULL)),
    CONSTRAINT ck_device_command_interval_is_a_time CHECK (interval_s > 0),
    CONSTRAINT ck_device_command_only_an_interval_ends
        CHECK (kind = 'set_interval' OR ends_at IS NULL),
    CONSTRAINT ck_device_command_expires_after_it_is_made CHECK (expires_at > created_at),
    CONSTRAINT ck_device_command_state
        CHECK (state IN ('pending', 'sending', 'sent', 'expired', 'superseded')),
    CONSTRAINT ck_device_command_sending CHECK ((state = 'sending') = (claimed_at IS NOT NULL)),
    CONSTRAINT ck_device_command_sent CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
    CONSTRAINT ck_device_command_superseded
        CHECK ((state = 'superseded') = (superseded_by_id IS NOT NULL))
);
CREATE INDEX ix_device_command_due_at ON device_command (due_at)
    WHERE state IN ('pending', 'sending');
CREATE INDEX ix_device_command_device_id_id ON device_command (device_id, id);
CREATE INDEX ix_device_command_supervisee_id_created_at
    ON device_command (supervisee_id, created_at);
