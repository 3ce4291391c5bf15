-- Where people may not be, and the stays that positions show there.

CREATE TABLE exclusion_zone (
    id             bigint GENERATED ALWAYS AS IDENTITY,
    agency_id      bigint NOT NULL,
    supervisee_id  bigint NOT NULL,
    court_order_id bigint NOT NULL,
    name           text NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_exclusion_zone PRIMARY KEY (id),
    CONSTRAINT fk_exclusion_zone_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_exclusion_zone_supervisee_id
        FOREIGN KEY (supervisee_id) REFERENCES supervisee (id),
    CONSTRAINT fk_exclusion_zone_court_order_id
        FOREIGN KEY (court_order_id) REFERENCES court_order (id)
);
CREATE INDEX ix_exclusion_zone_supervisee_id ON exclusion_zone (supervisee_id);

-- Never changed: a version holds from `armed_at` until `ends_at` or the next version.
-- A version without geometry retires the zone.
CREATE TABLE zone_version (
    id            bigint GENERATED ALWAYS AS IDENTITY,
    agency_id     bigint NOT NULL,
    supervisee_id bigint NOT NULL,
    zone_id       bigint NOT NULL,
    version       integer NOT NULL,
    epoch         bigint NOT NULL,
    shape         text NOT NULL,
    geom          geometry(Geometry, 4326),
    buffer_m      double precision NOT NULL,
    armed_at      timestamptz NOT NULL,
    ends_at       timestamptz,
    notes         text[] NOT NULL,
    drawn_by_id   bigint,
    drawn_at      timestamptz NOT NULL,
    CONSTRAINT pk_zone_version PRIMARY KEY (id),
    CONSTRAINT fk_zone_version_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_zone_version_supervisee_id
        FOREIGN KEY (supervisee_id) REFERENCES supervisee (id),
    CONSTRAINT fk_zone_version_zone_id FOREIGN KEY (zone_id) REFERENCES exclusion_zone (id),
    CONSTRAINT fk_zone_version_drawn_by_id FOREIGN KEY (drawn_by_id) REFERENCES officer (id),
    CONSTRAINT uq_zone_version_zone_id_version UNIQUE (zone_id, version),
    CONSTRAINT ck_zone_version_shape CHECK (shape IN ('circle', 'polygon', 'corridor', 'retired')),
    CONSTRAINT ck_zone_version_retired_has_no_geometry CHECK ((geom IS NULL) = (shape = 'retired')),
    CONSTRAINT ck_zone_version_ends_after_armed CHECK (ends_at > armed_at)
);
CREATE INDEX ix_zone_version_agency_id_epoch ON zone_version (agency_id, epoch);
CREATE INDEX ix_zone_version_armed_at ON zone_version (armed_at);
CREATE INDEX ix_zone_version_ends_at ON zone_version (ends_at);

-- Counts an agency's zone changes; its row lock makes epochs commit in order (ADR-0003).
CREATE TABLE zone_epoch (
    agency_id bigint NOT NULL,
    epoch     bigint NOT NULL,
    CONSTRAINT pk_zone_epoch PRIMARY KEY (agency_id),
    CONSTRAINT fk_zone_epoch_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id)
);

-- `left_at` is the first fix known outside; null while the stay lasts.
CREATE TABLE zone_stay (
    id                  bigint GENERATED ALWAYS AS IDENTITY,
    agency_id           bigint NOT NULL,
    supervisee_id       bigint NOT NULL,
    zone_id             bigint NOT NULL,
    zone_version_id     bigint NOT NULL,
    grade               text NOT NULL,
    entered_at          timestamptz NOT NULL,
    last_seen_at        timestamptz NOT NULL,
    left_at             timestamptz,
    deepest_m           double precision NOT NULL,
    deepest_accuracy_m  double precision NOT NULL,
    entry_position_id   bigint NOT NULL,
    deepest_position_id bigint NOT NULL,
    fix_count           integer NOT NULL,
    is_late             boolean NOT NULL,
    found_at            timestamptz NOT NULL,
    withdrawn_at        timestamptz,
    CONSTRAINT pk_zone_stay PRIMARY KEY (id),
    CONSTRAINT fk_zone_stay_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_zone_stay_supervisee_id FOREIGN KEY (supervisee_id) REFERENCES supervisee (id),
    CONSTRAINT fk_zone_stay_zone_id FOREIGN KEY (zone_id) REFERENCES exclusion_zone (id),
    CONSTRAINT fk_zone_stay_zone_version_id
        FOREIGN KEY (zone_version_id) REFERENCES zone_version (id),
    CONSTRAINT ck_zone_stay_grade CHECK (grade IN ('possible', 'confirmed')),
    CONSTRAINT ck_zone_stay_times
        CHECK (entered_at <= last_seen_at AND (left_at IS NULL OR last_seen_at <= left_at))
);
CREATE INDEX ix_zone_stay_supervisee_id_left_at ON zone_stay (supervisee_id, left_at);
CREATE INDEX ix_zone_stay_zone_id ON zone_stay (zone_id);
