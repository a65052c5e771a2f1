//! Stopping somebody's mailing, and somebody: a question with the reason, then the deed.

use mailing_core::code::{self, Code};
use mailing_core::error::{Error, FieldError, Refusal};
use mailing_core::id::{MailingId, UserId};
use mailing_core::mailing::Mailing;
use mailing_core::policy::{self, Action, Actor};
use mailing_core::ports::store::SupervisedMailing;
use mailing_core::services::UserUnderReview;
use mailing_core::time::Timestamp;
use mailing_core::user::{User, UserState};
use poem::http::StatusCode;
use poem::web::{Form, Path};
use poem::{Response, handler};

use super::{AGAIN, Nothing, Why, id, mailings, plain, users};
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::site::{Around, Site, TheSite};
use crate::view::{Fault, Field, Flash, Question, number};
use crate::visitor::{CurrentActor, Visitor};

/// What a form came back with.
struct Again<'a> {
    typed: &'a str,
    errors: &'a [FieldError],
    refusal: Option<&'a Refusal>,
}

const FIRST: Again<'static> = Again {
    typed: "",
    errors: &[],
    refusal: None,
};

/// Asks why a mailing is to be disabled.
#[handler]
pub(crate) async fn ask_disable(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let mailing = mailing(&site, &actor, &wanted).await?;
    site.page(&visitor, &disabling(visitor.locale(), &mailing, &FIRST))
}

/// Disables a mailing. Sent twice it says that it is done.
#[handler]
pub(crate) async fn disable(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
    Form(Why { reason }): Form<Why>,
) -> Result<Response, PageError> {
    let mailing_id: MailingId = id(&wanted)?;
    let moderation = &site.services.moderation;
    let error = match moderation
        .disable(&actor, mailing_id, &one_line(&reason))
        .await
    {
        Ok(mailing) => {
            let flash = Flash::done("manage-disabled").text("name", mailing.name.as_str());
            return Ok(site.done(&format!("{}/{wanted}", mailings::PATH), &flash));
        }
        Err(error) => error,
    };
    let mailing = mailing(&site, &actor, &wanted).await?;
    if is_conflict(&error) && mailing.status.disabled.is_some() {
        let flash = Flash::warning("manage-disabled-already");
        return Ok(site.done(&format!("{}/{wanted}", mailings::PATH), &flash));
    }
    let locale = visitor.locale();
    again(&site, &visitor, &reason, error, |again| {
        disabling(locale, &mailing, again)
    })
}

/// Asks whether a mailing is to go on.
#[handler]
pub(crate) async fn ask_enable(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let mailing = mailing(&site, &actor, &wanted).await?;
    site.page(&visitor, &enabling(visitor.locale(), &mailing))
}

