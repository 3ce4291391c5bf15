-- An alert about a clause of an order has no zone: that is what is wrong.
ALTER TABLE alert
    ADD COLUMN order_clause_id bigint,
    ADD CONSTRAINT fk_alert_order_clause_id
        FOREIGN KEY (order_clause_id) REFERENCES order_clause (id);
CREATE INDEX ix_alert_order_clause_id ON alert (order_clause_id)
    WHERE order_clause_id IS NOT NULL;
