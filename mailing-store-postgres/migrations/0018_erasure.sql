-- What was deleted long ago is erased. Rows that runs refer to stay, marked; the indices find what is
-- over, and what points at a row that goes.

ALTER TABLE users ADD COLUMN erased_at bigint;
ALTER TABLE mailings ADD COLUMN erased_at bigint;
ALTER TABLE messages ADD COLUMN erased_at bigint;

CREATE INDEX recipients_over ON recipients (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX list_members_recipient ON list_members (owner_id, recipient_id);
CREATE INDEX mailing_recipients_recipient ON mailing_recipients (owner_id, recipient_id);
CREATE INDEX runs_version ON runs (owner_id, version_id);
