-- Who did what. Rows are added and never changed: the database itself refuses.

CREATE TABLE audit (
    id uuid PRIMARY KEY NOT NULL,
    at bigint NOT NULL,
    who text NOT NULL,
    user_id uuid,
    owner_id uuid,
    deed text NOT NULL,
    subject text NOT NULL,
    reason text
);

CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only';
END
$$;

CREATE TRIGGER audit_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
