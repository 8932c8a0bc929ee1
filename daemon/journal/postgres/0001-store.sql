CREATE TABLE store (
    id int4 PRIMARY KEY CHECK (id = 1),
    identity bytea NOT NULL,
    rehearsal int8 NOT NULL,
    rehearse_from_ms int8 NOT NULL,
    sum int8 NOT NULL
);
CREATE TABLE head (
    id int4 PRIMARY KEY CHECK (id = 1),
    epoch int8 NOT NULL,
    leader text NOT NULL,
    beat int8 NOT NULL,
    seq int8 NOT NULL,
    checkpoint int8 NOT NULL,
    row_sum int8 NOT NULL,
    hash bytea NOT NULL,
    sum int8 NOT NULL
) WITH (fillfactor = 10);
CREATE TABLE record (
    seq int8 PRIMARY KEY,
    task int8 NOT NULL,
    previous int8 NOT NULL,
    hash bytea NOT NULL,
    body bytea NOT NULL
);
CREATE TABLE state_row (
    key int8 PRIMARY KEY,
    seq int8 NOT NULL,
    sum int8 NOT NULL,
    body bytea NOT NULL
) WITH (fillfactor = 50);
CREATE TABLE migration (
    version int4 PRIMARY KEY,
    name text NOT NULL,
    done timestamptz NOT NULL DEFAULT now()
);
