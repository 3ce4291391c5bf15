-- As a patrol is shown him; one at a time, without anything that the camera wrote into the file.
CREATE TABLE supervisee_photo (
    supervisee_id bigint NOT NULL,
    agency_id     bigint NOT NULL,
    jpeg          bytea NOT NULL,
    put_by_id     bigint NOT NULL,
    put_at        timestamptz NOT NULL,
    CONSTRAINT pk_supervisee_photo PRIMARY KEY (supervisee_id),
    CONSTRAINT fk_supervisee_photo_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_supervisee_photo_supervisee_id
        FOREIGN KEY (supervisee_id) REFERENCES supervisee (id),
    CONSTRAINT fk_supervisee_photo_put_by_id FOREIGN KEY (put_by_id) REFERENCES officer (id),
    CONSTRAINT ck_supervisee_photo_jpeg CHECK (octet_length(jpeg) BETWEEN 1 AND 1000000)
);
CREATE INDEX ix_supervisee_photo_agency_id ON supervisee_photo (agency_id);
