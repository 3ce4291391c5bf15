-- What was found in a range of time, and when somebody first did something about it.
CREATE INDEX ix_alert_agency_id_found_at ON alert (agency_id, found_at);
CREATE INDEX ix_alert_event_seen ON alert_event (alert_id, at)
    WHERE kind IN ('acknowledged', 'taken_in_hand', 'closed');
