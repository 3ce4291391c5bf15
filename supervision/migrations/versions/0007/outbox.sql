-- A message goes by a contact point; by none, to the e-mail address of the officer's account.
-- Those of one bundle go out as one; it is named after the first of them.
ALTER TABLE notification
    ADD COLUMN contact_point_id bigint,
    ADD COLUMN bundle_id bigint,
    ADD COLUMN is_only_while_new boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT fk_notification_contact_point_id
        FOREIGN KEY (contact_point_id) REFERENCES contact_point (id),
    ADD CONSTRAINT fk_notification_bundle_id FOREIGN KEY (bundle_id) REFERENCES notification (id),
    ADD CONSTRAINT ck_notification_failed CHECK (state <> 'failed' OR last_error IS NOT NULL),
    DROP CONSTRAINT ck_notification_channel,
    ADD CONSTRAINT ck_notification_channel
        CHECK (channel IN ('email', 'sms', 'voice', 'webhook', 'log')),
    DROP CONSTRAINT ck_notification_receiver,
    ADD CONSTRAINT ck_notification_receiver CHECK (
        (kind = 'alert') = (alert_id IS NOT NULL
                            AND (officer_id IS NOT NULL OR contact_point_id IS NOT NULL)
                            AND checkin_id IS NULL AND supervisee_id IS NULL)
        AND (kind <> 'alert') = (checkin_id IS NOT NULL AND supervisee_id IS NOT NULL
                                 AND alert_id IS NULL AND officer_id IS NULL
                                 AND contact_point_id IS NULL AND bundle_id IS NULL));
CREATE INDEX ix_notification_bundle_id ON notification (bundle_id) WHERE bundle_id IS NOT NULL;
CREATE INDEX ix_notification_sent_at ON notification (sent_at);

-- Every attempt to send a message, or a bundle by its first; without outcome while it lasts, and
-- for ever where the process died in it.
CREATE TABLE notification_attempt (
    id              bigint GENERATED ALWAYS AS IDENTITY,
    agency_id       bigint NOT NULL,
    notification_id bigint NOT NULL,
    number          integer NOT NULL,
    began_at        timestamptz NOT NULL,
    ended_at        timestamptz,
    outcome         text,
    reason          text,
    CONSTRAINT pk_notification_attempt PRIMARY KEY (id),
    CONSTRAINT fk_notification_attempt_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_notification_attempt_notification_id
        FOREIGN KEY (notification_id) REFERENCES notification (id),
    CONSTRAINT uq_notification_attempt_notification_id_number UNIQUE (notification_id, number),
    CONSTRAINT ck_notification_attempt_outcome CHECK (outcome IN ('sent', 'failed', 'refused')),
    CONSTRAINT ck_notification_attempt_ended CHECK ((outcome IS NULL) = (ended_at IS NULL)),
    CONSTRAINT ck_notification_attempt_reason
        CHECK (outcome IS NULL OR (outcome = 'sent') = (reason IS NULL))
);
