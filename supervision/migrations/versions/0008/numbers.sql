-- What the numbers of a range of time are reckoned from, so that the rows themselves, scattered among
-- a million with their evidence, need not be read.
CREATE INDEX ix_alert_agency_id_found_at ON alert (agency_id, found_at)
    INCLUDE (id, officer_id, supervisee_id, kind, closed_at, disposition);
-- When somebody first did something about an alert.
CREATE INDEX ix_alert_event_seen ON alert_event (alert_id, at) INCLUDE (agency_id)
    WHERE kind IN ('acknowledged', 'taken_in_hand', 'closed');
