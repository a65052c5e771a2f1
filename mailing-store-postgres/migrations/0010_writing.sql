-- What was typed into a message and not saved, which version was tried out, and whether a mailing
-- was ended by its owner before its time.

ALTER TABLE messages ADD COLUMN tested_number integer;

CREATE TABLE message_unsaved (
    message_id uuid PRIMARY KEY NOT NULL,
    owner_id uuid NOT NULL,
    based_on integer NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    format text NOT NULL,
    text text NOT NULL,
    typed_at bigint NOT NULL,
    FOREIGN KEY (owner_id, message_id) REFERENCES messages (owner_id, id)
);

ALTER TABLE mailings ADD COLUMN finished_early boolean NOT NULL DEFAULT false;
