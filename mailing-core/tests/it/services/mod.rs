//! The use cases alone: no engine runs here. The store can be told to fail.

mod accounts;
mod blog;
mod calendar;
mod deliveries;
mod exports;
mod feedback;
mod files;
mod home;
mod imports;
mod instance;
mod log;
mod mailings;
mod messages;
mod moderation;
mod moody;
mod posts;
mod prepared;
mod profile;
mod rates;
mod recipients;
mod registration;
mod rehearsal;
mod reports;
mod resend;
mod resume;
mod retry;
mod scene;
mod sign_in;
mod submissions;
mod supervision;
mod suppressions;
mod takeout;
mod test_sends;
mod unsubscribe;
mod upload_work;
mod uploads;
mod walk;

use mailing_core::error::Error;
use mailing_core::services::SignInStep;
use mailing_core::user::SessionToken;

/// The one refusal of an answer, as `field code`, or the code alone.
fn refusal<T>(answer: Result<T, Error>) -> String {
    match answer {
        Ok(_) => "done".to_owned(),
        Err(Error::Invalid(fields)) => {
            let mut told: Vec<_> = fields
                .iter()
                .map(|field| format!("{} {}", field.field, field.refusal.code))
                .collect();
            told.dedup();
            told.join(", ")
        }
        Err(error) => error.code().to_string(),
    }
}

/// The session of a sign-in that asks for no code.
fn signed_in(step: SignInStep) -> SessionToken {
    match step {
        SignInStep::Done(token, _) => token,
        SignInStep::Code(_) => panic!("a code is asked for"),
    }
}
