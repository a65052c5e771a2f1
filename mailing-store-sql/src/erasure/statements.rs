//! The statements that erase.
//!
//! Things that runs refer to keep a row, marked with `erased_at`, so that the history stays whole.

/// Locks a thing that is still over: it may have come back since it was found. The update locks the row
/// where rows are locked.
macro_rules! hold {
    ($table:literal) => {
        concat!(
            "UPDATE ",
            $table,
            " SET deleted_at = deleted_at WHERE id = $1 AND (deleted_at < $2 \
                OR EXISTS (SELECT 1 FROM users u WHERE u.id = ",
            $table,
            ".owner_id AND u.deleted_at < $2))"
        )
    };
}

/// Holds a recipient.
pub const HOLD_RECIPIENT: &str = hold!("recipients");
/// Holds a list.
pub const HOLD_LIST: &str = hold!("lists");
/// Holds a mailing.
pub const HOLD_MAILING: &str = hold!("mailings");
/// Holds a message.
pub const HOLD_MESSAGE: &str = hold!("messages");
/// Recipients whose time is over: from the trash, and of deleted accounts.
pub const OVERDUE_RECIPIENTS: &str = "SELECT id, owner_id, address FROM \
        (SELECT id, owner_id, address FROM recipients WHERE deleted_at < $1 LIMIT $2) AS trashed \
    UNION SELECT id, owner_id, address FROM \
        (SELECT r.id, r.owner_id, r.address FROM users u JOIN recipients r ON r.owner_id = u.id \
            WHERE u.deleted_at < $1 AND u.erased_at IS NULL LIMIT $2) AS orphaned LIMIT $2";
/// Keeps away whoever was not active.
pub const KEEP_AWAY: &str = "INSERT INTO suppressions (id, owner_id, kind, target, reason, created_at) \
    SELECT id, owner_id, 'address', address_key, CASE state WHEN 'bounced' THEN 'hard_bounce' \
        WHEN 'complained' THEN 'complaint' ELSE 'unsubscribed' END, $3 \
    FROM recipients WHERE owner_id = $1 AND id = $2 AND state <> 'active' ON CONFLICT DO NOTHING";
/// What a recipient's deliveries are named by, but for those that have the pseudonym already.
pub const DELIVERIES_OF: &str = "SELECT d.run_id, d.number, d.address FROM runs r \
    JOIN deliveries d ON d.run_id = r.id AND d.recipient_id = $2 \
    WHERE r.owner_id = $1 AND d.address NOT LIKE '%@erased.invalid' ORDER BY r.id LIMIT $3";
/// The last reply of a run. Locks the run before its deliveries, as all others do.
pub const LAST_REPLY: &str =
    "UPDATE runs SET last_reply = last_reply WHERE id = $1 RETURNING last_reply";
/// Writes the last reply of a run anew.
pub const VEIL_RUN: &str = "UPDATE runs SET last_reply = $2 WHERE id = $1";
/// Names the pseudonym in a delivery.
pub const VEIL_DELIVERY: &str =
    "UPDATE deliveries SET address = $3 WHERE run_id = $1 AND number = $2";
/// What mail servers said to a delivery.
pub const REPLIES: &str = "SELECT attempt, text FROM delivery_attempts \
    WHERE run_id = $1 AND number = $2 AND text IS NOT NULL";
/// Writes one of these anew.
pub const VEIL_REPLY: &str = "UPDATE delivery_attempts SET text = $4 \
    WHERE run_id = $1 AND number = $2 AND attempt = $3";
/// Runs whose last reply has an address in it, spelled `$2`, `$3` or `$4` in lower case: some databases
/// know lower case of ASCII alone.
pub const RUNS_NAMING: &str = "SELECT id FROM runs WHERE owner_id = $1 AND last_reply IS NOT NULL \
    AND lower(last_reply) <> \
        replace(replace(replace(lower(last_reply), $2, ''), $3, ''), $4, '') ORDER BY id";
/// Names the pseudonym `$4` where the audit log has an address, spelled `$2` or `$3`, as its subject.
pub const VEIL_AUDIT: &str = "UPDATE audit SET subject = $4 WHERE owner_id = $1 \
    AND deed IN ('suppress', 'unsuppress', 'remove_sender') AND subject IN ($2, $3)";
