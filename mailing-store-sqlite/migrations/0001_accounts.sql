-- People with an account, their sessions, and the identities that they send from.
-- Instants are milliseconds since 1970-01-01 UTC, ids are UUIDs.

CREATE TABLE users (
    id BLOB PRIMARY KEY NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL CONSTRAINT users_key UNIQUE,
    name TEXT,
    blocked_at INTEGER,
    blocked_reason TEXT,
    verified_at INTEGER,
    password TEXT NOT NULL,
    zone TEXT NOT NULL,
    language TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE user_roles (
    user_id BLOB NOT NULL REFERENCES users (id),
    role TEXT NOT NULL,
    PRIMARY KEY (user_id, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    token_hash BLOB PRIMARY KEY NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE sign_in_failures (
    key TEXT PRIMARY KEY NOT NULL,
    failures INTEGER NOT NULL,
    since INTEGER NOT NULL,
    blocked_until INTEGER
) STRICT, WITHOUT ROWID;

-- Owned tables have the pair (owner_id, id), so that a reference carries the owner and can never
-- point at another owner's row.
CREATE TABLE senders (
    id BLOB PRIMARY KEY NOT NULL,
    owner_id BLOB NOT NULL REFERENCES users (id),
    address TEXT NOT NULL,
    address_key TEXT NOT NULL,
    name TEXT,
    verified_at INTEGER,
    created_at INTEGER NOT NULL,
    CONSTRAINT senders_key UNIQUE (owner_id, address_key),
    CONSTRAINT senders_owner UNIQUE (owner_id, id)
) STRICT;
