//! Many rows in one statement: a JSON parameter, unfolded by the server.

/// A row of this database.
pub(crate) type Row = sqlx::postgres::PgRow;

/// Recipients of an owner by the keys of their addresses, those in the trash too.
pub(crate) const FIND_BY_KEYS: &str = concat!(
    "SELECT ",
    mailing_store_sql::recipient_columns!(),
    " FROM recipients WHERE owner_id = $1 \
        AND address_key IN (SELECT jsonb_array_elements_text($2))"
);
/// Their ids, those in the trash left out.
pub(crate) const FIND_IDS: &str = "SELECT id FROM recipients WHERE owner_id = $1 \
    AND address_key IN (SELECT jsonb_array_elements_text($2)) AND deleted_at IS NULL ORDER BY id";
/// Keeps what owner `$1`'s recipients with these keys are, before import `$2` changes them at `$4`.
pub(crate) const REMEMBER: &str = "INSERT INTO import_changes \
        (import_id, recipient_id, owner_id, address, full_name, comment, attributes, state, \
         search_text, created_at, updated_at, deleted_at, written_at) \
    SELECT $2, id, owner_id, address, full_name, comment, attributes, state, search_text, \
        created_at, updated_at, deleted_at, $4 FROM recipients WHERE owner_id = $1 \
        AND address_key IN (SELECT jsonb_array_elements_text($3)) \
    ON CONFLICT DO NOTHING";
/// Writes recipients of owner `$1` at `$3` for import `$4`: new ones, changes, and those that come
/// back from the trash. Whoever took leave stays away; one that somebody else has just added stays.
pub(crate) const UPSERT: &str = "INSERT INTO recipients \
        (id, owner_id, address, address_key, domain, full_name, comment, attributes, state, \
         search_text, created_at, updated_at, import_id) \
    SELECT id, $1, address, key, domain, name, comment, attributes, \
        CASE WHEN state = 'active' AND fresh \
            AND EXISTS (SELECT 1 FROM suppressions s WHERE s.owner_id = $1 \
                AND s.target = key AND s.reason = 'unsubscribed') \
            THEN 'unsubscribed' ELSE state END, search, $3, $3, $4 \
    FROM jsonb_to_recordset($2) AS given (id uuid, address text, key text, domain text, \
        name text, comment text, attributes jsonb, search text, state text, fresh boolean) \
    ON CONFLICT (owner_id, address_key) DO UPDATE SET address = excluded.address, \
        full_name = excluded.full_name, comment = excluded.comment, \
        attributes = excluded.attributes, search_text = excluded.search_text, \
        state = CASE WHEN recipients.state = 'active' \
            THEN excluded.state ELSE recipients.state END, \
        import_id = CASE WHEN recipients.deleted_at IS NULL THEN recipients.import_id END, \
        created_at = CASE WHEN recipients.deleted_at IS NULL \
            THEN recipients.created_at ELSE excluded.created_at END, \
        updated_at = excluded.updated_at, deleted_at = NULL \
    WHERE recipients.deleted_at IS NOT NULL OR recipients.id = excluded.id";
/// Puts an owner's recipients into a list by the keys of their addresses, for import `$4`. An array
/// for the reason told at [`LISTS_OF`].
pub(crate) const ADD_MEMBERS_BY_KEY: &str = "INSERT INTO list_members \
        (list_id, recipient_id, owner_id, import_id) \
    SELECT l.id, r.id, l.owner_id, $4 FROM lists l JOIN recipients r ON r.owner_id = l.owner_id \
    WHERE l.owner_id = $1 AND l.id = $2 AND l.deleted_at IS NULL \
        AND r.address_key = ANY (ARRAY(SELECT jsonb_array_elements_text($3))) \
    ON CONFLICT DO NOTHING";
