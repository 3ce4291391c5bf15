-- Whether a means fails is asked with each first screen: from an agency's latest attempts.
CREATE INDEX ix_notification_attempt_agency_id_ended_at
    ON notification_attempt (agency_id, ended_at);
