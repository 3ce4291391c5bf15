-- The condition (`cleared_at`) and the handling are two axes: the one never moves the other.
DROP TRIGGER guard_alert ON alert;
ALTER TABLE alert RENAME COLUMN state TO handling;
ALTER TABLE alert
    ALTER COLUMN handling SET DEFAULT 'new',
    DROP CONSTRAINT ck_alert_state,
    ADD COLUMN in_hand_at timestamptz,
    ADD COLUMN in_hand_by_id bigint,
    ADD CONSTRAINT fk_alert_in_hand_by_id FOREIGN KEY (in_hand_by_id) REFERENCES officer (id);
UPDATE alert SET handling = 'new' WHERE handling = 'open';
ALTER TABLE alert
    ADD CONSTRAINT ck_alert_handling
        CHECK (handling IN ('new', 'acknowledged', 'in_hand', 'closed')),
    ADD CONSTRAINT ck_alert_in_hand CHECK (
        (in_hand_at IS NULL) = (in_hand_by_id IS NULL)
        AND (handling <> 'in_hand' OR in_hand_by_id IS NOT NULL));
ALTER INDEX ix_alert_agency_id_state RENAME TO ix_alert_agency_id_handling;
ALTER INDEX ix_alert_officer_id_state RENAME TO ix_alert_officer_id_handling;

-- The table of `alerts/rules.py`, for whoever comes past it.
CREATE OR REPLACE FUNCTION guard_alert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.handling <> NEW.handling AND (OLD.handling, NEW.handling) NOT IN (
        ('new', 'acknowledged'), ('new', 'in_hand'), ('new', 'closed'),
        ('acknowledged', 'in_hand'), ('acknowledged', 'closed'), ('in_hand', 'closed'))
    THEN
        RAISE EXCEPTION 'an alert that is % cannot become %', OLD.handling, NEW.handling
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard_alert BEFORE UPDATE ON alert FOR EACH ROW EXECUTE FUNCTION guard_alert();
