-- Rates that were set while running, in words: "100 per minute". They win over the configuration's.
CREATE TABLE rate_limits (
    key text PRIMARY KEY NOT NULL,
    rate text NOT NULL
);

-- What is left of each rate, in millionths of a message, when it was last drawn from. Workers share
-- the rows, and a restart leaves them as they are.
CREATE TABLE rate_buckets (
    key text PRIMARY KEY NOT NULL,
    tokens bigint NOT NULL,
    updated_at bigint NOT NULL
) WITH (fillfactor = 50);
