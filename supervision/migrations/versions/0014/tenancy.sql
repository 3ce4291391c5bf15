REVOKE INSERT ON protected_event FROM supervision_web;
GRANT UPDATE (lon, lat, accuracy_m) ON protected_event TO supervision_engine;
