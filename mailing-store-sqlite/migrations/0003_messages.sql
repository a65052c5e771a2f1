-- Messages. Their content lives in versions, which never change.

CREATE TABLE messages (
    id BLOB PRIMARY KEY NOT NULL,
    owner_id BLOB NOT NULL REFERENCES users (id),
    current_number INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    deleted_at INTEGER,
    CONSTRAINT messages_owner UNIQUE (owner_id, id)
) STRICT;

CREATE TABLE message_versions (
    id BLOB PRIMARY KEY NOT NULL,
    owner_id BLOB NOT NULL,
    message_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    format TEXT NOT NULL,
    text TEXT,
    saved_at INTEGER NOT NULL,
    CONSTRAINT message_versions_number UNIQUE (message_id, number),
    CONSTRAINT message_versions_owner UNIQUE (owner_id, id),
    FOREIGN KEY (owner_id, message_id) REFERENCES messages (owner_id, id)
) STRICT;
