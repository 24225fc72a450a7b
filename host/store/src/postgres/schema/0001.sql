-- Everything the host remembers, one row for each raw key. Numbers and heads of logs change with
-- every payment: the room left in each page lets them do so in place.
CREATE TABLE souk_cells (
    key bytea PRIMARY KEY,
    version bigint NOT NULL,
    value bytea NOT NULL
) WITH (fillfactor = 80);

-- The one row that all commits pass: the last commit's number and time in milliseconds, the host
-- that has the store to itself, and the fingerprint of the keyring its content is sealed with.
CREATE TABLE souk_store (
    one integer PRIMARY KEY CHECK (one = 1),
    sequence bigint NOT NULL,
    at bigint NOT NULL,
    holder bytea,
    keyring bytea
);
INSERT INTO souk_store VALUES (1, 0, 0, NULL, NULL);

-- What was committed lately, by whom, and which logs it made grow: so that a host whose connection
-- broke can find out what became of its commit, and the others hear of what is new.
CREATE TABLE souk_groups (
    sequence bigint PRIMARY KEY,
    at bigint NOT NULL,
    writer bytea NOT NULL,
    number bigint NOT NULL,
    logs bytea[] NOT NULL,
    UNIQUE (writer, number)
);
