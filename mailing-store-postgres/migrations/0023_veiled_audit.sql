-- The audit log stays append-only, but for one thing: where an address is the subject, a pseudonym may
-- take its place when whoever had the address is erased.

DROP TRIGGER audit_never_changes ON audit;

CREATE TRIGGER audit_never_shrinks BEFORE DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

CREATE FUNCTION audit_refuse_but_veil() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.deed IN ('suppress', 'unsuppress', 'remove_sender')
        AND OLD.subject LIKE '%@%' AND NEW.subject LIKE '%@erased.invalid'
        AND (NEW.id, NEW.at, NEW.who, NEW.user_id, NEW.owner_id, NEW.deed, NEW.reason)
            IS NOT DISTINCT FROM
            (OLD.id, OLD.at, OLD.who, OLD.user_id, OLD.owner_id, OLD.deed, OLD.reason)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the audit log is append-only';
END
$$;

CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_but_veil();

CREATE INDEX audit_addresses ON audit (owner_id, subject)
    WHERE deed IN ('suppress', 'unsuppress', 'remove_sender');
