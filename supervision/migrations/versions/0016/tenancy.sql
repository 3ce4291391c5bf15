GRANT UPDATE, DELETE ON supervisee_photo TO supervision_web, supervision_engine;
