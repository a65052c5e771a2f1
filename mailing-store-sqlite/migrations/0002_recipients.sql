-- The people that owners write to. `search_text` is address, name and comment in lower case, made
-- by the program, since the databases do not agree on letter case outside of ASCII.

CREATE TABLE recipients (
    id BLOB PRIMARY KEY NOT NULL,
    owner_id BLOB NOT NULL REFERENCES users (id),
    address TEXT NOT NULL,
    address_key TEXT NOT NULL,
    domain TEXT NOT NULL,
    full_name TEXT,
    comment TEXT,
    attributes TEXT NOT NULL,
    state TEXT NOT NULL,
    search_text TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    CONSTRAINT recipients_key UNIQUE (owner_id, address_key),
    CONSTRAINT recipients_owner UNIQUE (owner_id, id)
) STRICT;

CREATE TABLE lists (
    id BLOB PRIMARY KEY NOT NULL,
    owner_id BLOB NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    deleted_at INTEGER,
    CONSTRAINT lists_owner UNIQUE (owner_id, id)
) STRICT;

CREATE UNIQUE INDEX lists_key ON lists (owner_id, name_key) WHERE deleted_at IS NULL;

CREATE TABLE list_members (
    list_id BLOB NOT NULL,
    recipient_id BLOB NOT NULL,
    owner_id BLOB NOT NULL,
    PRIMARY KEY (list_id, recipient_id),
    FOREIGN KEY (owner_id, list_id) REFERENCES lists (owner_id, id),
    FOREIGN KEY (owner_id, recipient_id) REFERENCES recipients (owner_id, id)
) STRICT, WITHOUT ROWID;

-- What is suppressed outlives the recipient, so nothing points at one. A target is the key of an
-- address (it has an @) or a domain (it has none).
CREATE TABLE suppressions (
    id BLOB NOT NULL CONSTRAINT suppressions_id UNIQUE,
    owner_id BLOB NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (owner_id, target)
) STRICT, WITHOUT ROWID;
