-- Beside what all fenced tables allow.
GRANT UPDATE (secrets, ended_at, ended_by_id) ON contact_point TO supervision_web, supervision_engine;
GRANT UPDATE (ended_at, outcome, reason) ON notification_attempt TO supervision_engine;
