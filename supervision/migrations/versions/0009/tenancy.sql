-- Beside what all fenced tables allow.
GRANT UPDATE (withdrawn_at, withdrawn_by_id) ON dispatch_link
    TO supervision_web, supervision_engine;
