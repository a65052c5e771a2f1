-- What a user does with the own account: sign-in by code, deletion, the own trail in the audit log.
-- A secret is sealed with the instance key, of a recovery code its SHA-256 is kept.

ALTER TABLE users ADD COLUMN deleted_at bigint;

CREATE TABLE second_factors (
    user_id uuid PRIMARY KEY NOT NULL REFERENCES users (id),
    secret bytea NOT NULL,
    confirmed_at bigint,
    used_step bigint NOT NULL
);

CREATE TABLE recovery_codes (
    user_id uuid NOT NULL REFERENCES users (id),
    code_hash bytea NOT NULL,
    PRIMARY KEY (user_id, code_hash)
);

CREATE INDEX audit_owner ON audit (owner_id, id);