/// What points at a recipient, and then the recipient.
pub const DROP_RECIPIENT: &[&str] = &[
    "DELETE FROM list_members WHERE owner_id = $1 AND recipient_id = $2",
    "DELETE FROM mailing_recipients WHERE owner_id = $1 AND recipient_id = $2",
    "DELETE FROM import_changes WHERE recipient_id = $2 \
        AND import_id IN (SELECT id FROM imports WHERE owner_id = $1)",
    "DELETE FROM recipients WHERE owner_id = $1 AND id = $2",
];
/// Lists whose time is over.
pub const OVERDUE_LISTS: &str = "SELECT l.id FROM lists l JOIN users u ON u.id = l.owner_id \
    WHERE l.deleted_at < $1 OR u.deleted_at < $1 LIMIT $2";
/// A portion of a list's members.
pub const DROP_MEMBERS: &str = "DELETE FROM list_members WHERE list_id = $1 AND recipient_id IN \
    (SELECT recipient_id FROM list_members WHERE list_id = $1 LIMIT $2)";
/// What else points at a list, and then the list.
pub const DROP_LIST: &[&str] = &[
    "DELETE FROM mailing_lists WHERE list_id = $1",
    "DELETE FROM lists WHERE id = $1",
];
/// Mailings whose time is over and none of whose runs is open.
pub const OVERDUE_MAILINGS: &str = "SELECT m.id FROM mailings m JOIN users u ON u.id = m.owner_id \
    WHERE m.erased_at IS NULL AND (m.deleted_at < $1 OR u.deleted_at < $1) AND NOT EXISTS \
        (SELECT 1 FROM runs r WHERE r.mailing_id = m.id AND r.ended_at IS NULL) LIMIT $2";
/// A portion of those who were picked for a mailing.
pub const DROP_PICKS: &str = "DELETE FROM mailing_recipients WHERE mailing_id = $1 \
    AND recipient_id IN (SELECT recipient_id FROM mailing_recipients WHERE mailing_id = $1 \
        LIMIT $2)";
/// What else a mailing has, and then the mailing unless it has runs.
pub const DROP_MAILING: &[&str] = &[
    "DELETE FROM mailing_lists WHERE mailing_id = $1",
    "DELETE FROM schedule_windows WHERE mailing_id = $1",
    "DELETE FROM mailings WHERE id = $1 \
        AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.mailing_id = $1)",
];
/// Marks one that has runs.
pub const MARK_MAILING: &str = "UPDATE mailings SET erased_at = $2, \
    deleted_at = coalesce(deleted_at, $2), wake_at = NULL, next_at = NULL WHERE id = $1";
/// Messages whose time is over and that no mailing has.
pub const OVERDUE_MESSAGES: &str = "SELECT m.id FROM messages m JOIN users u ON u.id = m.owner_id \
    WHERE m.erased_at IS NULL AND (m.deleted_at < $1 OR u.deleted_at < $1) AND NOT EXISTS \
        (SELECT 1 FROM mailings a WHERE a.message_id = m.id AND a.erased_at IS NULL) LIMIT $2";
/// A portion of a message's versions, but for those that were sent.
pub const DROP_VERSIONS: &str = "DELETE FROM message_versions WHERE id IN \
    (SELECT v.id FROM message_versions v WHERE v.message_id = $1 \
        AND NOT EXISTS (SELECT 1 FROM runs r \
            WHERE r.owner_id = v.owner_id AND r.version_id = v.id) LIMIT $2)";
/// What else a message has; then the message unless something needs it.
pub const DROP_MESSAGE: &[&str] = &[
    "DELETE FROM message_unsaved WHERE message_id = $1",
    "DELETE FROM messages WHERE id = $1 \
        AND NOT EXISTS (SELECT 1 FROM message_versions v WHERE v.message_id = $1) \
        AND NOT EXISTS (SELECT 1 FROM mailings a WHERE a.message_id = $1)",
];
/// Marks one that is needed.
pub const MARK_MESSAGE: &str = "UPDATE messages SET erased_at = $2, \
    deleted_at = coalesce(deleted_at, $2) WHERE id = $1";
