-- Exports of recipients that the service prepares, in pieces, so that any process may go on with them.
-- `details` is JSON that only the service reads.

CREATE TABLE exports (
    id BLOB PRIMARY KEY NOT NULL,
    owner_id BLOB NOT NULL REFERENCES users (id),
    state TEXT NOT NULL,
    details TEXT NOT NULL,
    lease_until INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT exports_owner UNIQUE (owner_id, id)
) STRICT;

-- One of an owner at a time.
CREATE UNIQUE INDEX exports_one ON exports (owner_id) WHERE state <> 'ready';

-- Goes with its export, also while somebody writes the next piece.
CREATE TABLE export_chunks (
    export_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    owner_id BLOB NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (export_id, number),
    FOREIGN KEY (owner_id, export_id) REFERENCES exports (owner_id, id) ON DELETE CASCADE
) STRICT;
