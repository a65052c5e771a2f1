//! Which moves of a delivery are allowed, and what the server must have seen for them.

use super::{Dialogue, Phase, Row};
use crate::delivery::{DeliveryState, Token};

/// Judges the move of a row to `next`, in words for a sentence that begins with the delivery.
pub(super) fn judge(
    row: &mut Row,
    next: DeliveryState,
    dialogues: &[Dialogue],
    retries: bool,
) -> Result<(), String> {
    use DeliveryState as S;
    let of = |token: Token| {
        dialogues
            .iter()
            .filter(move |dialogue| dialogue.token == token)
    };
    let taken = |dialogue: &Dialogue| dialogue.phase == Phase::Taken;
    let may_arrive = dialogues.iter().any(|dialogue| dialogue.may_arrive());
    if let S::Sending { token } = row.state {
        row.last = Some(token);
    }
    // A claim that was not begun adds no doubt to those before it.
    let in_doubt = may_arrive
        && row
            .last
            .is_none_or(|token| of(token).any(|dialogue| dialogue.may_arrive()));
    match (row.state, next) {
        (
            S::Pending | S::Deferred { .. },
            S::Sending { .. } | S::Suppressed { .. } | S::Cancelled,
        )
        | (S::Sending { .. }, S::Unknown) => Ok(()),
        (S::Sending { token }, S::Delivered) if !of(token).any(taken) => {
            Err("counts as delivered and the server has not taken it".to_owned())
        }
        (S::Unknown, S::Delivered) if !dialogues.iter().any(taken) => {
            Err("counts as delivered after a doubt and the server has not taken it".to_owned())
        }
        (S::Sending { .. } | S::Unknown, S::Delivered) => Ok(()),
        // Settled and claimed again in one transaction is back to its place as well.
        (
            S::Sending { token },
            S::Pending
            | S::Sending { .. }
            | S::Deferred { .. }
            | S::Failed { .. }
            | S::Suppressed { .. },
        ) => match of(token).any(|dialogue| dialogue.may_arrive()) {
            true => Err(format!(
                "became {} although its message may have arrived",
                next.name()
            )),
            false => Ok(()),
        },
        (S::Unknown, S::Failed { .. }) if may_arrive => {
            Err("failed after a doubt although its message may have arrived".to_owned())
        }
        (S::Unknown, S::Failed { .. }) => Ok(()),
        // Evidence that it was not begun, and the next claim, in one transaction.
        (S::Unknown, S::Pending | S::Sending { .. } | S::Suppressed { .. })
            if in_doubt && (!retries || row.resent > 0) =>
        {
            Err("is sent again although its message may have arrived".to_owned())
        }
        (S::Unknown, S::Pending | S::Sending { .. } | S::Suppressed { .. }) => {
            row.resent += usize::from(in_doubt);
            Ok(())
        }
        (from, to) => Err(format!("moved from {} to {}", from.name(), to.name())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: Token = Token(7);

    fn judged(
        from: DeliveryState,
        to: DeliveryState,
        phases: &[Phase],
        retries: bool,
    ) -> Result<usize, String> {
        let mut row = Row {
            state: from,
            resent: 0,
            last: None,
            barred_since: None,
        };
        let dialogue = |phase: &Phase| Dialogue {
            token: TOKEN,
            phase: *phase,
        };
        let dialogues: Vec<_> = phases.iter().map(dialogue).collect();
        judge(&mut row, to, &dialogues, retries).map(|()| row.resent)
    }

    #[test]
    fn delivered_is_what_the_server_has_taken() {
        use DeliveryState as S;
        let sending = S::Sending { token: TOKEN };
        assert_eq!(judged(sending, S::Delivered, &[Phase::Taken], false), Ok(0));
        for phases in [&[][..], &[Phase::Open], &[Phase::NotTaken]] {
            assert!(judged(sending, S::Delivered, phases, true).is_err());
            assert!(judged(S::Unknown, S::Delivered, phases, true).is_err());
        }
        assert!(judged(S::Delivered, S::Pending, &[Phase::Taken], true).is_err());
    }

    #[test]
    fn back_to_pending_takes_proof_or_the_owners_policy() {
        use DeliveryState as S;
        let sending = S::Sending { token: TOKEN };
        for phase in [Phase::Open, Phase::Taken] {
            assert!(judged(sending, S::Pending, &[phase], true).is_err());
            assert!(judged(S::Unknown, S::Pending, &[phase], false).is_err());
            assert_eq!(judged(S::Unknown, S::Pending, &[phase], true), Ok(1));
        }
        for phases in [&[][..], &[Phase::NotTaken]] {
            assert_eq!(judged(sending, S::Pending, phases, false), Ok(0));
            assert_eq!(judged(S::Unknown, S::Pending, phases, false), Ok(0));
            assert_eq!(judged(S::Unknown, sending, phases, false), Ok(0));
        }
    }
}
