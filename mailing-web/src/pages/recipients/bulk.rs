//! What is done with many recipients at once: those that are ticked, or all that the filter shows.

use mailing_core::error::{Error, FieldError};
use mailing_core::id::{ListId, RecipientId};
use mailing_core::policy::Actor;
use mailing_core::ports::store::{RecipientCounts, RecipientFilter};
use mailing_core::recipient::List;
use mailing_core::services::Picked;
use poem::http::StatusCode;
use poem::{Response, handler};

use super::{Wanted, trash};
use crate::error::PageError;
use crate::fields::Fields;
use crate::i18n::{Args, Locale};
use crate::site::{Around, Site, TheSite};
use crate::view::{Choice, Fault, Flash, Opt, Question, number};
use crate::visitor::{CurrentActor, Visitor};

const PATH: &str = "/recipients/bulk";
/// The list that recipients go into or leave; `list` is the filter's.
const INTO: &str = "into";

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Add,
    TakeOut,
    Delete,
}

const VERBS: [Verb; 3] = [Verb::Add, Verb::TakeOut, Verb::Delete];

impl Verb {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::TakeOut => "take-out",
            Self::Delete => "delete",
        }
    }

    /// The verb, and whether it means all that the filter shows.
    fn parse(text: &str) -> Option<(Self, bool)> {
        let (name, all) = match text.strip_prefix("all-") {
            Some(name) => (name, true),
            None => (text, false),
        };
        let verb = VERBS.into_iter().find(|verb| verb.as_str() == name)?;
        Some((verb, all))
    }
}

/// The select over the list.
pub(super) fn choice(locale: &Locale, filter: &RecipientFilter, counts: RecipientCounts) -> Choice {
    let options = |prefix: &'static str| {
        VERBS.map(|verb| {
            let label = locale.text(&format!("bulk-{}", verb.as_str()), &Args::new());
            Opt::new(format!("{prefix}{}", verb.as_str()), label, false)
        })
    };
    let all = if *filter == RecipientFilter::default() {
        locale.text("bulk-all", &Args::new().number("n", number(counts.total)))
    } else {
        locale.text("bulk-all-found", &Args::new())
    };
    Choice::new(locale, "verb", &[])
        .labelled(locale, "bulk-with")
        .group(locale.text("bulk-ticked", &Args::new()))
        .options(options(""))
        .group(all)
        .options(options("all-"))
}

/// Does it, or asks first.
#[handler]
pub(crate) async fn act_on_many(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    fields: Fields,
) -> Result<Response, PageError> {
    let bad = || PageError::Request(StatusCode::BAD_REQUEST);
    let (verb, all) = Verb::parse(fields.one("verb")).ok_or_else(bad)?;
    let wanted = Wanted::of(&fields);
    let picked = if all {
        Picked::All(wanted.filter())
    } else {
        let ids = fields.all("id").map(str::parse::<RecipientId>);
        Picked::Some(ids.collect::<Result<_, _>>().map_err(|_| bad())?)
    };
    if picked == Picked::Some(Vec::new()) {
        return Ok(site.done(&wanted.path(), &Flash::warning("bulk-nobody")));
    }
    let asked = Asked {
        locale: visitor.locale(),
        verb,
        picked: &picked,
        wanted: &wanted,
    };
    match verb {
        Verb::Delete if all && !fields.has("sure") => {
            let total = site.services.recipients.counts(&actor).await?.total;
            site.page(&visitor, &asked.question(Some(total), None, &[]))
        }
        Verb::Delete => {
            let thrown = site.services.trash.throw(&actor, &picked).await?;
            Ok(site.done(&wanted.path(), &trash::flash(thrown)))
        }
        Verb::Add | Verb::TakeOut => change_list(&site, &visitor, &actor, &asked, &fields).await,
    }
}

