-- Files that go with messages: each content once for each owner, under its SHA-256. A version names its
-- files as JSON; what no version names is erased by the housekeeping.

ALTER TABLE message_versions ADD COLUMN attachments text NOT NULL DEFAULT '[]';

CREATE TABLE attachments (
    owner_id uuid NOT NULL REFERENCES users (id),
    hash text NOT NULL,
    data bytea NOT NULL,
    kept_at bigint NOT NULL,
    PRIMARY KEY (owner_id, hash)
);

CREATE INDEX message_versions_attached ON message_versions (owner_id) WHERE attachments <> '[]';
