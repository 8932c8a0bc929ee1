COMMENT ON COLUMN record.body IS 'in the journal''s dialect, which no program of schema 1 can read; those of before are frames of the wire';
