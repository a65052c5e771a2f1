-- What reports tell of runs that are over: failures by cause, deliveries by recipient domain. The engine
-- counts each run when it has ended, also those that ended before this table was made.

-- False until that is done; whatever moves the sums of a run makes it false again.
ALTER TABLE runs ADD COLUMN counted INTEGER NOT NULL DEFAULT 0;
UPDATE runs SET counted = 1 WHERE ended_at IS NOT NULL AND planned = 0;
CREATE INDEX runs_uncounted ON runs (ended_at) WHERE ended_at IS NOT NULL AND NOT counted;

CREATE TABLE run_causes (
    run_id BLOB NOT NULL REFERENCES runs (id),
    cause TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (run_id, cause)
) STRICT, WITHOUT ROWID;

-- The domains with the most deliveries, as `place` has them. An empty one: all that are not named.
CREATE TABLE run_domains (
    run_id BLOB NOT NULL REFERENCES runs (id),
    place INTEGER NOT NULL,
    domain TEXT NOT NULL,
    delivered INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    unknown INTEGER NOT NULL,
    suppressed INTEGER NOT NULL,
    cancelled INTEGER NOT NULL,
    PRIMARY KEY (run_id, place)
) STRICT, WITHOUT ROWID;
