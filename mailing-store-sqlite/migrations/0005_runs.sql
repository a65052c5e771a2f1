-- Runs. The sums are a cache of the deliveries' states, moved in the same transactions.
-- `next_number` is the first number that was never claimed. The audience has been copied up to the
-- recipient `frozen_after` of those up to `frozen_until`. What a run sends is kept here as it was when it was frozen.

CREATE TABLE runs (
    id BLOB PRIMARY KEY NOT NULL,
    owner_id BLOB NOT NULL,
    mailing_id BLOB NOT NULL,
    occurrence_at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    version_id BLOB,
    mailing_name TEXT,
    from_address TEXT,
    from_name TEXT,
    language TEXT,
    zone TEXT,
    ambiguous TEXT NOT NULL DEFAULT 'leave',
    frozen_after BLOB,
    frozen_until BLOB,
    next_number INTEGER NOT NULL DEFAULT 1,
    planned INTEGER NOT NULL DEFAULT 0,
    delivered INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    suppressed INTEGER NOT NULL DEFAULT 0,
    cancelled INTEGER NOT NULL DEFAULT 0,
    unknown INTEGER NOT NULL DEFAULT 0,
    pending INTEGER NOT NULL DEFAULT 0,
    last_reply TEXT,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER,
    CONSTRAINT runs_occurrence UNIQUE (mailing_id, occurrence_at),
    FOREIGN KEY (owner_id, mailing_id) REFERENCES mailings (owner_id, id),
    FOREIGN KEY (owner_id, version_id) REFERENCES message_versions (owner_id, id)
) STRICT;

CREATE INDEX runs_owner ON runs (owner_id, occurrence_at, id);
CREATE INDEX runs_open ON runs (occurrence_at) WHERE ended_at IS NULL;

-- One recipient in one run. Rows are made by the freeze, from rows of the run's owner, and change
-- their state ever after; none points at the recipient, who may be erased while the history stays.
-- No index on the state: every update would have to move it. What lies behind the run's cursor has
-- `retry_at`, 0 for at once.
CREATE TABLE deliveries (
    run_id BLOB NOT NULL REFERENCES runs (id),
    number INTEGER NOT NULL,
    recipient_id BLOB NOT NULL,
    address TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    tries INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    resent INTEGER NOT NULL DEFAULT 0,
    token INTEGER,
    retry_at INTEGER,
    first_try_at INTEGER,
    PRIMARY KEY (run_id, number),
    CONSTRAINT deliveries_recipient UNIQUE (run_id, recipient_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX deliveries_retry ON deliveries (run_id, retry_at) WHERE retry_at IS NOT NULL;

-- One SMTP transaction of a delivery. Written with the delivery's new state, never changed.
CREATE TABLE delivery_attempts (
    run_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    at INTEGER NOT NULL,
    stage TEXT NOT NULL,
    code INTEGER,
    enhanced TEXT,
    text TEXT,
    fault TEXT,
    worker_id BLOB NOT NULL,
    PRIMARY KEY (run_id, number, attempt)
) STRICT, WITHOUT ROWID;

-- What a worker may send at the moment: `unsettled` deliveries numbered from `first_number` to
-- `last_number` that carry the token. The lease is counted in milliseconds of the boot-time clock
-- of the boot `boot_id`. AUTOINCREMENT: a token never comes twice.
CREATE TABLE claims (
    token INTEGER PRIMARY KEY AUTOINCREMENT,
    worker_id BLOB NOT NULL,
    run_id BLOB NOT NULL REFERENCES runs (id),
    first_number INTEGER NOT NULL,
    last_number INTEGER NOT NULL,
    unsettled INTEGER NOT NULL,
    boot_id TEXT NOT NULL,
    lease_until INTEGER NOT NULL
) STRICT;
