-- `slot` is the date of a regular check-in, or the week, draw and number of an unannounced one:
-- neither can be made twice. `room` is the video room's name, which nobody can guess.
ALTER TABLE checkin
    ADD COLUMN purpose text NOT NULL DEFAULT 'checkin',
    ADD COLUMN slot text,
    ADD COLUMN is_unannounced boolean NOT NULL DEFAULT false,
    ADD COLUMN room text,
    ADD COLUMN submitted_at timestamptz,
    ADD COLUMN reviewed_at timestamptz,
    ADD COLUMN reviewed_by_id bigint,
    ADD COLUMN call_asked_at timestamptz,
    ADD CONSTRAINT fk_checkin_reviewed_by_id FOREIGN KEY (reviewed_by_id) REFERENCES officer (id),
    DROP CONSTRAINT ck_checkin_state,
    ADD CONSTRAINT ck_checkin_state CHECK (
        state IN ('scheduled', 'open', 'attended', 'submitted', 'reviewed', 'missed', 'excused',
                  'cancelled', 'replaced')),
    ADD CONSTRAINT ck_checkin_purpose CHECK (purpose IN ('checkin', 'court', 'appointment')),
    ADD CONSTRAINT ck_checkin_submitted
        CHECK (state NOT IN ('submitted', 'reviewed') OR submitted_at IS NOT NULL),
    ADD CONSTRAINT ck_checkin_reviewed CHECK (
        (reviewed_at IS NULL) = (reviewed_by_id IS NULL)
        AND (state <> 'reviewed' OR reviewed_at IS NOT NULL));
UPDATE checkin SET slot = local_date::text, room = gen_random_uuid()::text;
ALTER TABLE checkin ALTER COLUMN slot SET NOT NULL, ALTER COLUMN room SET NOT NULL;
DROP INDEX uq_checkin_plan_date;
CREATE UNIQUE INDEX uq_checkin_plan_slot ON checkin (checkin_plan_id, slot)
    WHERE state <> 'replaced';
-- The officer's lists (checkins/service/needs.py): what needs a look, and what is still to come.
CREATE INDEX ix_checkin_attention ON checkin (agency_id, opens_at)
    WHERE state = 'submitted'
        OR (state = 'missed' AND reviewed_at IS NULL)
        OR (state = 'missed' AND submitted_at > reviewed_at)
        OR (state = 'missed' AND call_asked_at > reviewed_at)
        OR (state = 'open' AND call_asked_at IS NOT NULL);
CREATE INDEX ix_checkin_awaiting ON checkin (agency_id, opens_at)
    WHERE state IN ('scheduled', 'open');

-- What somebody told at a check-in by himself; `concerns` come first in the officer's review, and
-- the engine's side compares the position with zones and tracker, at `judged_at`.
CREATE TABLE checkin_submission (
    id                 bigint GENERATED ALWAYS AS IDENTITY,
    agency_id          bigint NOT NULL,
    checkin_id         bigint NOT NULL,
    submitted_at       timestamptz NOT NULL,
    language           text NOT NULL,
    answers            jsonb NOT NULL,
    wants_call         boolean NOT NULL,
    lon                double precision,
    lat                double precision,
    accuracy_m         double precision,
    located_at         timestamptz,
    no_position_reason text,
    device_position_id bigint,
    device_fixed_at    timestamptz,
    distance_m         double precision,
    concerns           text[] NOT NULL,
    judged_at          timestamptz,
    CONSTRAINT pk_checkin_submission PRIMARY KEY (id),
    CONSTRAINT fk_checkin_submission_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_checkin_submission_checkin_id FOREIGN KEY (checkin_id) REFERENCES checkin (id),
    CONSTRAINT uq_checkin_submission_checkin_id UNIQUE (checkin_id),
    CONSTRAINT ck_checkin_submission_position CHECK (
        (lon IS NULL) = (lat IS NULL) AND (lon IS NULL) = (located_at IS NULL)
        AND lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90)
);

CREATE INDEX ix_checkin_submission_unjudged ON checkin_submission (id)
    WHERE judged_at IS NULL AND lon IS NOT NULL;

-- An officer saw the person from a distance while they telephoned, and from where.
CREATE TABLE checkin_sighting (
    id         bigint GENERATED ALWAYS AS IDENTITY,
    agency_id  bigint NOT NULL,
    checkin_id bigint NOT NULL,
    officer_id bigint NOT NULL,
    seen_at    timestamptz NOT NULL,
    told_at    timestamptz NOT NULL,
    lon        double precision NOT NULL,
    lat        double precision NOT NULL,
    accuracy_m double precision,
    place      text NOT NULL,
    CONSTRAINT pk_checkin_sighting PRIMARY KEY (id),
    CONSTRAINT fk_checkin_sighting_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_checkin_sighting_checkin_id FOREIGN KEY (checkin_id) REFERENCES checkin (id),
    CONSTRAINT fk_checkin_sighting_officer_id FOREIGN KEY (officer_id) REFERENCES officer (id),
    CONSTRAINT ck_checkin_sighting_lon CHECK (lon BETWEEN -180 AND 180),
    CONSTRAINT ck_checkin_sighting_lat CHECK (lat BETWEEN -90 AND 90)
);
CREATE INDEX ix_checkin_sighting_checkin_id ON checkin_sighting (checkin_id);
