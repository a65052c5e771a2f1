-- The trash of an owner, newest first, and what was put there at one instant, to take it back.

CREATE INDEX recipients_trash ON recipients (owner_id, deleted_at, id) WHERE deleted_at IS NOT NULL;
