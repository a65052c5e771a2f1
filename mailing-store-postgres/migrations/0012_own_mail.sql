-- The service's own mail until it is sent, and the tokens of the links in it. `letter` is sealed with
-- the instance key, of a token its SHA-256 is kept.

CREATE TABLE system_mails (
    id uuid PRIMARY KEY NOT NULL,
    kind text NOT NULL,
    address text NOT NULL,
    language text NOT NULL,
    letter bytea NOT NULL,
    created_at bigint NOT NULL,
    due_at bigint NOT NULL,
    give_up_at bigint NOT NULL,
    tries integer NOT NULL
);

CREATE INDEX system_mails_due ON system_mails (due_at);

CREATE TABLE one_time_tokens (
    token_hash bytea PRIMARY KEY NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    purpose text COLLATE "C" NOT NULL,
    slot text COLLATE "C" NOT NULL,
    detail text NOT NULL,
    browser bytea,
    expires_at bigint NOT NULL,
    CONSTRAINT one_time_tokens_slot UNIQUE (user_id, purpose, slot)
);
