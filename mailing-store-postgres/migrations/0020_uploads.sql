-- Files on their way from a browser to an import, in pieces of 1 MiB, so that any process may do the
-- next step. `details` is JSON that only the service reads.

CREATE TABLE uploads (
    id uuid PRIMARY KEY NOT NULL,
    owner_id uuid NOT NULL REFERENCES users (id),
    state text NOT NULL,
    details text NOT NULL,
    lease_until bigint NOT NULL,
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT uploads_owner UNIQUE (owner_id, id)
);

CREATE INDEX uploads_work ON uploads (id) WHERE state IN ('checking', 'importing');

-- Of a file (`part` = 'file'), or of the rows that were not taken ('rejects').
CREATE TABLE import_chunks (
    upload_id uuid NOT NULL,
    part text NOT NULL,
    number bigint NOT NULL,
    owner_id uuid NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (upload_id, part, number),
    FOREIGN KEY (owner_id, upload_id) REFERENCES uploads (owner_id, id)
);

-- What separates the cells of an imported file, where somebody has said so.
ALTER TABLE imports ADD COLUMN delimiter text;
