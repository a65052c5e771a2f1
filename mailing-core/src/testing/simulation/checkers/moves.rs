//! Which moves of a delivery are allowed, and what the server must have seen for them.

use super::{Dialogue, Phase, Row};
use crate::delivery::{DeliveryState, Token};

/// Whether a delivery in doubt may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    /// Its mailing leaves doubts alone.
    Never,
    /// Its mailing's policy takes them back, once each.
    Once,
    /// Its owner asks for it at this instant.
    Ordered,
}

/// Judges the move of a row to `next`, in words for a sentence that begins with the delivery.
pub(super) fn judge(
    row: &mut Row,
    next: DeliveryState,
    dialogues: &[Dialogue],
    again: Again,
) -> Result<(), String> {
    use DeliveryState as S;
    let of = |token: Token| {
        dialogues
            .iter()
            .filter(move |dialogue| dialogue.token == token)
    };
    let taken = |dialogue: &Dialogue| dialogue.phase == Phase::Taken;
    let arrivals = dialogues
        .iter()
        .filter(|dialogue| dialogue.may_arrive())
        .count();
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
        (S::Unknown, S::Failed { .. }) if arrivals > row.resent => {
            Err("failed after a doubt although its message may have arrived".to_owned())
        }
        (S::Unknown, S::Failed { .. }) => Ok(()),
        // Late evidence and the next claim come in one transaction. What is on record as sent again
        // may be tried until that one message is taken.
        (S::Unknown, S::Pending | S::Sending { .. } | S::Suppressed { .. })
            if arrivals <= row.resent =>
        {
            Ok(())
        }
        (S::Unknown, S::Pending) => {
            let may = match again {
                Again::Never => false,
                Again::Once => row.resent == 0,
                Again::Ordered => true,
            };
            row.resent += 1;
            may.then_some(())
                .ok_or("is sent again although its message may have arrived".to_owned())
        }
        (S::Failed { .. }, S::Pending) if again == Again::Ordered => Ok(()),
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
        again: Again,
    ) -> Result<usize, String> {
        let mut row = Row {
            state: from,
            resent: 0,
            barred_since: None,
        };
        let dialogue = |phase: &Phase| Dialogue {
            token: TOKEN,
            phase: *phase,
        };
        let dialogues: Vec<_> = phases.iter().map(dialogue).collect();
        judge(&mut row, to, &dialogues, again).map(|()| row.resent)
    }

    #[test]
    fn delivered_is_what_the_server_has_taken() {
        use DeliveryState as S;
        let sending = S::Sending { token: TOKEN };
        assert_eq!(
            judged(sending, S::Delivered, &[Phase::Taken], Again::Never),
            Ok(0)
        );
        for phases in [&[][..], &[Phase::Open], &[Phase::NotTaken]] {
            assert!(judged(sending, S::Delivered, phases, Again::Once).is_err());
            assert!(judged(S::Unknown, S::Delivered, phases, Again::Once).is_err());
        }
        assert!(judged(S::Delivered, S::Pending, &[Phase::Taken], Again::Ordered).is_err());
    }

    #[test]
    fn back_to_pending_takes_proof_or_the_owners_policy() {
        use DeliveryState as S;
        let sending = S::Sending { token: TOKEN };
        for phase in [Phase::Open, Phase::Taken] {
            assert!(judged(sending, S::Pending, &[phase], Again::Once).is_err());
            assert!(judged(S::Unknown, S::Pending, &[phase], Again::Never).is_err());
            assert_eq!(judged(S::Unknown, S::Pending, &[phase], Again::Once), Ok(1));
        }
        for phases in [&[][..], &[Phase::NotTaken]] {
            assert_eq!(judged(sending, S::Pending, phases, Again::Never), Ok(0));
            assert_eq!(judged(S::Unknown, S::Pending, phases, Again::Never), Ok(0));
            assert_eq!(judged(S::Unknown, sending, phases, Again::Never), Ok(0));
        }
    }
}