/// Lets a mailing go on.
#[handler]
pub(crate) async fn enable(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, PageError> {
    let mailing_id: MailingId = id(&wanted)?;
    let done = site.services.moderation.enable(&actor, mailing_id).await;
    let enabled =
        |mailing: Mailing| Flash::done("manage-enabled").text("name", mailing.name.as_str());
    let flash = said(done, enabled, code::MAILING_STATE, "manage-enabled-already")?;
    Ok(site.done(&format!("{}/{wanted}", mailings::PATH), &flash))
}

/// Asks why a user is to be blocked.
#[handler]
pub(crate) async fn ask_block(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let user = user(&site, &actor, &wanted).await?;
    site.page(&visitor, &blocking(visitor.locale(), &user, &FIRST))
}

/// Blocks a user. Sent twice it says that it is done.
#[handler]
pub(crate) async fn block(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
    Form(Why { reason }): Form<Why>,
) -> Result<Response, PageError> {
    let user_id: UserId = id(&wanted)?;
    let moderation = &site.services.moderation;
    let to = format!("{}/{wanted}", users::PATH);
    let done = moderation.block(&actor, user_id, &one_line(&reason)).await;
    let blocked = |user: User| Flash::done("manage-blocked").text("email", user.email.as_str());
    let already = code::USER_BLOCKED_ALREADY;
    let error = match said(done, blocked, already, "manage-blocked-already") {
        Ok(flash) => return Ok(site.done(&to, &flash)),
        Err(error) => error,
    };
    let user = user(&site, &actor, &wanted).await?;
    let locale = visitor.locale();
    again(&site, &visitor, &reason, error, |again| {
        blocking(locale, &user, again)
    })
}

/// Asks whether a user is to go on.
#[handler]
pub(crate) async fn ask_unblock(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let user = user(&site, &actor, &wanted).await?;
    site.page(&visitor, &unblocking(visitor.locale(), &user))
}

/// Lets a user go on.
#[handler]
pub(crate) async fn unblock(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, PageError> {
    let user_id: UserId = id(&wanted)?;
    let done = site.services.moderation.unblock(&actor, user_id).await;
    let unblocked = |user: User| Flash::done("manage-unblocked").text("email", user.email.as_str());
    let already = code::USER_NOT_BLOCKED;
    let flash = said(done, unblocked, already, "manage-unblocked-already")?;
    Ok(site.done(&format!("{}/{wanted}", users::PATH), &flash))
}

/// The mailing that a moderator asks about.
async fn mailing(site: &Site, actor: &Actor, wanted: &str) -> Result<SupervisedMailing, PageError> {
    policy::require(actor, Action::Moderate)?;
    Ok(site
        .services
        .supervision
        .summary(actor, id(wanted)?)
        .await?)
}

/// The user that a moderator asks about.
async fn user(site: &Site, actor: &Actor, wanted: &str) -> Result<UserUnderReview, PageError> {
    policy::require(actor, Action::Moderate)?;
    Ok(site.services.supervision.user(actor, id(wanted)?).await?)
}

fn is_conflict(error: &Error) -> bool {
    matches!(error, Error::Conflict(refusal) if refusal.code == code::MAILING_STATE)
}

/// What is said after a deed; that it was done before is no error.
fn said<T>(
    done: Result<T, Error>,
    flash: impl FnOnce(T) -> Flash,
    already: Code,
    key: &'static str,
) -> Result<Flash, Error> {
    match done {
        Ok(done) => Ok(flash(done)),
        Err(Error::Conflict(refusal)) if refusal.code == already => Ok(Flash::warning(key)),
        Err(error) => Err(error),
    }
}

/// What was typed over several lines, as the one paragraph that a reason is.
fn one_line(typed: &str) -> String {
    let words: Vec<_> = typed.split_whitespace().collect();
    words.join(" ")
}

/// The question once more, with what was wrong.
fn again(
    site: &Site,
    visitor: &Visitor,
    typed: &str,
    error: Error,
    ask: impl FnOnce(&Again<'_>) -> Question,
) -> Result<Response, PageError> {
    let (errors, refusal, status) = match error {
        Error::Invalid(errors) => (errors, None, AGAIN),
        Error::Conflict(refusal) => (Vec::new(), Some(refusal), StatusCode::CONFLICT),
        error => return Err(error.into()),
    };
    let page = ask(&Again {
        typed,
        errors: &errors,
        refusal: refusal.as_ref(),
    });
    site.page_with(visitor, &page, Around::Menu, status)
}

/// A question with the field for the reason.
fn why(locale: &Locale, question: Question, again: &Again<'_>) -> Question {
    let field = Field::new(locale, "reason", again.typed, again.errors);
    let question = question
        .reason(field)
        .faults(Fault::all(locale, again.errors));
    match again.refusal {
        Some(refusal) => question.failure(locale.refusal(refusal)),
        None => question,
    }
}

/// With since when it is so, and why.
fn since(locale: &Locale, question: Question, key: &str, at: Timestamp, reason: &str) -> Question {
    let args = Args::new()
        .text("when", locale.day_and_time(at))
        .text("reason", reason.to_owned());
    question.happens(locale.text(key, &args))
}

fn disabling(locale: &Locale, mailing: &SupervisedMailing, again: &Again<'_>) -> Question {
    let say = |key: &str| locale.text(key, &Args::new());
    let named = Args::new().text("name", plain(mailing.name.as_str()));
    let waiting = Args::new().number("n", number(mailing.volume.waiting));
    let owner = Args::new().text("email", mailing.owner_email.to_string());
    let url = format!("{}/{}", mailings::PATH, mailing.id);
    let question = Question::new(
        locale.text("manage-disable-title", &named),
        (say("manage-disable-do"), format!("{url}/disable")),
        (say("manage-disable-keep"), url),
    )
    .happens(locale.text("manage-stops", &waiting))
    .happens(locale.text("manage-disable-told", &owner))
    .happens(say("manage-disable-back"));
    why(locale, question, again)
}

fn enabling(locale: &Locale, mailing: &SupervisedMailing) -> Question {
    let say = |key: &str| locale.text(key, &Args::new());
    let named = Args::new().text("name", plain(mailing.name.as_str()));
    let owner = Args::new().text("email", mailing.owner_email.to_string());
    let url = format!("{}/{}", mailings::PATH, mailing.id);
    let question = Question::new(
        locale.text("manage-enable-title", &named),
        (say("manage-enable-do"), format!("{url}/enable")),
        (say("manage-enable-keep"), url),
    )
    .harmless();
    let question = match &mailing.status.disabled {
        Some(disabled) => {
            let (at, reason) = (disabled.at, &disabled.reason);
            since(locale, question, "manage-disabled-since", at, reason)
        }
        None => question,
    };
    question
        .happens(say("manage-goes-on"))
        .happens(locale.text("manage-enable-told", &owner))
}

fn blocking(locale: &Locale, found: &UserUnderReview, again: &Again<'_>) -> Question {
    let say = |key: &str| locale.text(key, &Args::new());
    let named = Args::new().text("email", found.user.email.to_string());
    let waiting = Args::new().number("n", number(found.activity.volume.waiting));
    let url = format!("{}/{}", users::PATH, found.user.id);
    let question = Question::new(
        locale.text("manage-block-title", &named),
        (say("manage-block-do"), format!("{url}/block")),
        (say("manage-block-keep"), url),
    )
    .happens(say("manage-block-sessions"))
    .happens(locale.text("manage-stops", &waiting))
    .happens(say("manage-block-told"));
    why(locale, question, again)
}

fn unblocking(locale: &Locale, found: &UserUnderReview) -> Question {
    let say = |key: &str| locale.text(key, &Args::new());
    let named = Args::new().text("email", found.user.email.to_string());
    let url = format!("{}/{}", users::PATH, found.user.id);
    let question = Question::new(
        locale.text("manage-unblock-title", &named),
        (say("manage-unblock-do"), format!("{url}/unblock")),
        (say("manage-unblock-keep"), url),
    )
    .harmless();
    let question = match &found.user.state {
        UserState::Blocked { at, reason } => {
            since(locale, question, "manage-blocked-since", *at, reason)
        }
        UserState::Active | UserState::Deleted { .. } => question,
    };
    question
        .happens(say("manage-unblock-goes-on"))
        .happens(say("manage-unblock-told"))
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<Question> {
    use crate::pages::samples::HOSTILE;
    let errors = [FieldError::new("reason", code::REQUIRED)];
    let refusal = Refusal::new(code::USER_YOURSELF);
    let wrong = Again {
        typed: HOSTILE,
        errors: &errors,
        refusal: None,
    };
    let refused = Again {
        typed: HOSTILE,
        errors: &[],
        refusal: Some(&refusal),
    };
    let all = super::mailings::some();
    let mut samples: Vec<_> = all.iter().map(|one| enabling(locale, one)).collect();
    samples.extend(all.iter().map(|one| disabling(locale, one, &wrong)));
    for user in super::users::some() {
        let activity = mailing_core::ports::store::OwnerActivity::default();
        let found = UserUnderReview { user, activity };
        samples.push(blocking(locale, &found, &FIRST));
        samples.push(blocking(locale, &found, &refused));
        samples.push(unblocking(locale, &found));
    }
    samples
}
