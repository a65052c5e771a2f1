-- The service's own mail until it is sent, and the tokens of the links in it. `letter` is sealed with
-- the instance key, of a token its SHA-256 is kept.

CREATE TABLE system_mails (
    id BLOB PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    address TEXT NOT NULL,
    language TEXT NOT NULL,
    letter BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    give_up_at INTEGER NOT NULL,
    tries INTEGER NOT NULL
) STRICT;

CREATE INDEX system_mails_due ON system_mails (due_at);

CREATE TABLE one_time_tokens (
    token_hash BLOB PRIMARY KEY NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id),
    purpose TEXT NOT NULL,
    slot TEXT NOT NULL,
    detail TEXT NOT NULL,
    browser BLOB,
    expires_at INTEGER NOT NULL,
    CONSTRAINT one_time_tokens_slot UNIQUE (user_id, purpose, slot)
) STRICT, WITHOUT ROWID;
