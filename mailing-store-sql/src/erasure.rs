//! Erasing what was deleted long ago.
//!
//! Things that runs refer to keep a row, marked with `erased_at`, so that the history stays whole.

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
/// Names the pseudonym `$3` in a recipient's deliveries.
pub const VEIL_DELIVERIES: &str = "UPDATE deliveries SET address = $3 WHERE recipient_id = $2 \
    AND run_id IN (SELECT id FROM runs WHERE owner_id = $1)";
/// The same in what mail servers said of the address, spelled `$3` or `$4`.
pub const VEIL_REPLIES: &str = "UPDATE delivery_attempts \
    SET text = replace(replace(text, $3, $5), $4, $5) \
    WHERE text IS NOT NULL AND (run_id, number) IN (SELECT d.run_id, d.number FROM runs r \
        JOIN deliveries d ON d.run_id = r.id AND d.recipient_id = $2 WHERE r.owner_id = $1)";
/// The same in the last replies of runs.
pub const VEIL_RUNS: &str = "UPDATE runs \
    SET last_reply = replace(replace(last_reply, $2, $4), $3, $4) \
    WHERE owner_id = $1 AND last_reply <> replace(replace(last_reply, $2, $4), $3, $4)";
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
    (SELECT recipient_id FROM list_members WHERE list_id = $1 LIMIT 5000)";
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
        LIMIT 5000)";
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
/// What a message has, but for versions that were sent; then the message unless something needs it.
pub const DROP_MESSAGE: &[&str] = &[
    "DELETE FROM message_unsaved WHERE message_id = $1",
    "DELETE FROM message_versions WHERE message_id = $1 \
        AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.version_id = message_versions.id)",
    "DELETE FROM messages WHERE id = $1 \
        AND NOT EXISTS (SELECT 1 FROM message_versions v WHERE v.message_id = $1) \
        AND NOT EXISTS (SELECT 1 FROM mailings a WHERE a.message_id = $1)",
];
/// Marks one that is needed.
pub const MARK_MESSAGE: &str = "UPDATE messages SET erased_at = $2, \
    deleted_at = coalesce(deleted_at, $2) WHERE id = $1";
/// A deleted account of which nothing but history and small things is left.
pub const OVERDUE_ACCOUNT: &str = "SELECT u.id FROM users u \
    WHERE u.deleted_at < $1 AND u.erased_at IS NULL \
        AND NOT EXISTS (SELECT 1 FROM recipients r WHERE r.owner_id = u.id) \
        AND NOT EXISTS (SELECT 1 FROM lists l WHERE l.owner_id = u.id) \
        AND NOT EXISTS \
            (SELECT 1 FROM mailings m WHERE m.owner_id = u.id AND m.erased_at IS NULL) \
        AND NOT EXISTS \
            (SELECT 1 FROM messages m WHERE m.owner_id = u.id AND m.erased_at IS NULL) LIMIT 1";
/// A portion of its suppression list.
pub const DROP_SUPPRESSIONS: &str = "DELETE FROM suppressions WHERE owner_id = $1 AND target IN \
    (SELECT target FROM suppressions WHERE owner_id = $1 LIMIT 5000)";
/// The small things.
pub const DROP_ACCOUNT: &[&str] = &[
    "DELETE FROM import_changes WHERE import_id IN (SELECT id FROM imports WHERE owner_id = $1)",
    "DELETE FROM imports WHERE owner_id = $1",
    "DELETE FROM idempotency_keys WHERE user_id = $1",
    "DELETE FROM second_factors WHERE user_id = $1",
    "DELETE FROM recovery_codes WHERE user_id = $1",
    "DELETE FROM senders WHERE owner_id = $1 \
        AND NOT EXISTS (SELECT 1 FROM mailings m WHERE m.sender_id = senders.id)",
    "UPDATE runs SET from_address = NULL, from_name = NULL WHERE owner_id = $1",
];
/// Senders that mailings with a history name.
pub const SENDERS_LEFT: &str = "SELECT id FROM senders WHERE owner_id = $1";
/// Takes a sender its address.
pub const VEIL_SENDER: &str =
    "UPDATE senders SET address = $2, address_key = $2, name = NULL WHERE id = $1";
/// Takes what was sent its words.
pub const VEIL_VERSIONS: &str = "UPDATE message_versions SET subject = $2, body = $2, text = NULL, \
        attachments = '[]' WHERE message_id IN (SELECT id FROM messages WHERE owner_id = $1)";
/// Marks the account.
pub const MARK_ACCOUNT: &str = "UPDATE users SET erased_at = $2 WHERE id = $1";
/// Files that no version names and that were kept before `$1`.
pub const ERASE_FILES: &str = "DELETE FROM attachments WHERE (owner_id, hash) IN \
    (SELECT f.owner_id, f.hash FROM attachments f WHERE f.kept_at < $1 AND NOT EXISTS \
        (SELECT 1 FROM message_versions v WHERE v.owner_id = f.owner_id \
            AND v.attachments <> '[]' AND v.attachments LIKE '%' || f.hash || '%') LIMIT $2)";
