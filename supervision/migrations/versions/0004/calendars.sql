-- A calendar that an officer's or a person's own program reads; only the token's hash is kept.
CREATE TABLE calendar_feed (
    id            bigint GENERATED ALWAYS AS IDENTITY,
    agency_id     bigint NOT NULL,
    token_hash    bytea NOT NULL,
    officer_id    bigint,
    supervisee_id bigint,
    made_by_id    bigint NOT NULL,
    made_at       timestamptz NOT NULL,
    ended_at      timestamptz,
    ended_by_id   bigint,
    CONSTRAINT pk_calendar_feed PRIMARY KEY (id),
    CONSTRAINT fk_calendar_feed_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_calendar_feed_officer_id FOREIGN KEY (officer_id) REFERENCES officer (id),
    CONSTRAINT fk_calendar_feed_supervisee_id
        FOREIGN KEY (supervisee_id) REFERENCES supervisee (id),
    CONSTRAINT fk_calendar_feed_made_by_id FOREIGN KEY (made_by_id) REFERENCES officer (id),
    CONSTRAINT fk_calendar_feed_ended_by_id FOREIGN KEY (ended_by_id) REFERENCES officer (id),
    CONSTRAINT uq_calendar_feed_token_hash UNIQUE (token_hash),
    CONSTRAINT ck_calendar_feed_whose CHECK ((officer_id IS NULL) <> (supervisee_id IS NULL)),
    CONSTRAINT ck_calendar_feed_ended CHECK ((ended_at IS NULL) = (ended_by_id IS NULL))
);
