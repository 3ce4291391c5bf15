-- Beside what all fenced tables allow.
GRANT UPDATE (ended_at, ended_by_id) ON rota, rota_override TO supervision_web, supervision_engine;
