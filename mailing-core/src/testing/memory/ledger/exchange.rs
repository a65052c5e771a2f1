//! Settling results and claiming the next deliveries.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::delivery::{Attempt, DeliveryState, SuppressedBy, Token};
use crate::id::{RecipientId, RunId, SuppressionId, WorkerId};
use crate::ports::store::{Claim, ClaimedDelivery, Exchanged, Settled, Settlement, Want};
use crate::recipient::{RecipientState, Suppression, SuppressionReason, SuppressionTarget};
use crate::run::RunState;
use crate::testing::memory::state::{ClaimRow, Kept, State};
use crate::time::Timestamp;

pub(super) fn exchange(
    state: &mut State,
    worker: WorkerId,
    results: &[Settled],
    wants: &[Want],
    now: Timestamp,
    until: Duration,
) -> Exchanged {
    let mut exchanged = Exchanged::default();
    for result in results {
        if settle(state, result, now) {
            continue;
        }
        if witness(state, result, now) {
            exchanged.late += 1;
        } else {
            exchanged.lost.push((result.run, result.number));
        }
    }
    for want in wants {
        let running = state.runs.get(&want.run);
        if running.is_some_and(|row| row.run.state == RunState::Running) {
            let (claimed, suppressed) = claim(state, want, now);
            exchanged.suppressed += suppressed;
            exchanged
                .claims
                .extend(lease(state, worker, want.run, claimed, until));
        }
    }
    exchanged
}

/// Puts back what a worker has claimed and does not know of; how many deliveries.
pub(super) fn release(state: &mut State, worker: WorkerId, known: &[Token]) -> u64 {
    let lost: Vec<_> = state
        .claims
        .iter()
        .filter(|(token, claim)| claim.worker == worker && !known.contains(&Token(**token)))
        .map(|(token, claim)| (*token, claim.clone()))
        .collect();
    let mut released = 0;
    for (token, claim) in lost {
        state.claims.remove(&token);
        for number in claim.open {
            state.move_delivery(claim.run, number, DeliveryState::Pending);
            released += 1;
        }
    }
    released
}

/// Writes one result; false when its token is not the row's.
pub(super) fn settle(state: &mut State, result: &Settled, now: Timestamp) -> bool {
    let token = result.token;
    let row = state.deliveries.get(&(result.run, result.number));
    if row.is_none_or(|row| row.delivery.state != (DeliveryState::Sending { token })) {
        return false;
    }
    write(state, result, &result.settlement, now);
    take_out(state, token, result.number);
    true
}

/// Writes a result that came late, if it tells how an unknown delivery ended; false when not.
pub(super) fn witness(state: &mut State, result: &Settled, now: Timestamp) -> bool {
    let Some(evidence) = result.settlement.evidence() else {
        return false;
    };
    let Some(row) = state.deliveries.get(&(result.run, result.number)) else {
        return false;
    };
    let own = row.token == Some(result.token);
    let older = row.token > Some(result.token) && evidence == Settlement::Delivered;
    let run = state.runs.get(&result.run);
    let fits = evidence != Settlement::Pending || run.is_some_and(|row| !row.run.state.is_final());
    let counts = row.delivery.state == DeliveryState::Unknown && (own || older) && fits;
    if counts {
        write(state, result, &evidence, now);
    }
    counts
}

fn write(state: &mut State, result: &Settled, settlement: &Settlement, now: Timestamp) {
    let Some(row) = state.deliveries.get_mut(&(result.run, result.number)) else {
        return;
    };
    row.delivery.tries += u32::from(result.charged);
    row.not_before = None;
    if let Some(attempt) = &result.attempt {
        if result.charged {
            row.first_try_at.get_or_insert(attempt.at);
        }
        row.attempts.push(attempt.clone());
        row.delivery.attempts += 1;
        row.delivery.last = Some(attempt.clone());
    }
    let next = match settlement {
        Settlement::Delivered => DeliveryState::Delivered,
        Settlement::Deferred { retry_at, cause } => DeliveryState::Deferred {
            retry_at: *retry_at,
            cause: *cause,
        },
        Settlement::Failed { cause, .. } => DeliveryState::Failed { cause: *cause },
        Settlement::Unknown => {
            row.unknown_since = Some(now);
            DeliveryState::Unknown
        }
        Settlement::Pending => DeliveryState::Pending,
        Settlement::Postponed { until } => {
            row.not_before = Some(*until);
            DeliveryState::Pending
        }
        Settlement::Aside {
            until,
            cause,
            since,
        } => {
            row.aside_since = *since;
            DeliveryState::Deferred {
                retry_at: *until,
                cause: *cause,
            }
        }
        Settlement::Suppressed { by } => DeliveryState::Suppressed { by: *by },
    };
    let recipient = row.delivery.recipient;
    let target = SuppressionTarget::address(&row.delivery.address);
    state.move_delivery(result.run, result.number, next);
    note(state, result.run, result.attempt.as_ref());
    if let Settlement::Failed {
        suppress: Some(id), ..
    } = *settlement
    {
        bounce(state, result.run, recipient, target, id, now);
    }
}

/// Takes a settled number out of its claim; an empty claim is gone.
pub(super) fn take_out(state: &mut State, token: Token, number: u64) {
    if let Some(claim) = state.claims.get_mut(&token.0) {
        claim.open.remove(&number);
        if claim.open.is_empty() {
            state.claims.remove(&token.0);
        }
    }
}

