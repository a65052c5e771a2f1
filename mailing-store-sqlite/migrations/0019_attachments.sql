-- Files that go with messages: each content once for each owner, under its SHA-256. A version names its
-- files as JSON; what no version names is erased by the housekeeping.

ALTER TABLE message_versions ADD COLUMN attachments TEXT NOT NULL DEFAULT '[]';

CREATE TABLE attachments (
    owner_id BLOB NOT NULL REFERENCES users (id),
    hash TEXT NOT NULL,
    data BLOB NOT NULL,
    kept_at INTEGER NOT NULL,
    PRIMARY KEY (owner_id, hash)
) STRICT;

CREATE INDEX message_versions_attached ON message_versions (owner_id) WHERE attachments <> '[]';
