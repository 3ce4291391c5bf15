-- Where an alert is on its ladder; as long as it is not closed, something is due.
CREATE TABLE alert_climb (
    alert_id  bigint NOT NULL,
    agency_id bigint NOT NULL,
    began_at  timestamptz NOT NULL,
    rung      integer NOT NULL,
    round     integer NOT NULL,
    due_at    timestamptz NOT NULL,
    CONSTRAINT pk_alert_climb PRIMARY KEY (alert_id),
    CONSTRAINT fk_alert_climb_alert_id FOREIGN KEY (alert_id) REFERENCES alert (id),
    CONSTRAINT fk_alert_climb_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id)
);
CREATE INDEX ix_alert_climb_due_at ON alert_climb (due_at);
-- What was not closed before there were ladders begins to climb now.
INSERT INTO alert_climb (alert_id, agency_id, began_at, rung, round, due_at)
SELECT id, agency_id, now(), 1, 0, now() FROM alert WHERE handling <> 'closed';

-- An alert that lay untouched is new again.
CREATE OR REPLACE FUNCTION guard_alert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.handling <> NEW.handling AND (OLD.handling, NEW.handling) NOT IN (
        ('new', 'acknowledged'), ('new', 'in_hand'), ('new', 'closed'),
        ('acknowledged', 'in_hand'), ('acknowledged', 'closed'), ('in_hand', 'closed'),
        ('acknowledged', 'new'), ('in_hand', 'new'))
    THEN
        RAISE EXCEPTION 'an alert that is % cannot become %', OLD.handling, NEW.handling
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
