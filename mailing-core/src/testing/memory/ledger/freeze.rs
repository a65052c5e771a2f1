//! Copying content and audience.

use crate::delivery::{Delivery, DeliveryState};
use crate::id::{RecipientId, RunId};
use crate::ports::store::{FreezeProgress, RunContent};
use crate::recipient::Recipient;
use crate::run::RunState;
use crate::testing::memory::state::{DeliveryRow, RunRow, State, sum};
use crate::time::Timestamp;

pub(super) fn begin(state: &mut State, id: RunId, now: Timestamp) -> bool {
    let Some(row) = state.runs.get(&id) else {
        return false;
    };
    match row.run.state {
        RunState::Freezing => return true,
        RunState::Due if !another_is_open(state, row) => {}
        _ => return false,
    }
    let Some(content) = content(state, row, now) else {
        return false;
    };
    let mailing = state.mailings.get(&content.mailing);
    let message = mailing.and_then(|kept| state.messages.get(&kept.row.message));
    let version = message.map(|kept| kept.row.current.id);
    let last = state.recipients.last_key_value().map(|(id, _)| *id);
    if let Some(row) = state.runs.get_mut(&id) {
        row.run.state = RunState::Freezing;
        row.run.version = version;
        row.run.from = Some(content.from.address.clone());
        row.run.started_at = Some(now);
        row.frozen = Some(content);
        row.freeze_until = last;
    }
    true
}

pub(super) fn page(state: &mut State, id: RunId, page: u32) -> FreezeProgress {
    let Some(row) = state.runs.get(&id) else {
        return FreezeProgress::Gone;
    };
    if row.run.state != RunState::Freezing {
        return FreezeProgress::Gone;
    }
    let found = next_recipients(state, row, page as usize);
    let mut number = row.run.counts.planned;
    for recipient in &found {
        number += 1;
        copy(state, id, number, recipient);
    }
    let Some(row) = state.runs.get_mut(&id) else {
        return FreezeProgress::Gone;
    };
    if let Some(last) = found.last() {
        row.freeze_after = Some(last.id);
    }
    if found.len() == page as usize {
        return FreezeProgress::More { frozen: number };
    }
    row.run.state = RunState::Running;
    FreezeProgress::Done { planned: number }
}

/// True while another run of the same mailing is between its freeze and its end.
fn another_is_open(state: &State, row: &RunRow) -> bool {
    state.runs.values().any(|other| {
        other.run.mailing == row.run.mailing
            && other.run.id != row.run.id
            && !other.run.state.is_final()
            && other.run.state != RunState::Due
    })
}

fn content(state: &State, row: &RunRow, now: Timestamp) -> Option<RunContent> {
    let mailing = &state.mailings.get(&row.run.mailing)?.row;
    let message = state.messages.get(&mailing.message)?;
    let sender = state.senders.get(&mailing.sender)?;
    let owner = state.users.get(&mailing.owner)?;
    Some(RunContent {
        run: row.run.id,
        owner: mailing.owner,
        mailing: mailing.id,
        mailing_name: mailing.name.clone(),
        content: message.row.current.content.clone(),
        from: sender.mailbox.clone(),
        language: owner.language,
        zone: mailing.zone,
        started_at: now,
    })
}

fn next_recipients(state: &State, row: &RunRow, page: usize) -> Vec<Recipient> {
    let Some(mailing) = state.mailings.get(&row.run.mailing) else {
        return Vec::new();
    };
    let mailing = &mailing.row;
    let is_next = |id: RecipientId| Some(id) > row.freeze_after && Some(id) <= row.freeze_until;
    state
        .audience(mailing)
        .filter(|recipient| is_next(recipient.id))
        .take(page)
        .cloned()
        .collect()
}

fn copy(state: &mut State, id: RunId, number: u64, recipient: &Recipient) {
    let delivery_state = match state.barred(recipient) {
        Some(by) => DeliveryState::Suppressed { by },
        None => DeliveryState::Pending,
    };
    if let Some(row) = state.runs.get_mut(&id) {
        row.run.counts.planned = number;
        *sum(&mut row.run.counts, &delivery_state) += 1;
    }
    let delivery = Delivery {
        run: id,
        number,
        recipient: recipient.id,
        address: recipient.address.clone(),
        state: delivery_state,
        tries: 0,
        attempts: 0,
        last: None,
    };
    let row = DeliveryRow {
        delivery,
        attempts: Vec::new(),
        token: None,
        not_before: None,
        unknown_since: None,
        retried: false,
        first_try_at: None,
        aside_since: None,
    };
    state.deliveries.insert((id, number), row);
}
