-- Processes that send, or did. `generation` names the life that a worker is in, as its journal does.

CREATE TABLE workers (
    id uuid PRIMARY KEY NOT NULL,
    generation bigint NOT NULL,
    host text NOT NULL,
    pid bigint NOT NULL,
    started_at bigint NOT NULL,
    heartbeat_at bigint NOT NULL,
    left_at bigint
);