/// Puts an owner's recipients into a list by id.
pub(crate) const ADD_MEMBERS: &str = "INSERT INTO list_members \
        (list_id, recipient_id, owner_id) \
    SELECT l.id, r.id, l.owner_id FROM lists l JOIN recipients r ON r.owner_id = l.owner_id \
    WHERE l.owner_id = $1 AND l.id = $2 AND l.deleted_at IS NULL AND r.deleted_at IS NULL \
        AND r.id IN (SELECT CAST(jsonb_array_elements_text($3) AS uuid)) \
    ON CONFLICT DO NOTHING";
/// Puts an owner's recipients into the trash by id.
pub(crate) const DELETE_MANY: &str = "UPDATE recipients SET deleted_at = $3 \
    WHERE owner_id = $1 AND deleted_at IS NULL \
        AND id IN (SELECT CAST(jsonb_array_elements_text($2) AS uuid))";
/// Takes recipients out of an owner's list by id.
pub(crate) const REMOVE_MEMBERS: &str = "DELETE FROM list_members \
    WHERE owner_id = $1 AND list_id = $2 \
        AND recipient_id IN (SELECT CAST(jsonb_array_elements_text($3) AS uuid))";
/// The lists that an owner's recipients are in. An array, not a join: its length is known before the
/// plan is made, and all memberships would be read for a list of unknown length.
pub(crate) const LISTS_OF: &str = "SELECT m.recipient_id, l.id, l.owner_id, l.name, l.created_at, \
        CAST(0 AS BIGINT) AS members \
    FROM list_members m JOIN lists l ON l.id = m.list_id \
    WHERE m.owner_id = $1 AND l.owner_id = $1 AND l.deleted_at IS NULL \
        AND m.recipient_id = ANY (ARRAY(SELECT CAST(jsonb_array_elements_text($2) AS uuid))) \
    ORDER BY l.name_key";
/// The entries of an owner's suppression list with these targets.
pub(crate) const SUPPRESSIONS_OF: &str = concat!(
    "SELECT ",
    mailing_store_sql::suppression_columns!(),
    " FROM suppressions WHERE owner_id = $1 AND target IN (SELECT jsonb_array_elements_text($2))"
);
/// Keeps the recipients that were picked for a mailing; those of others and deleted ones are left
/// out.
pub(crate) const INSERT_CHOSEN: &str = "INSERT INTO mailing_recipients \
        (owner_id, mailing_id, recipient_id) \
    SELECT r.owner_id, $2, r.id FROM jsonb_array_elements_text($3) AS given \
    JOIN recipients r ON r.id = CAST(given AS uuid) \
    WHERE r.owner_id = $1 AND r.deleted_at IS NULL";
/// The sum of the members of lists.
pub(crate) const MEMBERS: &str = "SELECT CAST(coalesce(sum(members), 0) AS bigint) FROM lists \
    WHERE owner_id = $1 AND id IN (SELECT CAST(jsonb_array_elements_text($2) AS uuid))";
/// Counts the members of lists.
pub(crate) const WEIGH_LISTS: &str = mailing_store_sql::weigh_audience!(
    "r.id IN (SELECT i.recipient_id FROM list_members i \
        WHERE i.list_id IN (SELECT CAST(jsonb_array_elements_text($2) AS uuid)))"
);
/// Counts picked recipients.
pub(crate) const WEIGH_CHOSEN: &str = mailing_store_sql::weigh_audience!(
    "r.id IN (SELECT CAST(jsonb_array_elements_text($2) AS uuid))"
);

/// All of them, for the test that prepares each.
pub(crate) const ALL: &[&str] = &[
    FIND_BY_KEYS,
    FIND_IDS,
    REMEMBER,
    UPSERT,
    ADD_MEMBERS_BY_KEY,
    ADD_MEMBERS,
    DELETE_MANY,
    REMOVE_MEMBERS,
    LISTS_OF,
    SUPPRESSIONS_OF,
    INSERT_CHOSEN,
    MEMBERS,
    WEIGH_LISTS,
    WEIGH_CHOSEN,
];
