-- A drill, and its alert that walks the ladder. `started_by_id` is null where a command began it.
CREATE TABLE alert_drill (
    id            bigint GENERATED ALWAYS AS IDENTITY,
    agency_id     bigint NOT NULL,
    kind          text NOT NULL,
    officer_id    bigint NOT NULL,
    is_at_once    boolean NOT NULL,
    started_by_id bigint,
    started_at    timestamptz NOT NULL,
    CONSTRAINT pk_alert_drill PRIMARY KEY (id),
    CONSTRAINT fk_alert_drill_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_alert_drill_officer_id FOREIGN KEY (officer_id) REFERENCES officer (id),
    CONSTRAINT fk_alert_drill_started_by_id FOREIGN KEY (started_by_id) REFERENCES officer (id)
);
CREATE INDEX ix_alert_drill_agency_id ON alert_drill (agency_id);
CREATE INDEX ix_alert_drill_officer_id_started_at ON alert_drill (officer_id, started_at);

-- What is about nobody is a drill, and only a drill is closed without a person's judgement.
ALTER TABLE alert
    ADD COLUMN drill_id bigint,
    ADD CONSTRAINT fk_alert_drill_id FOREIGN KEY (drill_id) REFERENCES alert_drill (id),
    ADD CONSTRAINT uq_alert_drill_id UNIQUE (drill_id),
    ALTER COLUMN supervisee_id DROP NOT NULL,
    ADD CONSTRAINT ck_alert_supervisee CHECK ((supervisee_id IS NULL) = (drill_id IS NOT NULL)),
    DROP CONSTRAINT ck_alert_closed_by_a_person,
    ADD CONSTRAINT ck_alert_closed_by_a_person CHECK (
        drill_id IS NOT NULL
        OR (handling = 'closed') = (closed_by_id IS NOT NULL AND disposition IS NOT NULL)),
    ADD CONSTRAINT ck_alert_drill CHECK (
        drill_id IS NULL
        OR (handling IN ('new', 'closed') AND disposition IS NULL
            AND (handling = 'closed') = (closed_at IS NOT NULL)));
-- What was only logged, nobody has read.
ALTER TABLE notification_attempt
    DROP CONSTRAINT ck_notification_attempt_outcome,
    ADD CONSTRAINT ck_notification_attempt_outcome
        CHECK (outcome IN ('sent', 'logged', 'failed', 'refused')),
    DROP CONSTRAINT ck_notification_attempt_reason,
    ADD CONSTRAINT ck_notification_attempt_reason
        CHECK (outcome IS NULL OR (outcome IN ('sent', 'logged')) = (reason IS NULL));
-- One drill of an agency at a time.
CREATE UNIQUE INDEX uq_alert_agency_id_drill ON alert (agency_id)
    WHERE drill_id IS NOT NULL AND handling = 'new';
