-- Mailings with their audience and windows. `opens_at` is the start of the first window, `wake_at`
-- the instant at which the scheduler has something to do; both are kept by the program.

CREATE TABLE mailings (
    id uuid PRIMARY KEY NOT NULL,
    owner_id uuid NOT NULL REFERENCES users (id),
    name text NOT NULL,
    message_id uuid NOT NULL,
    sender_id uuid NOT NULL,
    audience text NOT NULL,
    chosen bigint NOT NULL,
    zone text NOT NULL,
    missed text NOT NULL,
    lateness_ms bigint NOT NULL,
    ambiguous text NOT NULL,
    stage text NOT NULL,
    finished_at bigint,
    paused_at bigint,
    disabled_at bigint,
    disabled_reason text,
    opens_at bigint,
    next_at bigint,
    wake_at bigint,
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    deleted_at bigint,
    CONSTRAINT mailings_owner UNIQUE (owner_id, id),
    FOREIGN KEY (owner_id, message_id) REFERENCES messages (owner_id, id),
    FOREIGN KEY (owner_id, sender_id) REFERENCES senders (owner_id, id)
);

CREATE INDEX mailings_message ON mailings (message_id);
CREATE INDEX mailings_wake ON mailings (wake_at) WHERE wake_at IS NOT NULL;
-- Launched mailings without a next instant: they finish when their last run is over.
CREATE INDEX mailings_ending ON mailings (id)
    WHERE next_at IS NULL AND stage IN ('created', 'running');

CREATE TABLE mailing_lists (
    mailing_id uuid NOT NULL,
    list_id uuid NOT NULL,
    owner_id uuid NOT NULL,
    PRIMARY KEY (mailing_id, list_id),
    FOREIGN KEY (owner_id, mailing_id) REFERENCES mailings (owner_id, id),
    FOREIGN KEY (owner_id, list_id) REFERENCES lists (owner_id, id)
);

CREATE TABLE mailing_recipients (
    mailing_id uuid NOT NULL,
    recipient_id uuid NOT NULL,
    owner_id uuid NOT NULL,
    PRIMARY KEY (mailing_id, recipient_id),
    FOREIGN KEY (owner_id, mailing_id) REFERENCES mailings (owner_id, id),
    FOREIGN KEY (owner_id, recipient_id) REFERENCES recipients (owner_id, id)
);

CREATE TABLE schedule_windows (
    id uuid PRIMARY KEY NOT NULL,
    owner_id uuid NOT NULL,
    mailing_id uuid NOT NULL,
    position integer NOT NULL,
    schedule text NOT NULL,
    CONSTRAINT schedule_windows_position UNIQUE (mailing_id, position),
    FOREIGN KEY (owner_id, mailing_id) REFERENCES mailings (owner_id, id)
);
