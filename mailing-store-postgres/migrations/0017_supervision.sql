-- What supervision looks for and sums up, and the letters about runs that have ended.
ALTER TABLE mailings ADD COLUMN search_text text NOT NULL DEFAULT '';
UPDATE mailings SET search_text = lower(name);
ALTER TABLE users ADD COLUMN search_text text NOT NULL DEFAULT '';
UPDATE users SET search_text = lower(email || chr(10) || coalesce(name, ''));

CREATE INDEX runs_when ON runs (occurrence_at);
CREATE INDEX mailings_next ON mailings (owner_id, next_at)
    WHERE next_at IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX audit_user ON audit (user_id, id);

-- False until the owner was told how a run has ended; those that ended before are not told of.
ALTER TABLE runs ADD COLUMN told boolean NOT NULL DEFAULT false;
UPDATE runs SET told = true WHERE ended_at IS NOT NULL;
CREATE INDEX runs_untold ON runs (ended_at) WHERE ended_at IS NOT NULL AND NOT told;
