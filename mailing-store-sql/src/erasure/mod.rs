//! Erasing what was deleted long ago.

mod statements;

pub use statements::*;

use uuid::Uuid;

/// What is bound to a statement, in the order of its places.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    /// An id.
    Id(Uuid),
    /// A number, or an instant.
    Number(i64),
    /// A text.
    Text(&'a str),
}

/// [`ErasureRepo`](mailing_core::ports::store::ErasureRepo) for a unit of work.
#[macro_export]
macro_rules! erasure_repo {
    ($unit:ty) => {
        const _: () = {
            use std::collections::BTreeSet;

            use mailing_core::message::ERASED;
            use mailing_core::ports::store::Portion;
            use mailing_core::recipient::Veil;
            use $crate::codec::Place;
            use $crate::erasure::{self, Kind, Value};
            use $crate::names::*;

            impl $unit {
                /// Does a statement; how many rows it met.
                async fn met(
                    &mut self,
                    statement: &'static str,
                    values: &[Value<'_>],
                ) -> Result<u64, StoreError> {
                    let mut bound = query(statement);
                    for value in values {
                        bound = match value {
                            Value::Id(id) => bound.bind(*id),
                            Value::Number(number) => bound.bind(*number),
                            Value::Text(text) => bound.bind(*text),
                        };
                    }
                    let done = bound
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected())
                }

                /// Does statements about one thing one after the other; how many rows the last met.
                async fn met_by_last(
                    &mut self,
                    statements: &[&'static str],
                    id: Uuid,
                ) -> Result<u64, StoreError> {
                    let mut met = 0;
                    for statement in statements {
                        met = self.met(statement, &[Value::Id(id)]).await?;
                    }
                    Ok(met)
                }

                /// Whether a thing is still over; then nobody else changes it before the commit.
                async fn hold(
                    &mut self,
                    statement: &'static str,
                    id: Uuid,
                    before: Timestamp,
                ) -> Result<bool, StoreError> {
                    let values = [Value::Id(id), Value::Number(millis(before))];
                    Ok(self.met(statement, &values).await? > 0)
                }

                /// Whether a portion of what a thing has was full: then there may be more of it.
                async fn is_full(
                    &mut self,
                    statement: &'static str,
                    id: Uuid,
                    limit: u32,
                ) -> Result<bool, StoreError> {
                    let values = [Value::Id(id), Value::Number(i64::from(limit))];
                    Ok(self.met(statement, &values).await? >= u64::from(limit))
                }

                /// Erases so many things of a kind, and so many of their parts. On how many things it
                /// worked.
                async fn erase_kind(
                    &mut self,
                    kind: &Kind,
                    before: Timestamp,
                    (things, parts): (u32, u32),
                    now: Timestamp,
                ) -> Result<u64, StoreError> {
                    let overdue: Vec<Uuid> = query_scalar(kind.overdue)
                        .bind(millis(before))
                        .bind(i64::from(things))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    for id in &overdue {
                        if !self.hold(kind.hold, *id, before).await? {
                            continue;
                        }
                        if self.is_full(kind.parts, *id, parts).await? {
                            break;
                        }
                        let is_gone = self.met_by_last(kind.rest, *id).await? > 0;
                        if let Some(mark) = kind.mark.filter(|_| !is_gone) {
                            let values = [Value::Id(*id), Value::Number(millis(now))];
                            self.met(mark, &values).await?;
                        }
                    }
                    Ok(overdue.len() as u64)
                }

                /// Puts the pseudonym where a delivery names the recipient, in what mail servers said to
                /// it as well.
                async fn veil_delivery(
                    &mut self,
                    veil: &Veil,
                    pseudonym: &EmailAddress,
                    run: Uuid,
                    number: i64,
                ) -> Result<(), StoreError> {
                    self.veil_run(veil, run).await?;
                    let place = [Value::Id(run), Value::Number(number)];
                    let replies: Vec<(i32, String)> = query_as(erasure::REPLIES)
                        .bind(run)
                        .bind(number)
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    for (attempt, text) in replies {
                        if let Some(text) = veil.over(&text) {
                            let attempt = Value::Number(i64::from(attempt));
                            let values = [place[0], place[1], attempt, Value::Text(&text)];
                            self.met(erasure::VEIL_REPLY, &values).await?;
                        }
                    }
                    let values = [place[0], place[1], Value::Text(pseudonym.as_str())];
                    self.met(erasure::VEIL_DELIVERY, &values).await?;
                    Ok(())
                }

                /// Puts the pseudonym into the last reply of a run.
                async fn veil_run(&mut self, veil: &Veil, run: Uuid) -> Result<(), StoreError> {
                    let reply: Option<Option<String>> = query_scalar(erasure::LAST_REPLY)
                        .bind(run)
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    if let Some(reply) = reply.flatten().and_then(|reply| veil.over(&reply)) {
                        let values = [Value::Id(run), Value::Text(&reply)];
                        self.met(erasure::VEIL_RUN, &values).await?;
                    }
                    Ok(())
                }

                /// Puts the pseudonym where the audit log has an address as its subject.
                async fn veil_audit(
                    &mut self,
                    owner: UserId,
                    address: &EmailAddress,
                    pseudonym: &EmailAddress,
                ) -> Result<(), StoreError> {
                    let values = [
                        Value::Id(owner.uuid()),
                        Value::Text(address.as_str()),
                        Value::Text(address.key()),
                        Value::Text(pseudonym.as_str()),
                    ];
                    self.met(erasure::VEIL_AUDIT, &values).await?;
                    Ok(())
                }

                /// Where a portion of a recipient's deliveries are, and the addresses they were frozen with.
                async fn deliveries_of(
                    &mut self,
                    recipient: &OverdueRecipient,
                    rows: u32,
                ) -> Result<Vec<(Uuid, i64, String)>, StoreError> {
                    query_as(erasure::DELIVERIES_OF)
                        .bind(recipient.owner.uuid())
                        .bind(recipient.id.uuid())
                        .bind(i64::from(rows))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)
                }

                /// Runs whose last reply names a recipient.
                async fn runs_naming(
                    &mut self,
                    recipient: &OverdueRecipient,
                ) -> Result<Vec<Uuid>, StoreError> {
                    let address = &recipient.address;
                    query_scalar(erasure::RUNS_NAMING)
                        .bind(recipient.owner.uuid())
                        .bind(address.as_str().to_lowercase())
                        .bind(address.as_str().to_ascii_lowercase())
                        .bind(address.key())
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)
                }

                /// Puts the pseudonym into a portion of a recipient's deliveries; how many there were.
                async fn veil_deliveries(
                    &mut self,
                    recipient: &OverdueRecipient,
                    pseudonym: &EmailAddress,
                    rows: u32,
                ) -> Result<u64, StoreError> {
                    let OverdueRecipient { owner, address, .. } = recipient;
                    let named = self.deliveries_of(recipient, rows).await?;
                    for (run, number, frozen) in &named {
                        let mut veil = Veil::new(address, pseudonym);
                        let frozen = EmailAddress::parse(frozen).ok();
                        if let Some(frozen) = frozen.filter(|frozen| frozen != address) {
                            self.veil_audit(*owner, &frozen, pseudonym).await?;
                            veil = veil.and(&frozen);
                        }
                        self.veil_delivery(&veil, pseudonym, *run, *number).await?;
                    }
                    Ok(named.len() as u64)
                }

                /// Puts the pseudonym wherever else something of the owner names the address.
                async fn veil_mentions(
                    &mut self,
                    recipient: &OverdueRecipient,
                    pseudonym: &EmailAddress,
                ) -> Result<(), StoreError> {
                    let OverdueRecipient { owner, address, .. } = recipient;
                    let veil = Veil::new(address, pseudonym);
                    for run in self.runs_naming(recipient).await? {
                        self.veil_run(&veil, run).await?;
                    }
                    self.veil_audit(*owner, address, pseudonym).await
                }

                /// Erases a portion of what only an account has. False when more than that was there.
                async fn erase_parts(
                    &mut self,
                    id: Uuid,
                    portion: Portion,
                ) -> Result<bool, StoreError> {
                    let Portion { things, rows } = portion;
                    for statement in erasure::DROP_PIECES {
                        if self.is_full(statement, id, things).await? {
                            return Ok(false);
                        }
                    }
                    for statement in erasure::DROP_ROWS {
                        if self.is_full(statement, id, rows).await? {
                            return Ok(false);
                        }
                    }
                    let nobody = EmailAddress::of_nobody(id);
                    for (statement, limit, text) in [
                        (erasure::VEIL_VERSIONS, things, ERASED),
                        (erasure::VEIL_SUBJECTS, rows, nobody.as_str()),
                    ] {
                        let most = Value::Number(i64::from(limit));
                        let values = [Value::Id(id), most, Value::Text(text)];
                        if self.met(statement, &values).await? >= u64::from(limit) {
                            return Ok(false);
                        }
                    }
                    Ok(true)
                }

                /// Takes a portion of the senders that the history names their addresses. False when more
                /// were there.
                async fn veil_senders(
                    &mut self,
                    id: Uuid,
                    portion: Portion,
                ) -> Result<bool, StoreError> {
                    let senders: Vec<Uuid> = query_scalar(erasure::SENDERS_LEFT)
                        .bind(id)
                        .bind(i64::from(portion.things))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    for sender in &senders {
                        let nobody = EmailAddress::of_nobody(*sender);
                        let values = [Value::Id(*sender), Value::Text(nobody.as_str())];
                        self.met(erasure::VEIL_SENDER, &values).await?;
                    }
                    Ok(senders.len() < portion.things as usize)
                }

                /// Deletes what is older than an instant; how many rows.
                async fn erase_old(
                    &mut self,
                    statement: &'static str,
                    before: Timestamp,
                    limit: u32,
                ) -> Result<u64, StoreError> {
                    let values = [millis(before), i64::from(limit)].map(Value::Number);
                    self.met(statement, &values).await
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

                async fn hold_runs(
                    &mut self,
                    _: &System,
                    recipients: &[OverdueRecipient],
                    rows: u32,
                ) -> Result<(), StoreError> {
                    let (mut runs, mut left) = (BTreeSet::new(), rows);
                    for recipient in recipients {
                        let deliveries = self.deliveries_of(recipient, left).await?;
                        left = left.saturating_sub(u32::try_from(deliveries.len()).unwrap_or(left));
                        runs.extend(deliveries.into_iter().map(|(run, ..)| run));
                        // The portion ends here: mentions of this one are of a later one.
                        if left == 0 {
                            break;
                        }
                        runs.extend(self.runs_naming(recipient).await?);
                    }
                    for run in runs {
                        self.met(erasure::LAST_REPLY, &[Value::Id(run)]).await?;
                    }
                    Ok(())
                }

                async fn erase_recipient(
                    &mut self,
                    _: &System,
                    recipient: &OverdueRecipient,
                    pseudonym: &EmailAddress,
                    before: Timestamp,
                    now: Timestamp,
                    rows: u32,
                ) -> Result<u64, StoreError> {
                    let (owner, id) = (recipient.owner.uuid(), recipient.id.uuid());
                    if !self.hold(erasure::HOLD_RECIPIENT, id, before).await? {
                        return Ok(0);
                    }
                    let veiled = self.veil_deliveries(recipient, pseudonym, rows).await?;
                    if veiled >= u64::from(rows) {
                        return Ok(veiled);
                    }
                    self.veil_mentions(recipient, pseudonym).await?;
                    let place = [Value::Id(owner), Value::Id(id)];
                    let now = Value::Number(millis(now));
                    let values = [place[0], place[1], now];
                    self.met(erasure::KEEP_AWAY, &values).await?;
                    for statement in erasure::DROP_RECIPIENT {
                        self.met(statement, &place).await?;
                    }
                    Ok(veiled)
                }

                async fn erase_lists(
                    &mut self,
                    _: &System,
                    before: Timestamp,
                    portion: Portion,
                ) -> Result<u64, StoreError> {
                    let limits = (portion.things, portion.rows);
                    // A list is not marked, so that no moment is written.
                    self.erase_kind(&erasure::LISTS, before, limits, before)
                        .await
                }

                async fn erase_mailings(
                    &mut self,
                    _: &System,
                    before: Timestamp,
                    portion: Portion,
                    now: Timestamp,
                ) -> Result<u64, StoreError> {
                    let limits = (portion.things, portion.rows);
                    self.erase_kind(&erasure::MAILINGS, before, limits, now)
                        .await
                }

                async fn erase_messages(
                    &mut self,
                    _: &System,
                    before: Timestamp,
                    portion: Portion,
                    now: Timestamp,
                ) -> Result<u64, StoreError> {
                    // Versions are heavy.
                    let limits = (portion.things, portion.things);
                    self.erase_kind(&erasure::MESSAGES, before, limits, now)
                        .await
                }

                async fn erase_account(
                    &mut self,
                    _: &System,
                    before: Timestamp,
                    portion: Portion,
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
                    if self.erase_parts(id, portion).await?
                        && self.veil_senders(id, portion).await?
                    {
                        self.met_by_last(erasure::DROP_ACCOUNT, id).await?;
                        let values = [Value::Id(id), Value::Number(millis(now))];
                        self.met(erasure::MARK_ACCOUNT, &values).await?;
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

                async fn erase_posts(
                    &mut self,
                    _: &System,
                    before: Timestamp,
                    limit: u32,
                ) -> Result<u64, StoreError> {
                    self.erase_old(erasure::ERASE_POSTS, before, limit).await
                }

                async fn erase_pictures(
                    &mut self,
                    _: &System,
                    before: Timestamp,
                    limit: u32,
                ) -> Result<u64, StoreError> {
                    self.erase_old(erasure::ERASE_PICTURES, before, limit).await
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
