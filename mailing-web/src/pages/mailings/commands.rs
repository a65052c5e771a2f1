//! What an owner does with a mailing: launch, send, hold, end, copy, throw away.

use mailing_core::error::Error;
use mailing_core::mailing::Mailing;
use mailing_core::policy::Actor;
use poem::web::Path;
use poem::{Response, handler};

use super::{PATH, forecast, form, id};
use crate::error::PageError;
use crate::fields::Fields;
use crate::i18n::{Args, Locale};
use crate::site::{Site, TheSite, see_other};
use crate::view::{Flash, Question};
use crate::visitor::{CurrentActor, Visitor};

/// The commands that a button of the mailing's page carries out at once.
#[derive(Debug, Clone, Copy)]
enum Command {
    Launch,
    LaunchNow,
    SendNow,
    Pause,
    Resume,
    Reopen,
    Finish,
}

/// Carries out a command. One that is refused because it has been carried out already, by a second
/// press of the same button, does no harm.
async fn command(
    site: &Site,
    visitor: &Visitor,
    actor: &Actor,
    wanted: &str,
    command: Command,
) -> Result<Response, PageError> {
    let id = id(wanted)?;
    let path = format!("{PATH}/{id}");
    let mailings = &site.services.mailings;
    let done = match command {
        Command::Launch => mailings.launch(actor, id).await,
        Command::LaunchNow => mailings.launch_now(actor, id).await,
        Command::Pause => mailings.pause(actor, id).await,
        Command::Resume => mailings.resume(actor, id).await,
        Command::Reopen => mailings.reopen(actor, id).await,
        Command::Finish => mailings.finish(actor, id).await,
        Command::SendNow => {
            let run = mailings.send_now(actor, id).await?;
            let flash = Flash::done("mailing-sending");
            return Ok(site.done(&format!("/runs/{run}"), &flash));
        }
    };
    match done {
        Ok(mailing) => Ok(site.done(&path, &said(visitor.locale(), command, &mailing))),
        // The review page says what is missing; the form is where it is mended.
        Err(Error::Invalid(_)) if matches!(command, Command::Launch | Command::LaunchNow) => {
            Ok(see_other(&format!("{path}/review")))
        }
        Err(error @ Error::Conflict(_)) => {
            let now = mailings.show(actor, id, 0).await?.mailing;
            match is_done(command, &now) {
                true => Ok(see_other(&path)),
                false => Err(error.into()),
            }
        }
        Err(error) => Err(error.into()),
    }
}

/// True when the mailing is as the command would leave it.
fn is_done(command: Command, mailing: &Mailing) -> bool {
    let name = mailing.status.name();
    match command {
        Command::Launch | Command::LaunchNow | Command::Reopen => {
            ["created", "running"].contains(&name)
        }
        Command::Resume => ["created", "running"].contains(&name),
        Command::Pause => name == "paused",
        Command::Finish => mailing.status.is_finished_early(),
        Command::SendNow => false,
    }
}

fn said(locale: &Locale, command: Command, mailing: &Mailing) -> Flash {
    let locale = locale.in_zone(mailing.zone);
    let key = match command {
        Command::Launch | Command::LaunchNow => match mailing.next_at.filter(|at| *at > locale.now)
        {
            Some(at) => {
                let when = locale.sentence(at);
                return Flash::done("mailing-launched").text("when", &when);
            }
            None => "mailing-launched-now",
        },
        Command::Pause => "mailing-paused",
        Command::Resume => "mailing-resumed",
        Command::Reopen => "mailing-reopened",
        Command::Finish => "mailing-finished",
        Command::SendNow => "mailing-sending",
    };
    Flash::done(key)
}

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident: $command:ident;)*) => {$(
        $(#[$doc])*
        #[handler]
        pub(crate) async fn $name(
            TheSite(site): TheSite,
            visitor: Visitor,
            CurrentActor(actor): CurrentActor,
            Path(wanted): Path<String>,
        ) -> Result<Response, PageError> {
            command(&site, &visitor, &actor, &wanted, Command::$command).await
        }
    )*};
}

commands! {
    /// Launches a draft.
    launch: Launch;
    /// Launches a draft whose time has passed.
    launch_now: LaunchNow;
    /// Starts a run by hand.
    send_now: SendNow;
    /// Holds it.
    pause: Pause;
    /// Lets it go on.
    resume: Resume;
    /// Opens it again.
    reopen: Reopen;
    /// Ends it before its time.
    finish: Finish;
}