/// Drops what was kept to undo imports that nothing has moved since `$1`.
pub const FORGET_IMPORTS: &str = "DELETE FROM import_changes \
    WHERE (import_id, recipient_id) IN (SELECT c.import_id, c.recipient_id FROM imports i \
        JOIN import_changes c ON c.import_id = i.id WHERE i.updated_at < $1 LIMIT $2)";

/// All statements, for the test that prepares each.
#[must_use]
pub fn all() -> Vec<&'static str> {
    let single = [
        OVERDUE_RECIPIENTS,
        KEEP_AWAY,
        VEIL_DELIVERIES,
        VEIL_REPLIES,
        VEIL_RUNS,
        OVERDUE_LISTS,
        DROP_MEMBERS,
        OVERDUE_MAILINGS,
        DROP_PICKS,
        MARK_MAILING,
        OVERDUE_MESSAGES,
        MARK_MESSAGE,
        OVERDUE_ACCOUNT,
        DROP_SUPPRESSIONS,
        SENDERS_LEFT,
        VEIL_SENDER,
        VEIL_VERSIONS,
        MARK_ACCOUNT,
        ERASE_FILES,
        FORGET_IMPORTS,
    ];
    let several = [
        DROP_RECIPIENT,
        DROP_LIST,
        DROP_MAILING,
        DROP_MESSAGE,
        DROP_ACCOUNT,
    ];
    [&single[..], &several.concat()].concat()
}

