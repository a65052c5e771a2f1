-- Rates that were set while running, in words: "100 per minute". They win over the configuration's.
CREATE TABLE rate_limits (
    key TEXT PRIMARY KEY NOT NULL,
    rate TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What is left of each rate, in millionths of a message, when it was last drawn from. Workers share
-- the rows, and a restart leaves them as they are.
CREATE TABLE rate_buckets (
    key TEXT PRIMARY KEY NOT NULL,
    tokens INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
