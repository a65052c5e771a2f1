-- Messages. Their content lives in versions, which never change.

CREATE TABLE messages (
    id uuid PRIMARY KEY NOT NULL,
    owner_id uuid NOT NULL REFERENCES users (id),
    current_number integer NOT NULL,
    created_at bigint NOT NULL,
    deleted_at bigint,
    CONSTRAINT messages_owner UNIQUE (owner_id, id)
);

CREATE TABLE message_versions (
    id uuid PRIMARY KEY NOT NULL,
    owner_id uuid NOT NULL,
    message_id uuid NOT NULL,
    number integer NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    format text NOT NULL,
    text text,
    saved_at bigint NOT NULL,
    CONSTRAINT message_versions_number UNIQUE (message_id, number),
    CONSTRAINT message_versions_owner UNIQUE (owner_id, id),
    FOREIGN KEY (owner_id, message_id) REFERENCES messages (owner_id, id)
);
