-- What was asked, and what happened, stays written.
GRANT UPDATE (ended_at, ended_by_id) ON checkin_plan TO supervision_web, supervision_engine;
GRANT UPDATE (is_current, made_until) ON checkin_plan_version
    TO supervision_web, supervision_engine;
GRANT UPDATE (state, attended_at) ON checkin TO supervision_web, supervision_engine;
