-- What devices said: fixes by day, events, what was rejected, and what each session has delivered.

-- A worker takes ids by the thousand, so that one batch asks once at most.
CREATE SEQUENCE position_id_seq AS bigint INCREMENT BY 1000;

-- A fix is what it says, not the message that brought it: the same words are one row (ADR-0002).
CREATE TABLE position (
    id            bigint NOT NULL,
    agency_id     bigint NOT NULL,
    supervisee_id bigint NOT NULL,
    device_id     bigint NOT NULL,
    fixed_at      timestamptz NOT NULL,
    sent_at       timestamptz,
    received_at   timestamptz NOT NULL,
    lon           double precision NOT NULL,
    lat           double precision NOT NULL,
    accuracy_m    double precision,
    source        smallint NOT NULL,
    speed_mps     double precision,
    course_deg    double precision,
    altitude_m    double precision,
    battery_pct   double precision,
    session       text,
    seq           bigint,
    raw           bytea NOT NULL,
    geom          geometry(Point, 4326) NOT NULL
        GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(lon, lat), 4326)) STORED,
    CONSTRAINT uq_position_content
        UNIQUE NULLS NOT DISTINCT (device_id, fixed_at, lon, lat, accuracy_m, source),
    CONSTRAINT ck_position_lon CHECK (lon BETWEEN -180 AND 180),
    CONSTRAINT ck_position_lat CHECK (lat BETWEEN -90 AND 90)
) PARTITION BY RANGE (fixed_at);
CREATE INDEX ix_position_supervisee_id_fixed_at ON position (supervisee_id, fixed_at);

-- ATTACH takes a weaker lock than CREATE ... PARTITION OF: pings go on being written meanwhile.
CREATE FUNCTION ensure_position_partition(day date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    partition_name text := 'position_' || to_char(day, 'YYYYMMDD');
BEGIN
    IF to_regclass(partition_name) IS NOT NULL THEN
        RETURN false;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('position_partition'));
    -- Not to_regclass again: it remembers that the table was missing a moment ago.
    IF EXISTS (SELECT FROM pg_class
               WHERE relname = partition_name AND relnamespace = 'public'::regnamespace) THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE position INCLUDING ALL)', partition_name);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', partition_name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', partition_name);
    EXECUTE format(
        'ALTER TABLE position ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        partition_name,
        day::timestamp AT TIME ZONE 'UTC',
        (day + 1)::timestamp AT TIME ZONE 'UTC'
    );
    RETURN true;
END
$$;

CREATE TABLE device_event (
    id            bigint GENERATED ALWAYS AS IDENTITY,
    agency_id     bigint NOT NULL,
    supervisee_id bigint NOT NULL,
    device_id     bigint NOT NULL,
    kind          text NOT NULL,
    occurred_at   timestamptz NOT NULL,
    received_at   timestamptz NOT NULL,
    detail        jsonb NOT NULL,
    CONSTRAINT pk_device_event PRIMARY KEY (id),
    CONSTRAINT fk_device_event_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_device_event_device_id FOREIGN KEY (device_id) REFERENCES device (id),
    CONSTRAINT fk_device_event_supervisee_id
        FOREIGN KEY (supervisee_id) REFERENCES supervisee (id),
    CONSTRAINT uq_device_event_device_id_kind_occurred_at UNIQUE (device_id, kind, occurred_at)
);
CREATE INDEX ix_device_event_supervisee_id_occurred_at ON device_event (supervisee_id, occurred_at);

-- Which messages of a device's session are stored; a hole in `received` is asked for again.
CREATE TABLE device_session (
    device_id  bigint NOT NULL,
    agency_id  bigint NOT NULL,
    session    text NOT NULL,
    received   int8multirange NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT pk_device_session PRIMARY KEY (device_id, session),
    CONSTRAINT fk_device_session_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_device_session_device_id FOREIGN KEY (device_id) REFERENCES device (id)
) WITH (fillfactor = 50);

-- The same words rejected again count up; `agency_id` is null while nobody knows the sender.
CREATE TABLE rejected_message (
    id                bigint GENERATED ALWAYS AS IDENTITY,
    agency_id         bigint,
    digest            bytea NOT NULL,
    topic             text NOT NULL,
    device_uid        text,
    reason            text NOT NULL,
    detail            text NOT NULL,
    payload           bytea NOT NULL,
    is_ignored        boolean NOT NULL,
    first_received_at timestamptz NOT NULL,
    last_received_at  timestamptz NOT NULL,
    times_seen        bigint NOT NULL DEFAULT 1,
    CONSTRAINT pk_rejected_message PRIMARY KEY (id),
    CONSTRAINT fk_rejected_message_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT uq_rejected_message_digest UNIQUE (digest)
);
CREATE INDEX ix_rejected_message_agency_id_last_received_at
    ON rejected_message (agency_id, last_received_at);
