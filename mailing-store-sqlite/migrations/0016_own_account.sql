-- What a user does with the own account: sign-in by code, deletion, the own trail in the audit log.
-- A secret is sealed with the instance key, of a recovery code its SHA-256 is kept.

ALTER TABLE users ADD COLUMN deleted_at INTEGER;

CREATE TABLE second_factors (
    user_id BLOB PRIMARY KEY NOT NULL REFERENCES users (id),
    secret BLOB NOT NULL,
    confirmed_at INTEGER,
    used_step INTEGER NOT NULL
) STRICT;

CREATE TABLE recovery_codes (
    user_id BLOB NOT NULL REFERENCES users (id),
    code_hash BLOB NOT NULL,
    PRIMARY KEY (user_id, code_hash)
) STRICT, WITHOUT ROWID;

CREATE INDEX audit_owner ON audit (owner_id, id);
