//! What the server says again and again, whoever the recipient is.

use std::collections::BTreeSet;

use crate::delivery::Stage;
use crate::id::RunId;
use crate::ports::transport::Outcome;

use super::class::ALIKE;

/// Recipients in a row who heard the same, where the server may mean itself: one text at `MAIL`
/// (450, 451), or a denied relay at `RCPT`.
#[derive(Debug, Default)]
pub(in crate::engine) struct Streak {
    said: String,
    to: BTreeSet<(RunId, u64)>,
}

impl Streak {
    /// Takes in how the message to `to` ended. To how many different recipients in a row, this one
    /// included, the same was said; counted no further than it matters.
    pub(in crate::engine) fn note(&mut self, to: (RunId, u64), outcome: &Outcome) -> usize {
        let said = match outcome {
            Outcome::Refused {
                stage: Stage::Mail,
                reply,
            } if reply.is_transient() => Some(reply.to_string()),
            // The text names the recipient.
            Outcome::Refused {
                stage: Stage::Rcpt,
                reply,
            } if reply.denies_relay() => Some("relay denied".to_owned()),
            Outcome::Refused { stage, .. } if *stage >= Stage::Mail => None,
            Outcome::Accepted(_) => None,
            // Nothing was said to this recipient.
            _ => return 0,
        };
        let Some(said) = said else {
            self.to.clear();
            return 0;
        };
        if self.said != said {
            self.said = said;
            self.to.clear();
        }
        if self.to.len() < ALIKE {
            self.to.insert(to);
        }
        self.to.len()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::ports::transport::Fault;
    use crate::testing::transport::{refused, reply};

    #[test]
    fn only_different_recipients_in_a_row_make_a_streak() {
        let run = RunId::from(Uuid::from_u128(1));
        let later = refused(Stage::Mail, 450, "not now");
        let mut streak = Streak::default();
        let count =
            |streak: &mut Streak, number, outcome: &Outcome| streak.note((run, number), outcome);
        assert_eq!(count(&mut streak, 1, &later), 1);
        assert_eq!(count(&mut streak, 1, &later), 1, "the same recipient");
        assert_eq!(count(&mut streak, 2, &later), 2);
        let lost = Outcome::Broken {
            stage: Stage::Connect,
            fault: Fault::Unreachable,
        };
        assert_eq!(count(&mut streak, 3, &lost), 0);
        assert_eq!(count(&mut streak, 3, &later), 3, "nothing was said between");
        let another = refused(Stage::Mail, 450, "another text");
        assert_eq!(count(&mut streak, 4, &another), 1);
        for number in 5..20 {
            assert_eq!(
                count(&mut streak, number, &another),
                (number as usize - 3).min(5)
            );
        }
        assert_eq!(
            count(&mut streak, 20, &Outcome::Accepted(reply(250, "ok"))),
            0
        );
        assert_eq!(count(&mut streak, 21, &another), 1);
        // A denied relay names its recipient in the text.
        for number in 30..34 {
            let text = format!("5.7.1 <r{number}@example.org>: Relay access denied");
            let denied = refused(Stage::Rcpt, 554, &text);
            assert_eq!(count(&mut streak, number, &denied), number as usize - 29);
        }
        let unknown = refused(Stage::Rcpt, 550, "5.1.1 who?");
        assert_eq!(count(&mut streak, 40, &unknown), 0);
    }
}
