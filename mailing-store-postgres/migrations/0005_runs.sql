-- Runs. The sums are a cache of the deliveries' states, moved in the same transactions.
-- `next_number` is the first number that was never claimed. The audience has been copied up to the
-- recipient `frozen_after` of those up to `frozen_until`. What a run sends is kept here as it was when it was frozen.

CREATE TABLE runs (
    id uuid PRIMARY KEY NOT NULL,
    owner_id uuid NOT NULL,
    mailing_id uuid NOT NULL,
    occurrence_at bigint NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    reason text,
    version_id uuid,
    mailing_name text,
    from_address text,
    from_name text,
    language text,
    zone text,
    ambiguous text NOT NULL DEFAULT 'leave',
    frozen_after uuid,
    frozen_until uuid,
    next_number bigint NOT NULL DEFAULT 1,
    planned bigint NOT NULL DEFAULT 0,
    delivered bigint NOT NULL DEFAULT 0,
    failed bigint NOT NULL DEFAULT 0,
    suppressed bigint NOT NULL DEFAULT 0,
    cancelled bigint NOT NULL DEFAULT 0,
    unknown bigint NOT NULL DEFAULT 0,
    pending bigint NOT NULL DEFAULT 0,
    last_reply text,
    created_at bigint NOT NULL,
    started_at bigint,
    ended_at bigint,
    CONSTRAINT runs_occurrence UNIQUE (mailing_id, occurrence_at),
    FOREIGN KEY (owner_id, mailing_id) REFERENCES mailings (owner_id, id),
    FOREIGN KEY (owner_id, version_id) REFERENCES message_versions (owner_id, id)
) WITH (fillfactor = 50);

CREATE INDEX runs_owner ON runs (owner_id, occurrence_at, id);
CREATE INDEX runs_open ON runs (occurrence_at) WHERE ended_at IS NULL;

-- One recipient in one run. Rows are made by the freeze, from rows of the run's owner, and change
-- their state ever after; none points at the recipient, who may be erased while the history stays.
-- No index on the state: every update would have to move it. What lies behind the run's cursor has
-- `retry_at`, 0 for at once.
CREATE TABLE deliveries (
    run_id uuid NOT NULL REFERENCES runs (id),
    number bigint NOT NULL,
    recipient_id uuid NOT NULL,
    address text NOT NULL,
    state text NOT NULL,
    reason text,
    tries integer NOT NULL DEFAULT 0,
    attempts integer NOT NULL DEFAULT 0,
    resent integer NOT NULL DEFAULT 0,
    token bigint,
    retry_at bigint,
    first_try_at bigint,
    PRIMARY KEY (run_id, number),
    CONSTRAINT deliveries_recipient UNIQUE (run_id, recipient_id)
) WITH (fillfactor = 50);

CREATE INDEX deliveries_retry ON deliveries (run_id, retry_at) WHERE retry_at IS NOT NULL;

-- One SMTP transaction of a delivery. Written with the delivery's new state, never changed.
CREATE TABLE delivery_attempts (
    run_id uuid NOT NULL,
    number bigint NOT NULL,
    attempt integer NOT NULL,
    at bigint NOT NULL,
    stage text NOT NULL,
    code integer,
    enhanced text,
    text text,
    fault text,
    worker_id uuid NOT NULL,
    PRIMARY KEY (run_id, number, attempt)
);

-- What a worker may send at the moment: `unsettled` deliveries numbered from `first_number` to
-- `last_number` that carry the token. The lease is counted by the server's clock_timestamp().
CREATE SEQUENCE claim_token;

CREATE TABLE claims (
    token bigint PRIMARY KEY NOT NULL,
    worker_id uuid NOT NULL,
    run_id uuid NOT NULL REFERENCES runs (id),
    first_number bigint NOT NULL,
    last_number bigint NOT NULL,
    unsettled bigint NOT NULL,
    lease_until timestamptz NOT NULL
);
