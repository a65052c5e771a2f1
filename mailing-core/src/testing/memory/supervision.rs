//! What supervision reads.

use async_trait::async_trait;

use super::page::{Order, paged};
use super::state::{Kept, State};
use super::unit::MemoryUnit;
use crate::id::{MailingId, UserId};
use crate::mailing::Mailing;
use crate::policy::Supervise;
use crate::ports::StoreError;
use crate::ports::store::{
    AuditFilter, AuditLine, OpenRunFilter, OwnerActivity, Page, PageRequest, SupervisedMailing,
    SupervisedRun, SupervisionFilter, SupervisionRepo, Volume,
};
use crate::recipient::EmailAddress;
use crate::run::{Run, RunState};
use crate::time::Timestamp;
use crate::user::UserState;

#[async_trait]
impl SupervisionRepo for MemoryUnit {
    async fn mailings(
        &mut self,
        _: &Supervise,
        filter: &SupervisionFilter,
        since: Timestamp,
        request: &PageRequest,
    ) -> Result<Page<SupervisedMailing>, StoreError> {
        let search = filter.search.as_deref();
        let search = search.map(|typed| typed.trim().to_lowercase());
        let all = supervised(&self.state, since).filter(|mailing| {
            let name = mailing.name.as_str().to_lowercase();
            let key = mailing.owner_email.key();
            search
                .as_ref()
                .is_none_or(|search| name.contains(search) || key.contains(search))
                && filter.owner.is_none_or(|owner| mailing.owner == owner)
                && filter
                    .status
                    .is_none_or(|status| mailing.status.name() == status)
        });
        Ok(paged(all, request, Order::Descending, |mailing| {
            mailing.id.to_string()
        }))
    }

    async fn mailing(
        &mut self,
        _: &Supervise,
        id: MailingId,
        since: Timestamp,
    ) -> Result<Option<SupervisedMailing>, StoreError> {
        Ok(supervised(&self.state, since).find(|mailing| mailing.id == id))
    }

    async fn worst(
        &mut self,
        _: &Supervise,
        since: Timestamp,
        least: u64,
        limit: u32,
    ) -> Result<Vec<SupervisedMailing>, StoreError> {
        let bad = supervised(&self.state, since).filter(|mailing| {
            let volume = mailing.volume;
            volume.sent >= least && volume.sent > 0 && volume.failed * 10 >= volume.sent
        });
        let mut bad: Vec<_> = bad.collect();
        let share = |mailing: &SupervisedMailing| mailing.volume.failures_per_mille();
        bad.sort_by_key(|mailing| (std::cmp::Reverse(share(mailing)), mailing.id));
        bad.truncate(limit as usize);
        Ok(bad)
    }

    async fn open_runs(
        &mut self,
        _: &Supervise,
        filter: &OpenRunFilter,
        limit: u32,
    ) -> Result<Vec<SupervisedRun>, StoreError> {
        let state = &self.state;
        let rows = state.runs.values().filter(|row| {
            row.run.ended_at.is_none()
                && (!filter.sending || row.run.state == RunState::Running)
                && filter.mailing.is_none_or(|only| row.run.mailing == only)
        });
        let mut runs: Vec<_> = rows
            .filter_map(|row| {
                let mailing = &state.mailings.get(&row.run.mailing)?.row;
                let run = Run {
                    mailing_name: mailing.name.clone(),
                    zone: mailing.zone,
                    last_reply: None,
                    ..row.run.clone()
                };
                let owner_email = login(state, run.owner)?;
                Some(SupervisedRun { run, owner_email })
            })
            .collect();
        runs.sort_by_key(|open| (open.run.occurrence_at, open.run.id));
        runs.truncate(limit as usize);
        Ok(runs)
    }

    async fn activity(
        &mut self,
        _: &Supervise,
        owner: UserId,
        since: Timestamp,
    ) -> Result<OwnerActivity, StoreError> {
        let mailings = self.state.mailings.values().filter_map(Kept::live);
        let own: Vec<_> = mailings.filter(|mailing| mailing.owner == owner).collect();
        Ok(OwnerActivity {
            mailings: own.len() as u64,
            active: own.iter().filter(|m| m.status.may_run()).count() as u64,
            volume: volume(&self.state, since, |run| run.owner == owner),
        })
    }

    async fn audit(
        &mut self,
        _: &Supervise,
        filter: &AuditFilter,
        request: &PageRequest,
    ) -> Result<Page<AuditLine>, StoreError> {
        use crate::policy::Who;
        let state = &self.state;
        let fitting = state.audit.values().filter(|entry| {
            let is_by = |user| entry.who == Who::User(user) || entry.owner == Some(user);
            filter.user.is_none_or(is_by)
                && filter.deed.is_none_or(|deed| entry.deed == deed)
                && filter.since.is_none_or(|since| entry.at >= since)
                && filter.until.is_none_or(|until| entry.at < until)
        });
        let lines = fitting.map(|entry| AuditLine {
            entry: entry.clone(),
            user: match entry.who {
                Who::User(user) => login(state, user),
                _ => None,
            },
            owner: entry.owner.and_then(|owner| login(state, owner)),
        });
        Ok(paged(lines, request, Order::Descending, |line| {
            line.entry.id.to_string()
        }))
    }
}

fn supervised(state: &State, since: Timestamp) -> impl Iterator<Item = SupervisedMailing> {
    let living = state.mailings.values().filter_map(Kept::live);
    living.filter_map(move |mailing| shown(state, mailing, since))
}

fn shown(state: &State, mailing: &Mailing, since: Timestamp) -> Option<SupervisedMailing> {
    let owner = state.users.get(&mailing.owner)?;
    Some(SupervisedMailing {
        id: mailing.id,
        owner: mailing.owner,
        owner_email: owner.email.clone(),
        owner_blocked: owner.state != UserState::Active,
        name: mailing.name.clone(),
        status: mailing.status.clone(),
        zone: mailing.zone,
        next_at: mailing.next_at,
        created_at: mailing.created_at,
        volume: volume(state, since, |run| run.mailing == mailing.id),
    })
}

fn volume(state: &State, since: Timestamp, fits: impl Fn(&Run) -> bool) -> Volume {
    let runs = state.runs.values().map(|row| &row.run);
    let runs = runs.filter(|run| run.occurrence_at >= since && fits(run));
    runs.fold(Volume::default(), |sums, run| Volume {
        sent: sums.sent + run.counts.delivered + run.counts.failed + run.counts.unknown,
        failed: sums.failed + run.counts.failed,
        waiting: sums.waiting + run.counts.pending,
    })
}

fn login(state: &State, user: UserId) -> Option<EmailAddress> {
    state.users.get(&user).map(|user| user.email.clone())
}
