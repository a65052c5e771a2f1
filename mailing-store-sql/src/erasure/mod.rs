//! Erasing what was deleted long ago.

mod statements;

pub use statements::*;

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

                /// Whether a thing is still over; then nobody else changes it before the commit.
                async fn hold(
                    &mut self,
                    statement: &'static str,
                    id: Uuid,
                    before: Timestamp,
                ) -> Result<bool, StoreError> {
                    let done = query(statement)
                        .bind(id)
                        .bind(millis(before))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected() > 0)
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
                    let runs: Vec<Uuid> = query_scalar(erasure::RUNS_WITH)
                        .bind(owner.uuid())
                        .bind(id.uuid())
                        .bind(address.as_str())
                        .bind(address.key())
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    for run in runs {
                        query(erasure::VEIL_RUN)
                            .bind(run)
                            .bind(address.as_str())
                            .bind(address.key())
                            .bind(pseudonym.as_str())
                            .execute(self.connection())
                            .await
                            .map_err(Self::failed)?;
                    }
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
                    before: Timestamp,
                    now: Timestamp,
                ) -> Result<(), StoreError> {
                    let (owner, id) = (recipient.owner.uuid(), recipient.id.uuid());
                    if !self.hold(erasure::HOLD_RECIPIENT, id, before).await? {
                        return Ok(());
                    }
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
                        if !self.hold(erasure::HOLD_LIST, *id, before).await? {
                            continue;
                        }
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
                        if !self.hold(erasure::HOLD_MAILING, *id, before).await? {
                            continue;
                        }
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
                        if !self.hold(erasure::HOLD_MESSAGE, *id, before).await? {
                            continue;
                        }
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
