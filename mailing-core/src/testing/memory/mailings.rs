//! Mailings.

use async_trait::async_trait;

use super::page::{Order, paged};
use super::state::{Kept, State};
use super::unit::MemoryUnit;
use crate::id::{MailingId, RecipientId, RunId, UserId};
use crate::mailing::{Audience, AudienceChoice, AudienceSize, Mailing};
use crate::policy::{Edit, System, View};
use crate::ports::StoreError;
use crate::ports::store::{MailingFilter, MailingRepo, NewRun, Page, PageRequest, RunControl};
use crate::recipient::RecipientState;
use crate::run::{CancelReason, RunState};
use crate::time::Timestamp;

#[async_trait]
impl MailingRepo for MemoryUnit {
    async fn insert(
        &mut self,
        scope: &Edit<Mailing>,
        mailing: &Mailing,
        chosen: &[RecipientId],
    ) -> Result<(), StoreError> {
        let state = self.writable()?;
        choose(state, scope, mailing.id, chosen)?;
        let mut mailing = mailing.clone();
        mailing.owner = scope.owner();
        state.mailings.insert(mailing.id, Kept::new(mailing));
        Ok(())
    }

    async fn save(&mut self, scope: &Edit<Mailing>, mailing: &Mailing) -> Result<(), StoreError> {
        let kept = self.writable()?.mailings.get_mut(&mailing.id);
        let unchanged = kept
            .filter(|kept| is_own(kept, scope.view()) && kept.row.version == mailing.version)
            .ok_or(StoreError::Conflict {
                constraint: "version",
            })?;
        unchanged.row = Mailing {
            owner: scope.owner(),
            audience: unchanged.row.audience.clone(),
            version: mailing.version + 1,
            ..mailing.clone()
        };
        Ok(())
    }

    async fn delete(
        &mut self,
        scope: &Edit<Mailing>,
        id: MailingId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let state = self.writable()?;
        let kept = state.mailings.get_mut(&id);
        let Some(kept) = kept.filter(|kept| is_own(kept, scope.view())) else {
            return Ok(false);
        };
        state.thrown.insert(id.uuid(), now);
        kept.deleted = true;
        kept.row.version += 1;
        Ok(true)
    }

    async fn undelete(
        &mut self,
        scope: &Edit<Mailing>,
        id: MailingId,
        since: Timestamp,
    ) -> Result<bool, StoreError> {
        let state = self.writable()?;
        let kept = state.mailings.get_mut(&id);
        let trashed = |kept: &&mut Kept<Mailing>| kept.row.owner == scope.owner() && kept.deleted;
        let Some(kept) = kept
            .filter(trashed)
            .filter(|_| state.thrown.get(&id.uuid()).is_some_and(|at| *at >= since))
            .filter(|_| !state.erased.contains_key(&id.uuid()))
        else {
            return Ok(false);
        };
        state.thrown.remove(&id.uuid());
        kept.deleted = false;
        kept.row.next_at = None;
        kept.row.version += 1;
        Ok(true)
    }

    async fn set_audience(
        &mut self,
        scope: &Edit<Mailing>,
        mailing: &Mailing,
        chosen: &[RecipientId],
    ) -> Result<(), StoreError> {
        let state = self.writable()?;
        let old: Vec<_> = state
            .chosen
            .keys()
            .filter(|(of, _)| *of == mailing.id)
            .copied()
            .collect();
        let kept = state.mailings.get_mut(&mailing.id);
        let Some(kept) = kept.filter(|kept| is_own(kept, scope.view())) else {
            return Ok(());
        };
        kept.row.audience = mailing.audience.clone();
        for pick in old {
            state.chosen.remove(&pick);
        }
        choose(state, scope, mailing.id, chosen)
    }

