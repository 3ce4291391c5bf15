GRANT UPDATE (settled_at) ON delivery_receipt TO supervision_engine;
