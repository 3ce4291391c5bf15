-- An officer's app listens at the broker to its own topic, under its own account; nobody else has one.
ALTER TABLE contact_point
    DROP CONSTRAINT ck_contact_point_means,
    ADD CONSTRAINT ck_contact_point_means CHECK (means IN ('email', 'sms', 'voice', 'webhook', 'app')),
    ADD CONSTRAINT ck_contact_point_app CHECK (
        means <> 'app' OR (officer_id IS NOT NULL AND address = 'officer-' || officer_id));
ALTER TABLE notification
    DROP CONSTRAINT ck_notification_channel,
    ADD CONSTRAINT ck_notification_channel
        CHECK (channel IN ('email', 'sms', 'voice', 'webhook', 'app', 'log'));