/// [`ErasureRepo`](mailing_core::ports::store::ErasureRepo) for a unit of work.
#[macro_export]
macro_rules! erasure_repo {
    ($unit:ty) => {
        const _: () = {
            use mailing_core::message::ERASED;
            use $crate::codec::Place;
            use $crate::erasure;
            use $crate::names::*;

            /// As many rows go at once; fewer say that none is left.
            const PORTION: u64 = 5_000;

            impl $unit {
                /// Ids of what is over.
                async fn overdue(
                    &mut self,
                    statement: &'static str,
                    before: Timestamp,
                    limit: u32,
                ) -> Result<Vec<Uuid>, StoreError> {
                    query_scalar(statement)
                        .bind(millis(before))
                        .bind(i64::from(limit))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)
                }

                /// Deletes what is older than an instant; how many rows.
                async fn erase_old(
                    &mut self,
                    statement: &'static str,
                    before: Timestamp,
                    limit: u32,
                ) -> Result<u64, StoreError> {
                    let done = query(statement)
                        .bind(millis(before))
                        .bind(i64::from(limit))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected())
                }

                /// Does one statement about one thing; how many rows it met.
                async fn erase_of(
                    &mut self,
                    statement: &'static str,
                    id: Uuid,
                ) -> Result<u64, StoreError> {
                    let done = query(statement)
                        .bind(id)
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected())
                }

                /// Does statements about one thing one after the other; how many rows the last met.
                async fn erase_parts(
                    &mut self,
                    statements: &[&'static str],
                    id: Uuid,
                ) -> Result<u64, StoreError> {
                    let mut met = 0;
                    for statement in statements {
                        met = self.erase_of(statement, id).await?;
                    }
                    Ok(met)
                }

                /// Marks what keeps a row.
                async fn mark_erased(
                    &mut self,
                    statement: &'static str,
                    id: Uuid,
                    now: Timestamp,
                ) -> Result<(), StoreError> {
                    query(statement)
                        .bind(id)
                        .bind(millis(now))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }

                /// Puts the pseudonym where the history names the address.
                async fn veil_history(
                    &mut self,
                    recipient: &OverdueRecipient,
                    pseudonym: &EmailAddress,
                ) -> Result<(), StoreError> {
                    let OverdueRecipient { id, owner, address } = recipient;
                    query(erasure::VEIL_DELIVERIES)
                        .bind(owner.uuid())
                        .bind(id.uuid())
                        .bind(pseudonym.as_str())
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    query(erasure::VEIL_REPLIES)
                        .bind(owner.uuid())
                        .bind(id.uuid())
                        .bind(address.as_str())
                        .bind(address.key())
                        .bind(pseudonym.as_str())
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    query(erasure::VEIL_RUNS)
                        .bind(owner.uuid())
                        .bind(address.as_str())
                        .bind(address.key())
                        .bind(pseudonym.as_str())
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }

                /// Takes senders that the history names their addresses, and what was sent its words.
                async fn veil_account(&mut self, id: Uuid) -> Result<(), StoreError> {
                    let senders: Vec<Uuid> = query_scalar(erasure::SENDERS_LEFT)
                        .bind(id)
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    for sender in senders {
                        query(erasure::VEIL_SENDER)
                            .bind(sender)
                            .bind(EmailAddress::of_nobody(sender).as_str())
                            .execute(self.connection())
                            .await
                            .map_err(Self::failed)?;
                    }
                    query(erasure::VEIL_VERSIONS)
                        .bind(id)
                        .bind(ERASED)
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }
            }

            #[async_trait]
            impl ErasureRepo for $unit {
                async fn overdue_recipients(
                    &mut self,
                    _: &System,
                    before: Timestamp,
                    limit: u32,
                ) -> Result<Vec<OverdueRecipient>, StoreError> {
                    let rows: Vec<(Uuid, Uuid, String)> = query_as(erasure::OVERDUE_RECIPIENTS)
                        .bind(millis(before))
                        .bind(i64::from(limit))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    rows.into_iter()
                        .map(|(id, owner, address)| {
                            let place = Place::new("recipients", &id);
                            Ok(OverdueRecipient {
                                id: id.into(),
                                owner: owner.into(),
                                address: place.read("address", EmailAddress::parse(&address))?,
                            })
                        })
                        .collect()
                }

                async fn erase_recipient(
                    &mut self,
                    _: &System,
                    recipient: &OverdueRecipient,
                    pseudonym: &EmailAddress,
                    now: Timestamp,
                ) -> Result<(), StoreError> {
                    let (owner, id) = (recipient.owner.uuid(), recipient.id.uuid());
                    query(erasure::KEEP_AWAY)
                        .bind(owner)
                        .bind(id)
                        .bind(millis(now))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    self.veil_history(recipient, pseudonym).await?;
                    for statement in erasure::DROP_RECIPIENT {
                        query(*statement)
                            .bind(owner)
                            .bind(id)
                            .execute(self.connection())
                            .await
                            .map_err(Self::failed)?;
                    }
                    Ok(())
                }

                async fn erase_lists(
                    &mut self,
                    _: &System,
                    before: Timestamp,
                    limit: u32,
                ) -> Result<u64, StoreError> {
                    let overdue = self.overdue(erasure::OVERDUE_LISTS, before, limit).await?;
                    for id in &overdue {
                        if self.erase_of(erasure::DROP_MEMBERS, *id).await? == PORTION {
                            break;
                        }
                        self.erase_parts(erasure::DROP_LIST, *id).await?;
                    }
                    Ok(overdue.len() as u64)
                }

                async fn erase_mailings(
                    &mut self,
                    _: &System,
                    before: Timestamp,
                    limit: u32,
                    now: Timestamp,
                ) -> Result<u64, StoreError> {
                    let statement = erasure::OVERDUE_MAILINGS;
                    let overdue = self.overdue(statement, before, limit).await?;
                    for id in &overdue {
                        if self.erase_of(erasure::DROP_PICKS, *id).await? == PORTION {
                            break;
                        }
                        if self.erase_parts(erasure::DROP_MAILING, *id).await? == 0 {
                            self.mark_erased(erasure::MARK_MAILING, *id, now).await?;
                        }
                    }
                    Ok(overdue.len() as u64)
                }

                async fn erase_messages(
                    &mut self,
                    _: &System,
                    before: Timestamp,
                    limit: u32,
                    now: Timestamp,
                ) -> Result<u64, StoreError> {
                    let statement = erasure::OVERDUE_MESSAGES;
                    let overdue = self.overdue(statement, before, limit).await?;
                    for id in &overdue {
                        if self.erase_parts(erasure::DROP_MESSAGE, *id).await? == 0 {
                            self.mark_erased(erasure::MARK_MESSAGE, *id, now).await?;
                        }
                    }
                    Ok(overdue.len() as u64)
                }

                async fn erase_account(
                    &mut self,
                    _: &System,
                    before: Timestamp,
                    now: Timestamp,
                ) -> Result<bool, StoreError> {
                    let found: Option<Uuid> = query_scalar(erasure::OVERDUE_ACCOUNT)
                        .bind(millis(before))
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let Some(id) = found else {
                        return Ok(false);
                    };
                    if self.erase_of(erasure::DROP_SUPPRESSIONS, id).await? < PORTION {
                        self.erase_parts(erasure::DROP_ACCOUNT, id).await?;
                        self.veil_account(id).await?;
                        self.mark_erased(erasure::MARK_ACCOUNT, id, now).await?;
                    }
                    Ok(true)
                }

                async fn erase_files(
                    &mut self,
                    _: &System,
                    before: Timestamp,
                    limit: u32,
                ) -> Result<u64, StoreError> {
                    self.erase_old(erasure::ERASE_FILES, before, limit).await
                }

                async fn forget_imports(
                    &mut self,
                    _: &System,
                    before: Timestamp,
                    limit: u32,
                ) -> Result<u64, StoreError> {
                    self.erase_old(erasure::FORGET_IMPORTS, before, limit).await
                }
            }
        };
    };
}
