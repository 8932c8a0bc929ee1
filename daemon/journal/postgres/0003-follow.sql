ALTER TABLE head ADD COLUMN endpoint text NOT NULL DEFAULT '', ADD COLUMN heir text NOT NULL DEFAULT '';
COMMENT ON COLUMN head.endpoint IS 'where clients find who leads; empty when it did not say';
COMMENT ON COLUMN head.heir IS 'of a lead that was given up: the endpoint that is to have it first; empty for anybody';
CREATE TABLE place (
    agency int8 NOT NULL,
    consumer text NOT NULL,
    key int8 NOT NULL,
    seq int8 NOT NULL,
    changed int8 NOT NULL,
    PRIMARY KEY (agency, consumer)
) WITH (fillfactor = 50);
COMMENT ON TABLE place IS 'how far durable consumers are that a broker serves which does not lead; `changed` is the transaction that put it';
