-- Pages tell how many recipients there are and how many a list has, at any size: the sums are kept
-- where the rows change. What lies in the trash does not count. And what pages filter by is found
-- without reading the rest.

CREATE TABLE recipient_counts (
    owner_id BLOB NOT NULL REFERENCES users (id),
    state TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (owner_id, state)
) STRICT, WITHOUT ROWID;

INSERT INTO recipient_counts (owner_id, state, number)
    SELECT owner_id, state, count(*) FROM recipients WHERE deleted_at IS NULL GROUP BY owner_id, state;

ALTER TABLE lists ADD COLUMN members INTEGER NOT NULL DEFAULT 0;

UPDATE lists SET members = (SELECT count(*) FROM list_members m
    JOIN recipients r ON r.id = m.recipient_id WHERE m.list_id = lists.id AND r.deleted_at IS NULL);

CREATE TRIGGER recipients_counted AFTER INSERT ON recipients WHEN new.deleted_at IS NULL
BEGIN
    INSERT INTO recipient_counts (owner_id, state, number) VALUES (new.owner_id, new.state, 1)
        ON CONFLICT (owner_id, state) DO UPDATE SET number = number + 1;
END;

CREATE TRIGGER recipients_recounted AFTER UPDATE OF state, deleted_at ON recipients
    WHEN old.state <> new.state OR (old.deleted_at IS NULL) <> (new.deleted_at IS NULL)
BEGIN
    UPDATE recipient_counts SET number = number - 1
        WHERE owner_id = old.owner_id AND state = old.state AND old.deleted_at IS NULL;
    INSERT INTO recipient_counts (owner_id, state, number)
        SELECT new.owner_id, new.state, 1 WHERE new.deleted_at IS NULL
        ON CONFLICT (owner_id, state) DO UPDATE SET number = number + 1;
    UPDATE lists SET members = members + (new.deleted_at IS NULL) - (old.deleted_at IS NULL)
        WHERE owner_id = new.owner_id AND (old.deleted_at IS NULL) <> (new.deleted_at IS NULL)
            AND EXISTS (SELECT 1 FROM list_members m
                WHERE m.list_id = lists.id AND m.recipient_id = new.id);
END;

CREATE TRIGGER recipients_discounted AFTER DELETE ON recipients WHEN old.deleted_at IS NULL
BEGIN
    UPDATE recipient_counts SET number = number - 1
        WHERE owner_id = old.owner_id AND state = old.state;
END;

CREATE TRIGGER list_members_counted AFTER INSERT ON list_members
BEGIN
    UPDATE lists SET members = members + 1 WHERE id = new.list_id
        AND EXISTS (SELECT 1 FROM recipients r WHERE r.id = new.recipient_id AND r.deleted_at IS NULL);
END;

CREATE TRIGGER list_members_discounted AFTER DELETE ON list_members
BEGIN
    UPDATE lists SET members = members - 1 WHERE id = old.list_id
        AND EXISTS (SELECT 1 FROM recipients r WHERE r.id = old.recipient_id AND r.deleted_at IS NULL);
END;

CREATE INDEX recipients_state ON recipients (owner_id, state, address_key) WHERE deleted_at IS NULL;

-- Those that were refused, wait, or are not to be sent. Nothing of a delivery that goes well is in it.
CREATE INDEX deliveries_reason ON deliveries (run_id, number) WHERE reason IS NOT NULL;
