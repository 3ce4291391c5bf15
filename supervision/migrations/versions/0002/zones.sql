-- Zones as orders need them: inclusion, warning rings, schedules, exceptions, shared sets.

ALTER TABLE exclusion_zone RENAME TO zone;
ALTER TABLE zone RENAME CONSTRAINT pk_exclusion_zone TO pk_zone;
ALTER TABLE zone RENAME CONSTRAINT fk_exclusion_zone_agency_id TO fk_zone_agency_id;
ALTER TABLE zone RENAME CONSTRAINT fk_exclusion_zone_supervisee_id TO fk_zone_supervisee_id;
ALTER TABLE zone RENAME CONSTRAINT fk_exclusion_zone_court_order_id TO fk_zone_court_order_id;
ALTER INDEX ix_exclusion_zone_supervisee_id RENAME TO ix_zone_supervisee_id;

-- Places that many people must keep away from, drawn once: all schools of a county.
CREATE TABLE zone_set (
    id         bigint GENERATED ALWAYS AS IDENTITY,
    agency_id  bigint NOT NULL,
    name       text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_zone_set PRIMARY KEY (id),
    CONSTRAINT fk_zone_set_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT uq_zone_set_agency_id_name UNIQUE (agency_id, name)
);

-- To whom a set applies, by which clause, from when until when. One taken back before it began
-- ends when it would have begun: it applied never.
CREATE TABLE zone_set_member (
    id              bigint GENERATED ALWAYS AS IDENTITY,
    agency_id       bigint NOT NULL,
    zone_set_id     bigint NOT NULL,
    supervisee_id   bigint NOT NULL,
    order_clause_id bigint NOT NULL,
    epoch           bigint NOT NULL,
    begins_at       timestamptz NOT NULL,
    ends_at         timestamptz,
    added_by_id     bigint,
    added_at        timestamptz NOT NULL,
    CONSTRAINT pk_zone_set_member PRIMARY KEY (id),
    CONSTRAINT fk_zone_set_member_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_zone_set_member_zone_set_id FOREIGN KEY (zone_set_id) REFERENCES zone_set (id),
    CONSTRAINT fk_zone_set_member_supervisee_id
        FOREIGN KEY (supervisee_id) REFERENCES supervisee (id),
    CONSTRAINT fk_zone_set_member_order_clause_id
        FOREIGN KEY (order_clause_id) REFERENCES order_clause (id),
    CONSTRAINT fk_zone_set_member_added_by_id FOREIGN KEY (added_by_id) REFERENCES officer (id),
    CONSTRAINT ck_zone_set_member_ends_not_before_it_begins CHECK (ends_at >= begins_at),
    CONSTRAINT ex_zone_set_member_once EXCLUDE USING gist (
        zone_set_id WITH =, supervisee_id WITH =, tstzrange(begins_at, ends_at) WITH &&)
);
CREATE INDEX ix_zone_set_member_supervisee_id ON zone_set_member (supervisee_id);
CREATE INDEX ix_zone_set_member_agency_id_epoch ON zone_set_member (agency_id, epoch);

-- A zone is one person's, by a clause of his order, or one of a set.
ALTER TABLE zone
    ADD COLUMN kind            text NOT NULL DEFAULT 'exclusion',
    ADD COLUMN order_clause_id bigint,
    ADD COLUMN zone_set_id     bigint,
    ALTER COLUMN supervisee_id DROP NOT NULL,
    ALTER COLUMN court_order_id DROP NOT NULL,
    ADD CONSTRAINT fk_zone_order_clause_id
        FOREIGN KEY (order_clause_id) REFERENCES order_clause (id),
    ADD CONSTRAINT fk_zone_zone_set_id FOREIGN KEY (zone_set_id) REFERENCES zone_set (id),
    ADD CONSTRAINT ck_zone_kind CHECK (kind IN ('exclusion', 'inclusion'));
ALTER TABLE zone ALTER COLUMN kind DROP DEFAULT;
UPDATE zone z SET order_clause_id = c.id FROM order_clause c
WHERE c.court_order_id = z.court_order_id;
ALTER TABLE zone ADD CONSTRAINT ck_zone_whose CHECK (
    (zone_set_id IS NULL) = (supervisee_id IS NOT NULL)
    AND (zone_set_id IS NULL) = (court_order_id IS NOT NULL)
    AND (zone_set_id IS NULL) = (order_clause_id IS NOT NULL));