/// What is erased thing by thing: each after the parts that it has many of.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// Ids of things whose time is over.
    pub overdue: &'static str,
    /// Holds one that is still over.
    pub hold: &'static str,
    /// Drops a portion of its parts.
    pub parts: &'static str,
    /// Drops what else it has; last the thing itself, unless something needs it.
    pub rest: &'static [&'static str],
    /// Marks one that is needed. Nothing needs a list.
    pub mark: Option<&'static str>,
}

/// Lists.
pub const LISTS: Kind = Kind {
    overdue: OVERDUE_LISTS,
    hold: HOLD_LIST,
    parts: DROP_MEMBERS,
    rest: DROP_LIST,
    mark: None,
};
/// Mailings.
pub const MAILINGS: Kind = Kind {
    overdue: OVERDUE_MAILINGS,
    hold: HOLD_MAILING,
    parts: DROP_PICKS,
    rest: DROP_MAILING,
    mark: Some(MARK_MAILING),
};
/// Messages.
pub const MESSAGES: Kind = Kind {
    overdue: OVERDUE_MESSAGES,
    hold: HOLD_MESSAGE,
    parts: DROP_VERSIONS,
    rest: DROP_MESSAGE,
    mark: Some(MARK_MESSAGE),
};
/// A deleted account of which nothing but history and small things is left.
pub const OVERDUE_ACCOUNT: &str = "SELECT u.id FROM users u \
    WHERE u.deleted_at < $1 AND u.erased_at IS NULL \
        AND NOT EXISTS (SELECT 1 FROM recipients r WHERE r.owner_id = u.id) \
        AND NOT EXISTS (SELECT 1 FROM lists l WHERE l.owner_id = u.id) \
        AND NOT EXISTS \
            (SELECT 1 FROM mailings m WHERE m.owner_id = u.id AND m.erased_at IS NULL) \
        AND NOT EXISTS \
            (SELECT 1 FROM messages m WHERE m.owner_id = u.id AND m.erased_at IS NULL) LIMIT 1";
/// Portions of what is heavy of it: pieces of files.
pub const DROP_PIECES: &[&str] = &[
    "DELETE FROM import_chunks WHERE (upload_id, part, number) IN \
        (SELECT k.upload_id, k.part, k.number FROM uploads u \
            JOIN import_chunks k ON k.upload_id = u.id WHERE u.owner_id = $1 LIMIT $2)",
    "DELETE FROM export_chunks WHERE (export_id, number) IN \
        (SELECT k.export_id, k.number FROM exports e \
            JOIN export_chunks k ON k.export_id = e.id WHERE e.owner_id = $1 LIMIT $2)",
];
/// Takes what was sent its words, which become `$3`.
pub const VEIL_VERSIONS: &str = "UPDATE message_versions \
    SET subject = $3, body = $3, text = NULL, attachments = '[]' WHERE id IN \
    (SELECT v.id FROM messages m JOIN message_versions v ON v.message_id = m.id \
        WHERE m.owner_id = $1 AND (v.subject <> $3 OR v.body <> $3 OR v.text IS NOT NULL \
            OR v.attachments <> '[]') LIMIT $2)";
/// Portions of its light rows.
pub const DROP_ROWS: &[&str] = &[
    "DELETE FROM suppressions WHERE owner_id = $1 AND target IN \
        (SELECT target FROM suppressions WHERE owner_id = $1 LIMIT $2)",
    "DELETE FROM import_changes WHERE (import_id, recipient_id) IN \
        (SELECT c.import_id, c.recipient_id FROM imports i \
            JOIN import_changes c ON c.import_id = i.id WHERE i.owner_id = $1 LIMIT $2)",
    "DELETE FROM imports WHERE id IN (SELECT id FROM imports WHERE owner_id = $1 LIMIT $2)",
    "DELETE FROM idempotency_keys WHERE user_id = $1 AND form IN \
        (SELECT form FROM idempotency_keys WHERE user_id = $1 LIMIT $2)",
    "UPDATE runs SET from_address = NULL, from_name = NULL WHERE id IN \
        (SELECT id FROM runs WHERE owner_id = $1 AND from_address IS NOT NULL LIMIT $2)",
];
/// Takes the audit log its addresses, which become `$3`.
pub const VEIL_SUBJECTS: &str = "UPDATE audit SET subject = $3 WHERE id IN \
    (SELECT id FROM audit WHERE owner_id = $1 \
        AND deed IN ('suppress', 'unsuppress', 'remove_sender') \
        AND subject LIKE '%@%' AND subject NOT LIKE '%@erased.invalid' LIMIT $2)";
