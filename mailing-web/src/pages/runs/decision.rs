//! What becomes of deliveries that failed or ended in doubt: their owner decides (E11).

use mailing_core::id::FormId;
use mailing_core::ports::store::Retry;
use mailing_core::run::Run;
use mailing_core::services::Retriable;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::id;
use super::live::address;
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::site::{Around, Site, TheSite, see_other};
use crate::view::{Flash, Question, Refused, number};
use crate::visitor::{CurrentActor, Visitor};

/// What is wanted, of all or of one delivery.
#[derive(Debug, Clone, Deserialize)]
struct Wanted {
    #[serde(default = "failed")]
    what: String,
    only: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decision {
    what: String,
    only: Option<u64>,
    form_id: FormId,
}

fn failed() -> String {
    "failed".to_owned()
}

impl Wanted {
    fn what(&self) -> Result<Retry, PageError> {
        match self.what.as_str() {
            "failed" => Ok(Retry::Failed),
            "again" => Ok(Retry::SendAgain),
            "delivered" => Ok(Retry::CountDelivered),
            _ => Err(PageError::Request(StatusCode::BAD_REQUEST)),
        }
    }

    /// Where the decision was asked for.
    fn back(&self, run: &Run) -> String {
        match self.only {
            Some(number) => format!("/deliveries/{}-{number}", run.id),
            None => address(run),
        }
    }
}

/// Asks before anything is sent again.
#[handler]
pub(crate) async fn ask_retry(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(run): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let runs = &site.services.runs;
    let (run, _) = runs.show(&actor, id(&run)?).await?;
    let about = (wanted.what()?, wanted.only);
    let about = runs.retriable(&actor, run.id, about.0, about.1).await?;
    let page = question(visitor.locale(), &run, &wanted, about, form(&site))?;
    site.page(&visitor, &page)
}

/// Carries the decision out, once however often the form arrives.
#[handler]
pub(crate) async fn retry(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(run): Path<String>,
    Form(decision): Form<Decision>,
) -> Result<Response, PageError> {
    let Decision {
        what,
        only,
        form_id,
    } = decision;
    let wanted = Wanted { what, only };
    let (runs, what) = (&site.services.runs, wanted.what()?);
    let run = runs.pulse(&actor, id(&run)?).await?.run;
    let done = site.once(&actor, form_id, |actor| async move {
        let retried = runs.retry(&actor, run.id, what, only).await?;
        Ok(retried.deliveries.sent().to_string())
    });
    match done.await {
        Ok(done) => {
            let Ok(deliveries) = done.parse() else {
                // A later arrival of the same form: what it did has been said.
                return Ok(see_other(&wanted.back(&run)));
            };
            let key = match what {
                Retry::Failed => "retried-failed",
                Retry::SendAgain => "retried-again",
                Retry::CountDelivered => "retried-delivered",
            };
            let flash = Flash::done(key).number("n", deliveries);
            Ok(site.done(&wanted.back(&run), &flash))
        }
        Err(error) => {
            let refused = Refused::of(error)?;
            let about = runs.retriable(&actor, run.id, what, only).await?;
            let page = question(visitor.locale(), &run, &wanted, about, form(&site))?
                .failure(refused.sentence(visitor.locale()));
            let answer = site.page_with(&visitor, &page, Around::Menu, refused.status())?;
            Ok(refused.mark(answer))
        }
    }
}

/// A number for the form, so that its work is done once.
fn form(site: &Site) -> FormId {
    FormId::new(site.settings.clock.now(), site.settings.entropy.as_ref())
}

fn question(
    locale: &Locale,
    run: &Run,
    wanted: &Wanted,
    about: Retriable,
    form: FormId,
) -> Result<Question, PageError> {
    let what = wanted.what()?;
    let word = match what {
        Retry::Failed => "failed",
        Retry::SendAgain => "again",
        Retry::CountDelivered => "delivered",
    };
    let count = Args::new().number("n", number(about.sent()));
    let say = |part: &str| locale.text(&format!("ask-retry-{word}-{part}"), &count);
    let mut hidden = vec![
        ("what".to_owned(), wanted.what.clone()),
        ("form_id".to_owned(), form.to_string()),
    ];
    hidden.extend(
        wanted
            .only
            .map(|only| ("only".to_owned(), only.to_string())),
    );
    let question = Question::new(
        say("title"),
        (say("do"), format!("{}/retry", address(run))),
        (
            locale.text("ask-retry-keep", &Args::new()),
            wanted.back(run),
        ),
    );
    let mut question = question.hidden(&hidden);
    if about.sent() > 0 {
        question = question.happens(say("happens"));
    }
    if about.barred > 0 {
        let barred = Args::new().number("n", number(about.barred));
        question = question.happens(locale.text("ask-retry-barred", &barred));
    }
    Ok(match what {
        // Nobody gets anything twice by it.
        Retry::Failed => question.harmless(),
        Retry::SendAgain | Retry::CountDelivered => question,
    })
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<Question> {
    use crate::pages::samples::runs;
    use mailing_core::testing::builders::{id, start};
    let wanted = |what: &str, only| Wanted {
        what: what.to_owned(),
        only,
    };
    let about = |all, barred| Retriable { all, barred };
    [
        (wanted("failed", None), about(1_200, 3)),
        (wanted("again", Some(7)), about(1, 1)),
        (wanted("delivered", None), about(2, 0)),
    ]
    .iter()
    .map(|(wanted, about)| question(locale, &runs()[0], wanted, *about, id(start())).unwrap())
    .collect()
}