    async fn copy_chosen(
        &mut self,
        scope: &Edit<Mailing>,
        from: MailingId,
        to: MailingId,
    ) -> Result<u64, StoreError> {
        let source = MailingRepo::find(self, scope.view(), from).await?;
        let state = self.writable()?;
        let mut picks: Vec<RecipientId> = state
            .chosen
            .keys()
            .filter(|(of, _)| source.is_some() && *of == from)
            .map(|(_, recipient)| *recipient)
            .collect();
        picks.retain(|id| state.recipients.get(id).and_then(Kept::live).is_some());
        let kept = state.mailings.get_mut(&to);
        let Some(kept) = kept.filter(|kept| is_own(kept, scope.view())) else {
            return Ok(0);
        };
        kept.row.audience = Audience::Chosen(picks.len() as u64);
        choose(state, scope, to, &picks)?;
        Ok(picks.len() as u64)
    }

    async fn chosen(
        &mut self,
        scope: &View<Mailing>,
        id: MailingId,
        limit: u32,
    ) -> Result<Vec<RecipientId>, StoreError> {
        let own = MailingRepo::find(self, scope, id).await?.is_some();
        let state = &self.state;
        let picks = state.chosen.keys().filter(|(of, _)| own && *of == id);
        let mut picks: Vec<_> = picks
            .map(|(_, recipient)| *recipient)
            .filter(|id| state.recipients.get(id).and_then(Kept::live).is_some())
            .collect();
        picks.sort_unstable();
        picks.truncate(limit as usize);
        Ok(picks)
    }

    async fn weigh_audience(
        &mut self,
        scope: &View<Mailing>,
        audience: &AudienceChoice,
    ) -> Result<AudienceSize, StoreError> {
        let state = &self.state;
        let own = state
            .recipients
            .values()
            .filter_map(Kept::live)
            .filter(|recipient| recipient.owner == scope.owner());
        let mut size = AudienceSize::counted(0, 0);
        let (mut of, mut active, mut members) = (0, 0, 0);
        for recipient in own {
            of += 1;
            active += u64::from(recipient.state == RecipientState::Active);
            members += match audience {
                AudienceChoice::All => 1,
                AudienceChoice::Lists(lists) => lists
                    .iter()
                    .filter(|list| state.members.contains_key(&(**list, recipient.id)))
                    .count() as u64,
                AudienceChoice::Chosen(_) | AudienceChoice::Kept => 0,
            };
            let is_in = match audience {
                AudienceChoice::All => true,
                AudienceChoice::Lists(lists) => lists
                    .iter()
                    .any(|list| state.members.contains_key(&(*list, recipient.id))),
                AudienceChoice::Chosen(picked) => picked.contains(&recipient.id),
                AudienceChoice::Kept => false,
            };
            size.total += u64::from(is_in);
            size.active += u64::from(is_in && state.barred(recipient).is_none());
        }
        match members > AudienceSize::COUNTED_MAX {
            true => Ok(AudienceSize::bound(members, of, active)),
            false => Ok(size),
        }
    }

    async fn find(
        &mut self,
        scope: &View<Mailing>,
        id: MailingId,
    ) -> Result<Option<Mailing>, StoreError> {
        let kept = self.state.mailings.get(&id);
        let own = kept.filter(|kept| is_own(kept, scope));
        Ok(own.map(|kept| kept.row.clone()))
    }

    async fn owner_of(
        &mut self,
        _scope: &System,
        id: MailingId,
    ) -> Result<Option<UserId>, StoreError> {
        let kept = self.state.mailings.get(&id).and_then(Kept::live);
        Ok(kept.map(|mailing| mailing.owner))
    }

    async fn page(
        &mut self,
        scope: &View<Mailing>,
        filter: &MailingFilter,
        request: &PageRequest,
    ) -> Result<Page<Mailing>, StoreError> {
        let all = self.state.mailings.values().filter_map(Kept::live);
        let own = all.filter(|mailing| {
            mailing.owner == scope.owner()
                && filter
                    .status
                    .is_none_or(|wanted| mailing.status.name() == wanted)
        });
        Ok(paged(own.cloned(), request, Order::Descending, |mailing| {
            mailing.id.to_string()
        }))
    }

