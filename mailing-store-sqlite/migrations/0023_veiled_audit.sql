-- The audit log stays append-only, but for one thing: where an address is the subject, a pseudonym may
-- take its place when whoever had the address is erased.

DROP TRIGGER audit_never_changes;

CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
WHEN NOT (OLD.deed IN ('suppress', 'unsuppress', 'remove_sender')
    AND OLD.subject LIKE '%@%' AND NEW.subject LIKE '%@erased.invalid'
    AND (NEW.id, NEW.at, NEW.who, NEW.deed) = (OLD.id, OLD.at, OLD.who, OLD.deed)
    AND NEW.user_id IS OLD.user_id AND NEW.owner_id IS OLD.owner_id AND NEW.reason IS OLD.reason)
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE INDEX audit_addresses ON audit (owner_id, subject)
    WHERE deed IN ('suppress', 'unsuppress', 'remove_sender');
