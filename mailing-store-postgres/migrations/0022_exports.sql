-- Exports of recipients that the service prepares, in pieces, so that any process may go on with them.
-- `details` is JSON that only the service reads.

CREATE TABLE exports (
    id uuid PRIMARY KEY NOT NULL,
    owner_id uuid NOT NULL REFERENCES users (id),
    state text NOT NULL,
    details text NOT NULL,
    lease_until bigint NOT NULL,
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT exports_owner UNIQUE (owner_id, id)
);

-- One of an owner at a time.
CREATE UNIQUE INDEX exports_one ON exports (owner_id) WHERE state <> 'ready';

-- Goes with its export, also while somebody writes the next piece.
CREATE TABLE export_chunks (
    export_id uuid NOT NULL,
    number bigint NOT NULL,
    owner_id uuid NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (export_id, number),
    FOREIGN KEY (owner_id, export_id) REFERENCES exports (owner_id, id) ON DELETE CASCADE
);
