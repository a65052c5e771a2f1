-- Processes that send, or did. `generation` names the life that a worker is in, as its journal does.

CREATE TABLE workers (
    id BLOB PRIMARY KEY NOT NULL,
    generation INTEGER NOT NULL,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    heartbeat_at INTEGER NOT NULL,
    left_at INTEGER
) STRICT;
