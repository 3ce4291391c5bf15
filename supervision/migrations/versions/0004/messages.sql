-- A reminder is a row made ahead with its check-in: it is sent once, or says why it was not.
CREATE TABLE checkin_reminder (
    id         bigint GENERATED ALWAYS AS IDENTITY,
    agency_id  bigint NOT NULL,
    checkin_id bigint NOT NULL,
    kind       text NOT NULL,
    due_at     timestamptz NOT NULL,
    outcome    text,
    settled_at timestamptz,
    CONSTRAINT pk_checkin_reminder PRIMARY KEY (id),
    CONSTRAINT fk_checkin_reminder_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_checkin_reminder_checkin_id FOREIGN KEY (checkin_id) REFERENCES checkin (id),
    CONSTRAINT uq_checkin_reminder_checkin_id_due_at UNIQUE (checkin_id, due_at),
    CONSTRAINT ck_checkin_reminder_kind CHECK (kind IN ('ahead', 'open')),
    CONSTRAINT ck_checkin_reminder_outcome
        CHECK (outcome IN ('queued', 'pointless', 'unreachable')),
    CONSTRAINT ck_checkin_reminder_settled CHECK ((outcome IS NULL) = (settled_at IS NULL))
);
CREATE INDEX ix_checkin_reminder_due_at ON checkin_reminder (due_at) WHERE outcome IS NULL;

-- The outbox carries messages to officers about alerts, and to people about their check-ins.
ALTER TABLE notification
    ALTER COLUMN alert_id DROP NOT NULL,
    ALTER COLUMN officer_id DROP NOT NULL,
    ADD COLUMN checkin_id bigint,
    ADD COLUMN supervisee_id bigint,
    ADD COLUMN kind text NOT NULL DEFAULT 'alert',
    ADD COLUMN expires_at timestamptz,
    ADD CONSTRAINT fk_notification_checkin_id FOREIGN KEY (checkin_id) REFERENCES checkin (id),
    ADD CONSTRAINT fk_notification_supervisee_id
        FOREIGN KEY (supervisee_id) REFERENCES supervisee (id),
    DROP CONSTRAINT ck_notification_state,
    ADD CONSTRAINT ck_notification_state
        CHECK (state IN ('pending', 'sending', 'sent', 'failed', 'expired')),
    ADD CONSTRAINT ck_notification_channel CHECK (channel IN ('email', 'sms', 'log')),
    ADD CONSTRAINT ck_notification_kind CHECK (kind IN ('alert', 'checkin_ahead', 'checkin_open')),
    ADD CONSTRAINT ck_notification_receiver CHECK (
        (kind = 'alert') = (alert_id IS NOT NULL AND officer_id IS NOT NULL
                            AND checkin_id IS NULL AND supervisee_id IS NULL)
        AND (kind <> 'alert') = (checkin_id IS NOT NULL AND supervisee_id IS NOT NULL
                                 AND alert_id IS NULL AND officer_id IS NULL));
CREATE INDEX ix_notification_checkin_id ON notification (checkin_id)
    WHERE checkin_id IS NOT NULL;
