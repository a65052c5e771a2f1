-- Mailings with their audience and windows. `opens_at` is the start of the first window, `wake_at`
-- the instant at which the scheduler has something to do; both are kept by the program.

CREATE TABLE mailings (
    id BLOB PRIMARY KEY NOT NULL,
    owner_id BLOB NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    message_id BLOB NOT NULL,
    sender_id BLOB NOT NULL,
    audience TEXT NOT NULL,
    chosen INTEGER NOT NULL,
    zone TEXT NOT NULL,
    missed TEXT NOT NULL,
    lateness_ms INTEGER NOT NULL,
    ambiguous TEXT NOT NULL,
    stage TEXT NOT NULL,
    finished_at INTEGER,
    paused_at INTEGER,
    disabled_at INTEGER,
    disabled_reason TEXT,
    opens_at INTEGER,
    next_at INTEGER,
    wake_at INTEGER,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    deleted_at INTEGER,
    CONSTRAINT mailings_owner UNIQUE (owner_id, id),
    FOREIGN KEY (owner_id, message_id) REFERENCES messages (owner_id, id),
    FOREIGN KEY (owner_id, sender_id) REFERENCES senders (owner_id, id)
) STRICT;

CREATE INDEX mailings_message ON mailings (message_id);
CREATE INDEX mailings_wake ON mailings (wake_at) WHERE wake_at IS NOT NULL;
-- Launched mailings without a next instant: they finish when their last run is over.
CREATE INDEX mailings_ending ON mailings (id)
    WHERE next_at IS NULL AND stage IN ('created', 'running');

CREATE TABLE mailing_lists (
    mailing_id BLOB NOT NULL,
    list_id BLOB NOT NULL,
    owner_id BLOB NOT NULL,
    PRIMARY KEY (mailing_id, list_id),
    FOREIGN KEY (owner_id, mailing_id) REFERENCES mailings (owner_id, id),
    FOREIGN KEY (owner_id, list_id) REFERENCES lists (owner_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE mailing_recipients (
    mailing_id BLOB NOT NULL,
    recipient_id BLOB NOT NULL,
    owner_id BLOB NOT NULL,
    PRIMARY KEY (mailing_id, recipient_id),
    FOREIGN KEY (owner_id, mailing_id) REFERENCES mailings (owner_id, id),
    FOREIGN KEY (owner_id, recipient_id) REFERENCES recipients (owner_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE schedule_windows (
    id BLOB PRIMARY KEY NOT NULL,
    owner_id BLOB NOT NULL,
    mailing_id BLOB NOT NULL,
    position INTEGER NOT NULL,
    schedule TEXT NOT NULL,
    CONSTRAINT schedule_windows_position UNIQUE (mailing_id, position),
    FOREIGN KEY (owner_id, mailing_id) REFERENCES mailings (owner_id, id)
) STRICT;