fn note(state: &mut State, run: RunId, attempt: Option<&Attempt>) {
    let trouble = attempt.filter(|attempt| !attempt.is_accepted());
    let words = trouble.and_then(|attempt| {
        let reply = attempt.reply.as_ref().map(ToString::to_string);
        reply.or_else(|| attempt.fault.clone())
    });
    if let (Some(words), Some(row)) = (words, state.runs.get_mut(&run)) {
        row.run.last_reply = Some(words);
    }
}

fn bounce(
    state: &mut State,
    run: RunId,
    recipient: RecipientId,
    target: SuppressionTarget,
    id: SuppressionId,
    now: Timestamp,
) {
    let Some(owner) = state.runs.get(&run).map(|row| row.run.owner) else {
        return;
    };
    let entry = Suppression {
        id,
        owner,
        target: target.clone(),
        reason: SuppressionReason::HardBounce,
        created_at: now,
    };
    state.suppressions.entry((owner, target)).or_insert(entry);
    if let Some(kept) = state.recipients.get_mut(&recipient)
        && kept.row.state == RecipientState::Active
    {
        kept.row.state = RecipientState::Bounced;
    }
}

/// Looks at up to `want.max` waiting deliveries, those behind the cursor first: the numbers to
/// claim, and how many were suppressed instead.
fn claim(state: &mut State, want: &Want, now: Timestamp) -> (Vec<u64>, u64) {
    let mut claimed = Vec::new();
    let mut suppressed = 0;
    for number in waiting(state, want, now) {
        match barred_now(state, want.run, number) {
            Some(by) => {
                state.move_delivery(want.run, number, DeliveryState::Suppressed { by });
                suppressed += 1;
            }
            None => claimed.push(number),
        }
    }
    (claimed, suppressed)
}

fn waiting(state: &mut State, want: &Want, now: Timestamp) -> Vec<u64> {
    let Some(row) = state.runs.get(&want.run) else {
        return Vec::new();
    };
    let max = want.max as usize;
    let is_due = |number: &u64| {
        let row = state.deliveries.get(&(want.run, *number));
        row.is_some_and(|row| match row.delivery.state {
            DeliveryState::Pending => row.not_before.is_none_or(|at| at <= now),
            DeliveryState::Deferred { retry_at, .. } => retry_at <= now,
            _ => false,
        })
    };
    let behind = row.behind.iter().copied().filter(is_due);
    let mut numbers: Vec<u64> = behind.take(max).collect();
    let mut next = row.next_number;
    while numbers.len() < max && next <= row.run.counts.planned {
        if is_due(&next) {
            numbers.push(next);
        }
        next += 1;
    }
    if let Some(row) = state.runs.get_mut(&want.run) {
        row.next_number = next;
    }
    numbers
}

/// Those of claimed deliveries that must not be sent any more.
pub(super) fn barred(state: &State, claimed: &[(RunId, u64)]) -> Vec<(RunId, u64, SuppressedBy)> {
    let barred = |(run, number): &(RunId, u64)| {
        let by = barred_now(state, *run, *number)?;
        Some((*run, *number, by))
    };
    claimed.iter().filter_map(barred).collect()
}

fn barred_now(state: &State, run: RunId, number: u64) -> Option<SuppressedBy> {
    let row = state.deliveries.get(&(run, number))?;
    let kept = state.recipients.get(&row.delivery.recipient);
    let Some(recipient) = kept.and_then(Kept::live) else {
        return Some(SuppressedBy::Deleted);
    };
    // The address is the frozen one, whatever the recipient's is now.
    let mut as_frozen = recipient.clone();
    as_frozen.address = row.delivery.address.clone();
    state.barred(&as_frozen)
}

fn lease(
    state: &mut State,
    worker: WorkerId,
    run: RunId,
    numbers: Vec<u64>,
    until: Duration,
) -> Option<Claim> {
    if numbers.is_empty() {
        return None;
    }
    state.last_token += 1;
    let token = Token(state.last_token);
    for number in &numbers {
        state.move_delivery(run, *number, DeliveryState::Sending { token });
        if let Some(row) = state.deliveries.get_mut(&(run, *number)) {
            row.token = Some(token);
        }
    }
    let deliveries = numbers
        .iter()
        .filter_map(|number| claimed(state, run, *number))
        .collect();
    let row = ClaimRow {
        worker,
        run,
        until,
        open: numbers.into_iter().collect::<BTreeSet<_>>(),
    };
    state.claims.insert(token.0, row);
    Some(Claim {
        token,
        run,
        deliveries,
    })
}

fn claimed(state: &State, run: RunId, number: u64) -> Option<ClaimedDelivery> {
    let row = state.deliveries.get(&(run, number))?;
    let recipient = &state.recipients.get(&row.delivery.recipient)?.row;
    Some(ClaimedDelivery {
        number,
        recipient: recipient.id,
        address: row.delivery.address.clone(),
        full_name: recipient.full_name.clone(),
        attributes: recipient.attributes.clone(),
        tries: row.delivery.tries,
        first_try_at: row.first_try_at,
        aside_since: row.aside_since,
    })
}
