-- What an order says, clause by clause, and who answers for a clause that has no zone.

-- `condition_code` is NCIC's protection order condition (04: stay away from a place).
CREATE TABLE order_clause (
    id             bigint GENERATED ALWAYS AS IDENTITY,
    agency_id      bigint NOT NULL,
    supervisee_id  bigint NOT NULL,
    court_order_id bigint NOT NULL,
    condition_code text NOT NULL,
    wording        text NOT NULL,
    created_at     timestamptz NOT NULL,
    CONSTRAINT pk_order_clause PRIMARY KEY (id),
    CONSTRAINT fk_order_clause_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_order_clause_supervisee_id
        FOREIGN KEY (supervisee_id) REFERENCES supervisee (id),
    CONSTRAINT fk_order_clause_court_order_id
        FOREIGN KEY (court_order_id) REFERENCES court_order (id),
    CONSTRAINT ck_order_clause_condition_code
        CHECK (condition_code IN ('01', '02', '03', '04', '05', '06', '07', '08', '09'))
);
CREATE INDEX ix_order_clause_court_order_id ON order_clause (court_order_id);

-- Signed by an officer, with a reason, until a day: why a clause has no zone.
CREATE TABLE clause_waiver (
    id              bigint GENERATED ALWAYS AS IDENTITY,
    agency_id       bigint NOT NULL,
    order_clause_id bigint NOT NULL,
    reason          text NOT NULL,
    signed_by_id    bigint NOT NULL,
    signed_at       timestamptz NOT NULL,
    ends_at         timestamptz,
    withdrawn_at    timestamptz,
    withdrawn_by_id bigint,
    CONSTRAINT pk_clause_waiver PRIMARY KEY (id),
    CONSTRAINT fk_clause_waiver_agency_id FOREIGN KEY (agency_id) REFERENCES agency (id),
    CONSTRAINT fk_clause_waiver_order_clause_id
        FOREIGN KEY (order_clause_id) REFERENCES order_clause (id),
    CONSTRAINT fk_clause_waiver_signed_by_id FOREIGN KEY (signed_by_id) REFERENCES officer (id),
    CONSTRAINT fk_clause_waiver_withdrawn_by_id
        FOREIGN KEY (withdrawn_by_id) REFERENCES officer (id),
    CONSTRAINT ck_clause_waiver_ends_after_signed CHECK (ends_at > signed_at),
    CONSTRAINT ck_clause_waiver_reason CHECK (reason <> ''),
    CONSTRAINT ck_clause_waiver_withdrawn
        CHECK ((withdrawn_at IS NULL) = (withdrawn_by_id IS NULL))
);
CREATE INDEX ix_clause_waiver_order_clause_id ON clause_waiver (order_clause_id);

-- Orders entered before clauses were: each that has a zone says "stay away from this place".
INSERT INTO order_clause
    (agency_id, supervisee_id, court_order_id, condition_code, wording, created_at)
SELECT o.agency_id, o.supervisee_id, o.id, '04', 'Entered before clauses were recorded.', now()
FROM court_order o
WHERE EXISTS (SELECT FROM exclusion_zone z WHERE z.court_order_id = o.id);