CREATE INDEX ix_zone_order_clause_id ON zone (order_clause_id);
CREATE INDEX ix_zone_zone_set_id ON zone (zone_set_id);

-- `inradius_m` is the radius of the largest circle inside: how far the engine may trust a fix in it.
-- `schedule` holds only within its windows, in `time_zone`; null: at all times.
ALTER TABLE zone_version DISABLE TRIGGER append_only;
ALTER TABLE zone_version
    ADD COLUMN warning_m  double precision NOT NULL DEFAULT 0,
    ADD COLUMN inradius_m double precision,
    ADD COLUMN schedule   jsonb,
    ADD COLUMN time_zone  text NOT NULL DEFAULT 'UTC',
    ALTER COLUMN supervisee_id DROP NOT NULL,
    ADD CONSTRAINT ck_zone_version_warning CHECK (warning_m >= 0);
UPDATE zone_version v SET inradius_m = CASE
    WHEN shape = 'polygon' THEN (ST_MaximumInscribedCircle(
        ST_Transform(geom, _ST_BestSRID(geom::geography)))).radius
    ELSE buffer_m END;
UPDATE zone_version v SET time_zone = s.time_zone FROM supervisee s WHERE s.id = v.supervisee_id;
ALTER TABLE zone_version
    ALTER COLUMN inradius_m SET NOT NULL,
    ALTER COLUMN warning_m DROP DEFAULT,
    ALTER COLUMN time_zone DROP DEFAULT;
ALTER TABLE zone_version ENABLE TRIGGER append_only;

-- A time in which a zone does not count for somebody: a hearing, a visit, an escorted errand.
-- Taken back by `withdrawn_at`, from then on; never rewritten.
CREATE TABLE zone_exception (
    id              bigint GENERATED ALWAYS AS IDENTITY,
    agency_id       bigint NOT NULL,
    supervisee_id   bigint NOT NULL,
    zone_id         bigint NOT NULL,
    epoch           bigint NOT NULL,
    kind            text NOT NULL,
    reason          text NOT NULL,
    begins_at       timestamptz NOT NULL,
    ends_at         timestamptz NOT NULL,
    granted_by_id   bigint NOT NULL,
    granted_at      timestamptz NOT NULL,
    withdrawn_at    timestamptz,
    withdrawn_by_id bigint,
    CONSTRAINT pk_zone_exception PRIMARY KEY (id),
    CONSTRAINT fk_zone_exception_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_zone_exception_supervisee_id
        FOREIGN KEY (supervisee_id) REFERENCES supervisee (id),
    CONSTRAINT fk_zone_exception_zone_id FOREIGN KEY (zone_id) REFERENCES zone (id),
    CONSTRAINT fk_zone_exception_granted_by_id FOREIGN KEY (granted_by_id) REFERENCES officer (id),
    CONSTRAINT fk_zone_exception_withdrawn_by_id
        FOREIGN KEY (withdrawn_by_id) REFERENCES officer (id),
    CONSTRAINT ck_zone_exception_kind CHECK (
        kind IN ('court_hearing', 'visitation', 'escorted_retrieval', 'other')),
    CONSTRAINT ck_zone_exception_reason CHECK (reason <> ''),
    CONSTRAINT ck_zone_exception_ends_after_it_begins CHECK (ends_at > begins_at),
    CONSTRAINT ck_zone_exception_withdrawn
        CHECK ((withdrawn_at IS NULL) = (withdrawn_by_id IS NULL))
);
CREATE INDEX ix_zone_exception_supervisee_id ON zone_exception (supervisee_id);
CREATE INDEX ix_zone_exception_zone_id ON zone_exception (zone_id);
CREATE INDEX ix_zone_exception_agency_id_epoch ON zone_exception (agency_id, epoch);

-- When a zone begins or ceases to count for somebody, made ahead and swept when due.
-- `zone_id` is one of his own, or of a set that applies to him.
CREATE TABLE zone_boundary (
    agency_id     bigint NOT NULL,
    supervisee_id bigint NOT NULL,
    zone_id       bigint NOT NULL,
    at            timestamptz NOT NULL,
    swept_at      timestamptz,
    CONSTRAINT pk_zone_boundary PRIMARY KEY (supervisee_id, zone_id, at),
    CONSTRAINT fk_zone_boundary_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_zone_boundary_supervisee_id
        FOREIGN KEY (supervisee_id) REFERENCES supervisee (id),
    CONSTRAINT fk_zone_boundary_zone_id FOREIGN KEY (zone_id) REFERENCES zone (id)
);
CREATE INDEX ix_zone_boundary_at ON zone_boundary (at) WHERE swept_at IS NULL;

