-- What reports tell of runs that are over: failures by cause, deliveries by recipient domain. The engine
-- counts each run when it has ended, also those that ended before this table was made.

-- False until that is done; whatever moves the sums of a run makes it false again.
ALTER TABLE runs ADD COLUMN counted boolean NOT NULL DEFAULT false;
UPDATE runs SET counted = true WHERE ended_at IS NOT NULL AND planned = 0;
CREATE INDEX runs_uncounted ON runs (ended_at) WHERE ended_at IS NOT NULL AND NOT counted;

CREATE TABLE run_causes (
    run_id uuid NOT NULL REFERENCES runs (id),
    cause text NOT NULL,
    number bigint NOT NULL,
    PRIMARY KEY (run_id, cause)
);

-- The domains with the most deliveries, as `place` has them. An empty one: all that are not named.
CREATE TABLE run_domains (
    run_id uuid NOT NULL REFERENCES runs (id),
    place bigint NOT NULL,
    domain text NOT NULL,
    delivered bigint NOT NULL,
    failed bigint NOT NULL,
    unknown bigint NOT NULL,
    suppressed bigint NOT NULL,
    cancelled bigint NOT NULL,
    PRIMARY KEY (run_id, place)
);
