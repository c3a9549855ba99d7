-- The scenarios behind short links. Times are Unix seconds.
CREATE TABLE scenario (
	id       TEXT    PRIMARY KEY NOT NULL,
	body     BLOB    NOT NULL, -- JSON in UTF-8
	key_hash BLOB    NOT NULL, -- SHA-256 of the key that deletes it
	created  INTEGER NOT NULL,
	expires  INTEGER NOT NULL
) STRICT;
CREATE INDEX scenario_expires ON scenario (expires);
