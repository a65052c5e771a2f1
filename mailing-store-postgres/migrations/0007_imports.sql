-- Recipients from files. `line` moves in the transaction that adds the rows, so that an interrupted
-- import goes on where it stopped.

CREATE TABLE imports (
    id uuid PRIMARY KEY NOT NULL,
    owner_id uuid NOT NULL REFERENCES users (id),
    file_hash bytea NOT NULL,
    octets bigint NOT NULL,
    list_name text,
    list_id uuid,
    mapping text NOT NULL,
    mode text NOT NULL,
    encoding text NOT NULL,
    state text NOT NULL,
    line bigint NOT NULL,
    added bigint NOT NULL,
    updated bigint NOT NULL,
    skipped bigint NOT NULL,
    rejected bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT imports_owner UNIQUE (owner_id, id)
);

-- What a recipient was before an import changed it at `written_at`; kept for a day, to undo it.
CREATE TABLE import_changes (
    import_id uuid NOT NULL REFERENCES imports (id),
    recipient_id uuid NOT NULL,
    owner_id uuid NOT NULL,
    address text NOT NULL,
    full_name text,
    comment text,
    attributes jsonb NOT NULL,
    state text NOT NULL,
    search_text text NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    deleted_at bigint,
    written_at bigint NOT NULL,
    PRIMARY KEY (import_id, recipient_id)
);

-- The import that added the recipient, or put it into the list.
ALTER TABLE recipients ADD COLUMN import_id uuid;
ALTER TABLE list_members ADD COLUMN import_id uuid;
