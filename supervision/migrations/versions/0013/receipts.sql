-- That a gateway took a message is `sent`; that it arrived, or did not, it says later.
ALTER TABLE notification
    ADD COLUMN delivered_at timestamptz,
    DROP CONSTRAINT ck_notification_state,
    ADD CONSTRAINT ck_notification_state
        CHECK (state IN ('pending', 'sending', 'sent', 'delivered', 'failed', 'expired')),
    DROP CONSTRAINT ck_notification_sent,
    ADD CONSTRAINT ck_notification_sent CHECK (
        CASE WHEN state IN ('sent', 'delivered') THEN sent_at IS NOT NULL
             ELSE state = 'failed' OR sent_at IS NULL END),
    ADD CONSTRAINT ck_notification_delivered
        CHECK ((state = 'delivered') = (delivered_at IS NOT NULL));
ALTER TABLE notification_attempt
    DROP CONSTRAINT ck_notification_attempt_outcome,
    ADD CONSTRAINT ck_notification_attempt_outcome
        CHECK (outcome IN ('sent', 'logged', 'failed', 'refused', 'undelivered'));

-- As it came; the scheduler settles it. `reason` is null where the message arrived.
CREATE TABLE delivery_receipt (
    id              bigint GENERATED ALWAYS AS IDENTITY,
    agency_id       bigint NOT NULL,
    notification_id bigint NOT NULL,
    status          text NOT NULL,
    reason          text,
    at              timestamptz NOT NULL,
    settled_at      timestamptz,
    CONSTRAINT pk_delivery_receipt PRIMARY KEY (id),
    CONSTRAINT fk_delivery_receipt_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_delivery_receipt_notification_id
        FOREIGN KEY (notification_id) REFERENCES notification (id),
    CONSTRAINT uq_delivery_receipt_notification_id_status UNIQUE (notification_id, status)
);
CREATE INDEX ix_delivery_receipt_agency_id ON delivery_receipt (agency_id);
CREATE INDEX ix_delivery_receipt_unsettled ON delivery_receipt (id) WHERE settled_at IS NULL;
