-- Pages tell how many recipients there are and how many a list has, at any size: the sums are kept
-- where the rows change, once for each statement. What lies in the trash does not count. And what
-- pages filter by is found without reading the rest.

CREATE TABLE recipient_counts (
    owner_id uuid NOT NULL REFERENCES users (id),
    state text NOT NULL,
    number bigint NOT NULL,
    PRIMARY KEY (owner_id, state)
) WITH (fillfactor = 50);

INSERT INTO recipient_counts (owner_id, state, number)
    SELECT owner_id, state, count(*) FROM recipients WHERE deleted_at IS NULL GROUP BY owner_id, state;

ALTER TABLE lists ADD COLUMN members bigint NOT NULL DEFAULT 0;

UPDATE lists SET members = (SELECT count(*) FROM list_members m
    JOIN recipients r ON r.id = m.recipient_id WHERE m.list_id = lists.id AND r.deleted_at IS NULL);

-- Sums are taken in one order, so that two that count at once wait for each other and no more.
CREATE FUNCTION recipients_count_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO recipient_counts AS c (owner_id, state, number)
        SELECT owner_id, state, count(*) FROM added WHERE deleted_at IS NULL
            GROUP BY owner_id, state ORDER BY owner_id, state
        ON CONFLICT (owner_id, state) DO UPDATE SET number = c.number + excluded.number;
    RETURN NULL;
END
$$;

CREATE FUNCTION recipients_count_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO recipient_counts AS c (owner_id, state, number)
        SELECT owner_id, state, sum(one) FROM (
            SELECT owner_id, state, 1 AS one FROM added WHERE deleted_at IS NULL
            UNION ALL SELECT owner_id, state, -1 FROM removed WHERE deleted_at IS NULL) AS both_of
            GROUP BY owner_id, state HAVING sum(one) <> 0 ORDER BY owner_id, state
        ON CONFLICT (owner_id, state) DO UPDATE SET number = c.number + excluded.number;
    UPDATE lists SET members = members + moved.number FROM (
        SELECT m.list_id, sum(change.one) AS number
            FROM (SELECT a.id, a.owner_id, CASE WHEN a.deleted_at IS NULL THEN 1 ELSE -1 END AS one
                FROM added a JOIN removed r ON r.id = a.id
                WHERE (a.deleted_at IS NULL) <> (r.deleted_at IS NULL)) AS change
            JOIN lists l ON l.owner_id = change.owner_id
            JOIN list_members m ON m.list_id = l.id AND m.recipient_id = change.id
            GROUP BY m.list_id) AS moved
        WHERE lists.id = moved.list_id;
    RETURN NULL;
END
$$;

CREATE FUNCTION recipients_count_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO recipient_counts AS c (owner_id, state, number)
        SELECT owner_id, state, -count(*) FROM removed WHERE deleted_at IS NULL
            GROUP BY owner_id, state ORDER BY owner_id, state
        ON CONFLICT (owner_id, state) DO UPDATE SET number = c.number + excluded.number;
    RETURN NULL;
END
$$;

CREATE TRIGGER recipients_counted AFTER INSERT ON recipients
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION recipients_count_added();
CREATE TRIGGER recipients_recounted AFTER UPDATE ON recipients
    REFERENCING NEW TABLE AS added OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION recipients_count_changed();
CREATE TRIGGER recipients_discounted AFTER DELETE ON recipients
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION recipients_count_removed();

CREATE FUNCTION list_members_count_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE lists SET members = members + moved.number FROM (
        SELECT a.list_id, count(*) AS number FROM added a JOIN recipients r ON r.id = a.recipient_id
            WHERE r.deleted_at IS NULL GROUP BY a.list_id) AS moved
        WHERE lists.id = moved.list_id;
    RETURN NULL;
END
$$;

CREATE FUNCTION list_members_count_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE lists SET members = members - moved.number FROM (
        SELECT a.list_id, count(*) AS number FROM removed a JOIN recipients r ON r.id = a.recipient_id
            WHERE r.deleted_at IS NULL GROUP BY a.list_id) AS moved
        WHERE lists.id = moved.list_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER list_members_counted AFTER INSERT ON list_members
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION list_members_count_added();
CREATE TRIGGER list_members_discounted AFTER DELETE ON list_members
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION list_members_count_removed();

CREATE INDEX recipients_state ON recipients (owner_id, state, address_key) WHERE deleted_at IS NULL;

-- Those that were refused, wait, or are not to be sent. Deliveries that go well have no reason all
-- their life, so that their updates stay HOT.
CREATE INDEX deliveries_reason ON deliveries (run_id, number) WHERE reason IS NOT NULL;