/// Recipients go into a list or leave it, once the list is chosen.
async fn change_list(
    site: &Site,
    visitor: &Visitor,
    actor: &Actor,
    asked: &Asked<'_>,
    fields: &Fields,
) -> Result<Response, PageError> {
    let lists = site.services.recipients.lists(actor).await?;
    if lists.is_empty() {
        return Ok(site.done("/lists/new", &Flash::warning("bulk-no-lists")));
    }
    let Ok(into) = fields.one(INTO).parse::<ListId>() else {
        let errors: &[_] = if fields.has(INTO) {
            &[FieldError::new(INTO, mailing_core::code::REQUIRED)]
        } else {
            &[]
        };
        let question = asked.question(None, Some(&lists), errors);
        let status = match errors {
            [] => StatusCode::OK,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        return site.page_with(visitor, &question, Around::Menu, status);
    };
    let list = lists.iter().find(|(list, _)| list.id == into);
    let (list, _) = list.ok_or(Error::NotFound)?;
    let service = &site.services.lists;
    let (changed, said) = match asked.verb {
        Verb::Add => {
            let added = service.add(actor, into, asked.picked).await?;
            (added, "bulk-added")
        }
        _ => {
            let taken = service.take_out(actor, into, asked.picked).await?;
            (taken, "bulk-taken-out")
        }
    };
    let flash = Flash::done(said)
        .number("n", number(changed))
        .text("list", list.name.as_str());
    Ok(site.done(&asked.wanted.path(), &flash))
}

/// What a form asks for.
struct Asked<'a> {
    locale: &'a Locale,
    verb: Verb,
    picked: &'a Picked,
    wanted: &'a Wanted,
}

impl Asked<'_> {
    /// The page between the form and the deed. `total`: how many there are without a filter.
    fn question(
        &self,
        total: Option<u64>,
        lists: Option<&[(List, u64)]>,
        errors: &[FieldError],
    ) -> Question {
        let (locale, name) = (self.locale, self.verb.as_str());
        let all = matches!(self.picked, Picked::All(_));
        let say = |key: &str, args: Args| locale.text(key, &args);
        let title = match (self.picked, total) {
            (Picked::Some(ids), _) => {
                let n = i64::try_from(ids.len()).unwrap_or(i64::MAX);
                say(&format!("bulk-{name}-ask"), Args::new().number("n", n))
            }
            (Picked::All(filter), Some(total)) if *filter == RecipientFilter::default() => {
                let args = Args::new().number("n", number(total));
                say(&format!("bulk-{name}-ask"), args)
            }
            (Picked::All(_), _) => say(&format!("bulk-{name}-ask-all"), Args::new()),
        };
        let verb = say(&format!("bulk-{name}-do"), Args::new());
        let keep = say("cancel", Args::new());
        let question = Question::new(title, (verb, PATH), (keep, self.wanted.path()))
            .happens(say(&format!("bulk-{name}-happens"), Args::new()))
            .hidden(&self.hidden(all))
            .faults(Fault::all(locale, errors))
            .harmless();
        let Some(lists) = lists else {
            return question;
        };
        let options = lists.iter().map(|(list, members)| {
            let chosen = self.verb == Verb::TakeOut && self.wanted.filter().list == Some(list.id);
            let option = Opt::new(list.id.to_string(), list.name.as_str(), chosen);
            option.noted(locale.count(number(*members)))
        });
        let choice = Choice::new(locale, INTO, errors).labelled(locale, "field-list");
        question.choice(choice.options(options))
    }

    fn hidden(&self, all: bool) -> Vec<(String, String)> {
        let name = self.verb.as_str();
        let verb = if all {
            format!("all-{name}")
        } else {
            name.to_owned()
        };
        let mut hidden = vec![("verb".to_owned(), verb)];
        hidden.extend(self.wanted.hidden());
        match self.picked {
            Picked::Some(ids) => {
                hidden.extend(ids.iter().map(|id| ("id".to_owned(), id.to_string())));
            }
            Picked::All(_) => hidden.push(("sure".to_owned(), "yes".to_owned())),
        }
        hidden
    }
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<Question> {
    use crate::pages::samples::HOSTILE;
    use mailing_core::code;
    use mailing_core::testing::builders;

    let wanted = Wanted {
        q: HOSTILE.to_owned(),
        ..Wanted::default()
    };
    let lists = [(builders::list().named(HOSTILE).build(), 3)];
    let errors = [FieldError::new(INTO, code::REQUIRED)];
    let some = Picked::Some(vec![builders::id(locale.now), builders::id(locale.now)]);
    let asked = |verb, picked| Asked {
        locale,
        verb,
        picked,
        wanted: &wanted,
    };
    let (found, all) = (
        Picked::All(wanted.filter()),
        Picked::All(RecipientFilter::default()),
    );
    vec![
        asked(Verb::Add, &some).question(None, Some(&lists), &errors),
        asked(Verb::TakeOut, &found).question(None, Some(&lists), &[]),
        asked(Verb::Delete, &found).question(Some(7), None, &[]),
        asked(Verb::Delete, &all).question(Some(1_250), None, &[]),
    ]
}