    async fn upcoming(
        &mut self,
        scope: &View<Mailing>,
        limit: u32,
    ) -> Result<Vec<Mailing>, StoreError> {
        let all = self.state.mailings.values().filter_map(Kept::live);
        let own = all.filter(|mailing| mailing.owner == scope.owner());
        let next = own.filter(|mailing| mailing.status.may_run() && mailing.next_at.is_some());
        let mut next: Vec<_> = next.cloned().collect();
        next.sort_by_key(|mailing| (mailing.next_at, mailing.id));
        next.truncate(limit as usize);
        Ok(next)
    }

    async fn audience_size(
        &mut self,
        scope: &View<Mailing>,
        id: MailingId,
        most: u64,
    ) -> Result<Option<u64>, StoreError> {
        let mailing = MailingRepo::find(self, scope, id).await?;
        Ok(mailing.map(|mailing| {
            let audience = self.state.audience(&mailing);
            let size = audience.filter(|r| self.state.barred(r).is_none()).count() as u64;
            size.min(most)
        }))
    }

    async fn add_run(
        &mut self,
        scope: &Edit<Mailing>,
        id: MailingId,
        run: &NewRun,
    ) -> Result<bool, StoreError> {
        let mailing = MailingRepo::find(self, scope.view(), id).await?;
        let state = self.writable()?;
        let Some(mailing) = mailing else {
            return Ok(false);
        };
        if state.add_run(&mailing, run) {
            Ok(true)
        } else {
            Err(StoreError::Conflict {
                constraint: "runs.occurrence",
            })
        }
    }

    async fn control_runs(
        &mut self,
        scope: &Edit<Mailing>,
        id: MailingId,
        control: RunControl,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let state = self.writable()?;
        let runs: Vec<RunId> = state
            .runs
            .values()
            .filter(|row| row.run.mailing == id && row.run.owner == scope.owner())
            .map(|row| row.run.id)
            .collect();
        let mut moved = 0;
        for id in runs {
            let Some(row) = state.runs.get_mut(&id) else {
                continue;
            };
            moved += u64::from(match (control, row.run.state) {
                (RunControl::Hold(reason), RunState::Running) => {
                    row.run.state = RunState::Paused { reason };
                    true
                }
                (RunControl::Release(wanted), RunState::Paused { reason }) if reason == wanted => {
                    row.run.state = RunState::Running;
                    true
                }
                (RunControl::End(reason), _) => state.end_run(id, reason, now),
                _ => false,
            });
        }
        Ok(moved)
    }

    async fn end_all_runs(
        &mut self,
        scope: &Edit<Mailing>,
        reason: CancelReason,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let state = self.writable()?;
        let own = state.runs.values().map(|row| &row.run);
        let own = own.filter(|run| run.owner == scope.owner());
        let own: Vec<_> = own.map(|run| run.id).collect();
        let ended = own.into_iter().filter(|id| state.end_run(*id, reason, now));
        Ok(ended.count() as u64)
    }
}

fn is_own(kept: &Kept<Mailing>, scope: &View<Mailing>) -> bool {
    kept.row.owner == scope.owner() && !kept.deleted
}

/// Keeps those who were picked one by one; all must be the owner's and not in the trash.
fn choose(
    state: &mut State,
    scope: &Edit<Mailing>,
    mailing: MailingId,
    chosen: &[RecipientId],
) -> Result<(), StoreError> {
    let is_own = |id| {
        let kept = state.recipients.get(id).and_then(Kept::live);
        kept.is_some_and(|recipient| recipient.owner == scope.owner())
    };
    if !chosen.iter().all(is_own) {
        return Err(StoreError::Conflict {
            constraint: "mailings.chosen",
        });
    }
    let picks = chosen.iter().map(|recipient| ((mailing, *recipient), ()));
    state.chosen.extend(picks);
    Ok(())
}
