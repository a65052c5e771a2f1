-- Recipients from files. `line` moves in the transaction that adds the rows, so that an interrupted
-- import goes on where it stopped.

CREATE TABLE imports (
    id BLOB PRIMARY KEY NOT NULL,
    owner_id BLOB NOT NULL REFERENCES users (id),
    file_hash BLOB NOT NULL,
    octets INTEGER NOT NULL,
    list_name TEXT,
    list_id BLOB,
    mapping TEXT NOT NULL,
    mode TEXT NOT NULL,
    encoding TEXT NOT NULL,
    state TEXT NOT NULL,
    line INTEGER NOT NULL,
    added INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    skipped INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT imports_owner UNIQUE (owner_id, id)
) STRICT;

-- What a recipient was before an import changed it at `written_at`; kept for a day, to undo it.
CREATE TABLE import_changes (
    import_id BLOB NOT NULL REFERENCES imports (id),
    recipient_id BLOB NOT NULL,
    owner_id BLOB NOT NULL,
    address TEXT NOT NULL,
    full_name TEXT,
    comment TEXT,
    attributes TEXT NOT NULL,
    state TEXT NOT NULL,
    search_text TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    written_at INTEGER NOT NULL,
    PRIMARY KEY (import_id, recipient_id)
) STRICT, WITHOUT ROWID;

-- The import that added the recipient, or put it into the list.
ALTER TABLE recipients ADD COLUMN import_id BLOB;
ALTER TABLE list_members ADD COLUMN import_id BLOB;
