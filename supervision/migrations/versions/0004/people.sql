-- How somebody is reached, and in which language; without either he gets no reminder.
ALTER TABLE supervisee
    ADD COLUMN phone text,
    ADD COLUMN email text,
    ADD COLUMN language text NOT NULL DEFAULT 'en',
    ADD CONSTRAINT ck_supervisee_language CHECK (language IN ('en', 'es'));

-- The days on which an agency asks for less; each county has its own.
CREATE TABLE public_holiday (
    id          bigint GENERATED ALWAYS AS IDENTITY,
    agency_id   bigint NOT NULL,
    on_date     date NOT NULL,
    name        text NOT NULL,
    added_by_id bigint NOT NULL,
    added_at    timestamptz NOT NULL,
    CONSTRAINT pk_public_holiday PRIMARY KEY (id),
    CONSTRAINT fk_public_holiday_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_public_holiday_added_by_id FOREIGN KEY (added_by_id) REFERENCES officer (id),
    CONSTRAINT uq_public_holiday_agency_id_on_date UNIQUE (agency_id, on_date)
);