/// Asks whether a mailing is to be sent now: what has left cannot be called back.
#[handler]
pub(crate) async fn ask_send(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let details = site.services.mailings.show(&actor, id(&wanted)?, 1).await?;
    let locale = visitor.locale();
    let page = question(locale, &details.mailing, Asked::Send)
        .happens(forecast::audience(locale, details.audience))
        .harmless();
    site.page(&visitor, &page)
}

/// Asks whether a mailing is to end before its time.
#[handler]
pub(crate) async fn ask_finish(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let details = site.services.mailings.show(&actor, id(&wanted)?, 1).await?;
    let page = question(visitor.locale(), &details.mailing, Asked::Finish);
    site.page(&visitor, &page)
}

/// Asks whether a mailing is to be deleted.
#[handler]
pub(crate) async fn ask_delete(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let details = site.services.mailings.show(&actor, id(&wanted)?, 1).await?;
    let page = question(visitor.locale(), &details.mailing, Asked::Delete);
    site.page(&visitor, &page)
}

/// Puts a mailing into the trash; the next page has the way back.
#[handler]
pub(crate) async fn delete(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let id = id(&wanted)?;
    let mailings = &site.services.mailings;
    let name = mailings.show(&actor, id, 0).await?.mailing.name;
    mailings.delete(&actor, id).await?;
    let flash = Flash::done("mailing-deleted")
        .text("name", name.as_str())
        .undo(format!("{PATH}/{id}/undelete"), &[]);
    Ok(site.done(PATH, &flash))
}

/// Takes a mailing out of the trash. A second time does no harm.
#[handler]
pub(crate) async fn undelete(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let id = id(&wanted)?;
    let mailings = &site.services.mailings;
    let mailing = match mailings.undelete(&actor, id).await {
        Ok(mailing) => mailing,
        // Perhaps it is back already.
        Err(Error::NotFound) => mailings.show(&actor, id, 0).await?.mailing,
        Err(error) => return Err(error.into()),
    };
    let key = match mailing.status.name() {
        "paused" => "mailing-undeleted-held",
        _ => "mailing-undeleted",
    };
    Ok(site.done(&format!("{PATH}/{id}"), &Flash::done(key)))
}

/// Makes a draft like this mailing, once however often the form arrives, and opens it.
#[handler]
pub(crate) async fn duplicate(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let wanted = id(&wanted)?;
    let mailings = &site.services.mailings;
    let old = mailings.show(&actor, wanted, 0).await?.mailing;
    let number = fields.form_id()?;
    let name = copy_name(visitor.locale(), old.name.as_str());
    let made = site.once(&actor, number, |actor| async move {
        Ok(mailings
            .duplicate(&actor, wanted, &name)
            .await?
            .id
            .to_string())
    });
    let made = id(&made.await?)?;
    Ok(site.done(&form::address(made), &Flash::done("mailing-duplicated")))
}

/// A name that tells the copy from what it was made of, as long as there is room for that.
fn copy_name(locale: &Locale, name: &str) -> String {
    let copy = locale.text(
        "mailing-copy-name",
        &Args::new().text("name", name.to_owned()),
    );
    match copy.chars().count() <= 255 {
        true => copy,
        false => name.to_owned(),
    }
}

#[derive(Debug, Clone, Copy)]
enum Asked {
    Send,
    Finish,
    Delete,
}

fn question(locale: &Locale, mailing: &Mailing, asked: Asked) -> Question {
    let word = match asked {
        Asked::Send => "send",
        Asked::Finish => "finish",
        Asked::Delete => "delete",
    };
    let path = format!("{PATH}/{}", mailing.id);
    let say = |part: &str| locale.text(&format!("ask-{word}-{part}"), &Args::new());
    let named = Args::new().text("name", mailing.name.as_str().to_owned());
    let title = locale.text(&format!("ask-{word}-title"), &named);
    let question = Question::new(
        title,
        (say("do"), format!("{path}/{word}")),
        (say("keep"), path),
    );
    let question = question.happens(say("happens"));
    match mailing.next_at.filter(|_| mailing.status.may_run()) {
        Some(at) => {
            let when = Args::new().text("when", locale.in_zone(mailing.zone).sentence(at));
            question.happens(locale.text("ask-next", &when))
        }
        None => question,
    }
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<Question> {
    let all = crate::pages::samples::mailings();
    let ask = |asked| {
        all.iter()
            .map(move |mailing| question(locale, mailing, asked))
    };
    ask(Asked::Send)
        .chain(ask(Asked::Finish))
        .chain(ask(Asked::Delete))
        .collect()
}
