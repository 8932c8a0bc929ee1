ALTER TABLE place ADD COLUMN made int8 NOT NULL DEFAULT 0;
COMMENT ON COLUMN place.made IS '1: a broker chose it, and its consumer has not said yet to have dealt with anything; of two such the earlier counts';
