-- A link by which a patrol reads the packet about an alert; only the token's hash is kept.
CREATE TABLE dispatch_link (
    id                 bigint GENERATED ALWAYS AS IDENTITY,
    agency_id          bigint NOT NULL,
    alert_id           bigint NOT NULL,
    token_hash         bytea NOT NULL,
    shows_safe_contact boolean NOT NULL,
    made_by_id         bigint NOT NULL,
    made_at            timestamptz NOT NULL,
    expires_at         timestamptz NOT NULL,
    withdrawn_at       timestamptz,
    withdrawn_by_id    bigint,
    CONSTRAINT pk_dispatch_link PRIMARY KEY (id),
    CONSTRAINT fk_dispatch_link_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_dispatch_link_alert_id FOREIGN KEY (alert_id) REFERENCES alert (id),
    CONSTRAINT fk_dispatch_link_made_by_id FOREIGN KEY (made_by_id) REFERENCES officer (id),
    CONSTRAINT fk_dispatch_link_withdrawn_by_id
        FOREIGN KEY (withdrawn_by_id) REFERENCES officer (id),
    CONSTRAINT uq_dispatch_link_token_hash UNIQUE (token_hash),
    CONSTRAINT ck_dispatch_link_expires_at
        CHECK (expires_at > made_at AND expires_at <= made_at + interval '24 hours'),
    CONSTRAINT ck_dispatch_link_withdrawn
        CHECK ((withdrawn_at IS NULL) = (withdrawn_by_id IS NULL))
);
CREATE INDEX ix_dispatch_link_alert_id ON dispatch_link (alert_id);

-- Each time a packet was read, and in which form.
CREATE TABLE dispatch_opening (
    id               bigint GENERATED ALWAYS AS IDENTITY,
    agency_id        bigint NOT NULL,
    dispatch_link_id bigint NOT NULL,
    form             text NOT NULL,
    at               timestamptz NOT NULL,
    CONSTRAINT pk_dispatch_opening PRIMARY KEY (id),
    CONSTRAINT fk_dispatch_opening_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_dispatch_opening_dispatch_link_id
        FOREIGN KEY (dispatch_link_id) REFERENCES dispatch_link (id),
    CONSTRAINT ck_dispatch_opening_form CHECK (form IN ('page', 'cap'))
);
CREATE INDEX ix_dispatch_opening_dispatch_link_id ON dispatch_opening (dispatch_link_id);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON dispatch_opening
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
