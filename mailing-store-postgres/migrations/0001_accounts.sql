-- People with an account, their sessions, and the identities that they send from.
-- Instants are milliseconds since 1970-01-01 UTC, ids are UUIDs.

CREATE TABLE users (
    id uuid PRIMARY KEY NOT NULL,
    email text NOT NULL,
    email_key text COLLATE "C" NOT NULL CONSTRAINT users_key UNIQUE,
    name text,
    blocked_at bigint,
    blocked_reason text,
    verified_at bigint,
    password text NOT NULL,
    zone text NOT NULL,
    language text NOT NULL,
    created_at bigint NOT NULL
);

CREATE TABLE user_roles (
    user_id uuid NOT NULL REFERENCES users (id),
    role text COLLATE "C" NOT NULL,
    PRIMARY KEY (user_id, role)
);

CREATE TABLE sessions (
    token_hash bytea PRIMARY KEY NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    created_at bigint NOT NULL,
    seen_at bigint NOT NULL
);

CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE sign_in_failures (
    key text COLLATE "C" PRIMARY KEY NOT NULL,
    failures integer NOT NULL,
    since bigint NOT NULL,
    blocked_until bigint
);

-- Owned tables have the pair (owner_id, id), so that a reference carries the owner and can never
-- point at another owner's row.
CREATE TABLE senders (
    id uuid PRIMARY KEY NOT NULL,
    owner_id uuid NOT NULL REFERENCES users (id),
    address text NOT NULL,
    address_key text COLLATE "C" NOT NULL,
    name text,
    verified_at bigint,
    created_at bigint NOT NULL,
    CONSTRAINT senders_key UNIQUE (owner_id, address_key),
    CONSTRAINT senders_owner UNIQUE (owner_id, id)
);