/// The last things, few of each.
pub const DROP_ACCOUNT: &[&str] = &[
    "DELETE FROM uploads WHERE owner_id = $1",
    "DELETE FROM exports WHERE owner_id = $1",
    "DELETE FROM second_factors WHERE user_id = $1",
    "DELETE FROM recovery_codes WHERE user_id = $1",
    "DELETE FROM senders WHERE owner_id = $1 \
        AND NOT EXISTS (SELECT 1 FROM mailings m WHERE m.sender_id = senders.id)",
];
/// Senders whose addresses are still there; those that no mailing names go with the last things.
pub const SENDERS_LEFT: &str = "SELECT id FROM senders WHERE owner_id = $1 \
    AND address NOT LIKE '%@erased.invalid' LIMIT $2";
/// Takes a sender its address.
pub const VEIL_SENDER: &str =
    "UPDATE senders SET address = $2, address_key = $2, name = NULL WHERE id = $1";
/// Marks the account.
pub const MARK_ACCOUNT: &str = "UPDATE users SET erased_at = $2 WHERE id = $1";
/// Files that no version names and that were kept before `$1`.
pub const ERASE_FILES: &str = "DELETE FROM attachments WHERE kept_at < $1 AND (owner_id, hash) IN \
    (SELECT f.owner_id, f.hash FROM attachments f WHERE f.kept_at < $1 AND NOT EXISTS \
        (SELECT 1 FROM message_versions v WHERE v.owner_id = f.owner_id \
            AND v.attachments <> '[]' AND v.attachments LIKE '%' || f.hash || '%') LIMIT $2)";
/// Erases posts of the trash that were put there before `$1`; their views go with them.
pub const ERASE_POSTS: &str = "DELETE FROM posts WHERE deleted_at < $1 AND id IN \
    (SELECT id FROM posts WHERE deleted_at < $1 LIMIT $2)";
/// Erases pictures that no post has and that were kept before `$1`.
pub const ERASE_PICTURES: &str = "DELETE FROM images WHERE kept_at < $1 AND (hash, size) IN \
    (SELECT i.hash, i.size FROM images i WHERE i.kept_at < $1 AND NOT EXISTS \
        (SELECT 1 FROM posts p WHERE p.picture_hash = i.hash) LIMIT $2)";
/// Drops what was kept to undo imports that are over and that nothing has moved since `$1`.
pub const FORGET_IMPORTS: &str = "DELETE FROM import_changes \
    WHERE (import_id, recipient_id) IN (SELECT c.import_id, c.recipient_id FROM imports i \
        JOIN import_changes c ON c.import_id = i.id WHERE i.updated_at < $1 \
            AND i.state IN ('finished', 'undone') LIMIT $2)";

/// All statements, for the test that prepares each.
#[must_use]
pub fn all() -> Vec<&'static str> {
    let single = [
        HOLD_RECIPIENT,
        HOLD_LIST,
        HOLD_MAILING,
        HOLD_MESSAGE,
        OVERDUE_RECIPIENTS,
        KEEP_AWAY,
        DELIVERIES_OF,
        LAST_REPLY,
        VEIL_RUN,
        VEIL_DELIVERY,
        REPLIES,
        VEIL_REPLY,
        RUNS_NAMING,
        VEIL_AUDIT,
        OVERDUE_LISTS,
        DROP_MEMBERS,
        OVERDUE_MAILINGS,
        DROP_PICKS,
        MARK_MAILING,
        OVERDUE_MESSAGES,
        DROP_VERSIONS,
        MARK_MESSAGE,
        OVERDUE_ACCOUNT,
        VEIL_VERSIONS,
        VEIL_SUBJECTS,
        SENDERS_LEFT,
        VEIL_SENDER,
        MARK_ACCOUNT,
        ERASE_FILES,
        ERASE_POSTS,
        ERASE_PICTURES,
        FORGET_IMPORTS,
    ];
    let several = [
        DROP_RECIPIENT,
        DROP_LIST,
        DROP_MAILING,
        DROP_MESSAGE,
        DROP_PIECES,
        DROP_ROWS,
        DROP_ACCOUNT,
    ];
    [&single[..], &several.concat()].concat()
}
