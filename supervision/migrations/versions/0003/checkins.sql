-- What somebody must do, when. A plan is what is called so; what it asks is in its versions.
CREATE TABLE checkin_plan (
    id            bigint GENERATED ALWAYS AS IDENTITY,
    agency_id     bigint NOT NULL,
    supervisee_id bigint NOT NULL,
    made_by_id    bigint NOT NULL,
    made_at       timestamptz NOT NULL,
    ended_at      timestamptz,
    ended_by_id   bigint,
    CONSTRAINT pk_checkin_plan PRIMARY KEY (id),
    CONSTRAINT fk_checkin_plan_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_checkin_plan_supervisee_id
        FOREIGN KEY (supervisee_id) REFERENCES supervisee (id),
    CONSTRAINT fk_checkin_plan_made_by_id FOREIGN KEY (made_by_id) REFERENCES officer (id),
    CONSTRAINT fk_checkin_plan_ended_by_id FOREIGN KEY (ended_by_id) REFERENCES officer (id),
    CONSTRAINT ck_checkin_plan_ended CHECK ((ended_at IS NULL) = (ended_by_id IS NULL))
);
CREATE INDEX ix_checkin_plan_supervisee_id ON checkin_plan (supervisee_id);

-- Never rewritten but for `made_until`: up to which local date its check-ins are rows already.
CREATE TABLE checkin_plan_version (
    id              bigint GENERATED ALWAYS AS IDENTITY,
    agency_id       bigint NOT NULL,
    checkin_plan_id bigint NOT NULL,
    version         integer NOT NULL,
    is_current      boolean NOT NULL,
    method          text NOT NULL,
    rrule           text NOT NULL,
    starts_on       date NOT NULL,
    at_local        time NOT NULL,
    time_zone       text NOT NULL,
    window_s        integer NOT NULL,
    grace_s         integer NOT NULL,
    made_until      date,
    written_by_id   bigint NOT NULL,
    written_at      timestamptz NOT NULL,
    CONSTRAINT pk_checkin_plan_version PRIMARY KEY (id),
    CONSTRAINT fk_checkin_plan_version_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_checkin_plan_version_checkin_plan_id
        FOREIGN KEY (checkin_plan_id) REFERENCES checkin_plan (id),
    CONSTRAINT fk_checkin_plan_version_written_by_id
        FOREIGN KEY (written_by_id) REFERENCES officer (id),
    CONSTRAINT uq_checkin_plan_version_checkin_plan_id_version UNIQUE (checkin_plan_id, version),
    CONSTRAINT ck_checkin_plan_version_method
        CHECK (method IN ('video', 'phone', 'phone_in_sight', 'in_person')),
    CONSTRAINT ck_checkin_plan_version_window_s CHECK (window_s BETWEEN 300 AND 604800),
    CONSTRAINT ck_checkin_plan_version_grace_s CHECK (grace_s BETWEEN 0 AND 259200)
);
CREATE UNIQUE INDEX uq_checkin_plan_version_current ON checkin_plan_version (checkin_plan_id)
    WHERE is_current;
CREATE INDEX ix_checkin_plan_version_made_until ON checkin_plan_version (made_until)
    WHERE is_current;

-- One date's duty, made ahead and swept: it cannot be due twice, nor forgotten while nobody looked.
CREATE TABLE checkin (
    id                      bigint GENERATED ALWAYS AS IDENTITY,
    agency_id               bigint NOT NULL,
    supervisee_id           bigint NOT NULL,
    checkin_plan_id         bigint NOT NULL,
    checkin_plan_version_id bigint NOT NULL,
    method                  text NOT NULL,
    local_date              date NOT NULL,
    opens_at                timestamptz NOT NULL,
    closes_at               timestamptz NOT NULL,
    missed_at               timestamptz NOT NULL,
    state                   text NOT NULL,
    attended_at             timestamptz,
    made_at                 timestamptz NOT NULL,
    CONSTRAINT pk_checkin PRIMARY KEY (id),
    CONSTRAINT fk_checkin_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_checkin_supervisee_id FOREIGN KEY (supervisee_id) REFERENCES supervisee (id),
    CONSTRAINT fk_checkin_checkin_plan_id
        FOREIGN KEY (checkin_plan_id) REFERENCES checkin_plan (id),
    CONSTRAINT fk_checkin_checkin_plan_version_id
        FOREIGN KEY (checkin_plan_version_id) REFERENCES checkin_plan_version (id),
    CONSTRAINT ck_checkin_window CHECK (opens_at < closes_at AND closes_at <= missed_at),
    CONSTRAINT ck_checkin_state CHECK (
        state IN (
            'scheduled', 'open', 'attended', 'missed', 'excused', 'cancelled', 'replaced')),
    CONSTRAINT ck_checkin_attended CHECK (state <> 'attended' OR attended_at IS NOT NULL)
);
CREATE UNIQUE INDEX uq_checkin_plan_date ON checkin (checkin_plan_id, local_date)
    WHERE state <> 'replaced';
CREATE INDEX ix_checkin_supervisee_id_opens_at ON checkin (supervisee_id, opens_at);
CREATE INDEX ix_checkin_agency_id_opens_at ON checkin (agency_id, opens_at);
CREATE INDEX ix_checkin_opening ON checkin (opens_at) WHERE state = 'scheduled';
CREATE INDEX ix_checkin_missing ON checkin (missed_at) WHERE state IN ('scheduled', 'open');

-- Its history; the software is the actor where `officer_id` is null.
CREATE TABLE checkin_event (
    id         bigint GENERATED ALWAYS AS IDENTITY,
    agency_id  bigint NOT NULL,
    checkin_id bigint NOT NULL,
    kind       text NOT NULL,
    at         timestamptz NOT NULL,
    officer_id bigint,
    detail     jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT pk_checkin_event PRIMARY KEY (id),
    CONSTRAINT fk_checkin_event_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_checkin_event_checkin_id FOREIGN KEY (checkin_id) REFERENCES checkin (id),
    CONSTRAINT fk_checkin_event_officer_id FOREIGN KEY (officer_id) REFERENCES officer (id)
);
CREATE INDEX ix_checkin_event_checkin_id ON checkin_event (checkin_id);
