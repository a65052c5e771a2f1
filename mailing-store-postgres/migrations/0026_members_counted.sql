-- The sums of lists, as 0021 takes them, with each recipient looked up by its id: with a join the
-- planner, who does not know how few rows a statement adds, read all recipients for each batch of an
-- import.

CREATE OR REPLACE FUNCTION list_members_count_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE lists SET members = members + moved.number FROM (
        SELECT a.list_id, count(*) AS number FROM added a
            WHERE (SELECT r.deleted_at IS NULL FROM recipients r WHERE r.id = a.recipient_id)
            GROUP BY a.list_id) AS moved
        WHERE lists.id = moved.list_id;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION list_members_count_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE lists SET members = members - moved.number FROM (
        SELECT a.list_id, count(*) AS number FROM removed a
            WHERE (SELECT r.deleted_at IS NULL FROM recipients r WHERE r.id = a.recipient_id)
            GROUP BY a.list_id) AS moved
        WHERE lists.id = moved.list_id;
    RETURN NULL;
END
$$;
