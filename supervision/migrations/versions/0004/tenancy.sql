-- Beside what all fenced tables allow.
GRANT DELETE ON public_holiday TO supervision_web;
GRANT UPDATE (ends_at, ended_by_id) ON checkin_pause TO supervision_web, supervision_engine;
GRANT UPDATE (outcome, settled_at) ON checkin_reminder TO supervision_web, supervision_engine;
GRANT UPDATE (ended_at, ended_by_id) ON calendar_feed TO supervision_web, supervision_engine;
GRANT UPDATE (clocks, draws) ON checkin_plan_version TO supervision_web, supervision_engine;
GRANT UPDATE (submitted_at, reviewed_at, reviewed_by_id, call_asked_at) ON checkin
    TO supervision_web, supervision_engine;
GRANT UPDATE (judged_at, device_position_id, device_fixed_at, distance_m, concerns)
    ON checkin_submission TO supervision_engine;
