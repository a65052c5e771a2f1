-- Files on their way from a browser to an import, in pieces of 1 MiB, so that any process may do the
-- next step. `details` is JSON that only the service reads.

CREATE TABLE uploads (
    id BLOB PRIMARY KEY NOT NULL,
    owner_id BLOB NOT NULL REFERENCES users (id),
    state TEXT NOT NULL,
    details TEXT NOT NULL,
    lease_until INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT uploads_owner UNIQUE (owner_id, id)
) STRICT;

CREATE INDEX uploads_work ON uploads (id) WHERE state IN ('checking', 'importing');

-- Of a file (`part` = 'file'), or of the rows that were not taken ('rejects').
CREATE TABLE import_chunks (
    upload_id BLOB NOT NULL,
    part TEXT NOT NULL,
    number INTEGER NOT NULL,
    owner_id BLOB NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (upload_id, part, number),
    FOREIGN KEY (owner_id, upload_id) REFERENCES uploads (owner_id, id)
) STRICT;

-- What separates the cells of an imported file, where somebody has said so.
ALTER TABLE imports ADD COLUMN delimiter TEXT;