-- What the sweep of before has not come to yet.
INSERT INTO zone_boundary (agency_id, supervisee_id, zone_id, at)
SELECT DISTINCT v.agency_id, v.supervisee_id, v.zone_id, moment.at
FROM zone_version v
LEFT JOIN sweep_mark m ON m.name = 'zone_boundaries',
    unnest(ARRAY[v.armed_at, v.ends_at]) AS moment (at)
WHERE moment.at > greatest(v.drawn_at, m.swept_to);
DELETE FROM sweep_mark WHERE name = 'zone_boundaries';

-- `ring` tells a stay in the zone from one in its warning ring. Entry lies between
-- `entered_after_at` and `entered_at`, leaving between `last_seen_at` and `left_before_at`.
ALTER TABLE zone_stay
    ADD COLUMN ring                text NOT NULL DEFAULT 'zone',
    ADD COLUMN evidence_kind       text NOT NULL DEFAULT 'fix',
    ADD COLUMN entered_after_at    timestamptz,
    ADD COLUMN left_before_at      timestamptz,
    ADD COLUMN decided_at          timestamptz,
    ADD COLUMN decided_share       double precision,
    ADD COLUMN decided_distance_m  double precision,
    ADD COLUMN decided_accuracy_m  double precision,
    ADD COLUMN decided_position_id bigint,
    ADD COLUMN closing_at          timestamptz,
    ADD COLUMN closing_mps         double precision,
    ADD COLUMN eta_s               double precision,
    ADD CONSTRAINT ck_zone_stay_ring CHECK (ring IN ('zone', 'warning')),
    ADD CONSTRAINT ck_zone_stay_evidence_kind CHECK (evidence_kind IN ('fix', 'way', 'carried'));
UPDATE zone_stay SET decided_at = entered_at, decided_share = 0.5,
    decided_distance_m = -deepest_m, decided_accuracy_m = deepest_accuracy_m,
    decided_position_id = deepest_position_id, left_before_at = left_at;
ALTER TABLE zone_stay
    ALTER COLUMN ring DROP DEFAULT,
    ALTER COLUMN evidence_kind DROP DEFAULT,
    ALTER COLUMN decided_at SET NOT NULL,
    ALTER COLUMN decided_share SET NOT NULL,
    ALTER COLUMN decided_distance_m SET NOT NULL,
    ALTER COLUMN decided_accuracy_m SET NOT NULL,
    ALTER COLUMN decided_position_id SET NOT NULL;

-- A silence in which a zone could have been reached: not a stay, and not nothing.
-- Of a set there is one row, with how many of its zones were in reach; `zone_id` is the nearest.
CREATE TABLE zone_silence (
    id              bigint GENERATED ALWAYS AS IDENTITY,
    agency_id       bigint NOT NULL,
    supervisee_id   bigint NOT NULL,
    zone_id         bigint NOT NULL,
    zone_version_id bigint NOT NULL,
    zone_set_id     bigint,
    zones_in_reach  integer NOT NULL,
    from_at         timestamptz NOT NULL,
    until_at        timestamptz NOT NULL,
    spare_m         double precision NOT NULL,
    found_at        timestamptz NOT NULL,
    withdrawn_at    timestamptz,
    CONSTRAINT pk_zone_silence PRIMARY KEY (id),
    CONSTRAINT fk_zone_silence_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_zone_silence_supervisee_id
        FOREIGN KEY (supervisee_id) REFERENCES supervisee (id),
    CONSTRAINT fk_zone_silence_zone_id FOREIGN KEY (zone_id) REFERENCES zone (id),
    CONSTRAINT fk_zone_silence_zone_version_id
        FOREIGN KEY (zone_version_id) REFERENCES zone_version (id),
    CONSTRAINT fk_zone_silence_zone_set_id FOREIGN KEY (zone_set_id) REFERENCES zone_set (id),
    CONSTRAINT ck_zone_silence_times CHECK (from_at < until_at)
);
CREATE INDEX ix_zone_silence_supervisee_id_until_at ON zone_silence (supervisee_id, until_at);
CREATE INDEX ix_zone_silence_zone_id ON zone_silence (zone_id);
