-- What was typed into a message and not saved, which version was tried out, and whether a mailing
-- was ended by its owner before its time.

ALTER TABLE messages ADD COLUMN tested_number INTEGER;

CREATE TABLE message_unsaved (
    message_id BLOB PRIMARY KEY NOT NULL,
    owner_id BLOB NOT NULL,
    based_on INTEGER NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    format TEXT NOT NULL,
    text TEXT NOT NULL,
    typed_at INTEGER NOT NULL,
    FOREIGN KEY (owner_id, message_id) REFERENCES messages (owner_id, id)
) STRICT;

ALTER TABLE mailings ADD COLUMN finished_early INTEGER NOT NULL DEFAULT 0;
