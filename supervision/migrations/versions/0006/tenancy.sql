-- Beside what all fenced tables allow.
GRANT UPDATE, DELETE ON alert_climb TO supervision_web, supervision_engine;
