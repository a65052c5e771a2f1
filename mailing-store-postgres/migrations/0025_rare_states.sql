-- Nearly everybody is active and met in the order of the addresses; each would be written into this index,
-- at random places, and an import would take twice as long. It is for the other states.

DROP INDEX recipients_state;
CREATE INDEX recipients_state ON recipients (owner_id, state, address_key)
    WHERE deleted_at IS NULL AND state <> 'active';
