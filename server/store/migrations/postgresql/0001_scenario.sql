-- The scenarios behind short links. Times are Unix seconds. The body is bytes
-- and no text: text would refuse a NUL, and ask about encodings.
CREATE TABLE scenario (
	id       TEXT   PRIMARY KEY,
	body     BYTEA  NOT NULL, -- JSON in UTF-8
	key_hash BYTEA  NOT NULL, -- SHA-256 of the key that deletes it
	created  BIGINT NOT NULL,
	expires  BIGINT NOT NULL
);
CREATE INDEX scenario_expires ON scenario (expires);
