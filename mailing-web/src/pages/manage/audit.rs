//! `/manage/audit`: who did what, on whom, when and why (A10).

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveTime};
use mailing_core::audit::Deed;
use mailing_core::code;
use mailing_core::error::{Error, FieldError, Refusal};
use mailing_core::id::MailingId;
use mailing_core::policy::{Actor, Who};
use mailing_core::ports::store::{AuditFilter, AuditLine, Cursor, Page as Rows, PageRequest};
use mailing_core::time::Timestamp;
use poem::http::StatusCode;
use poem::web::Query;
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use self::file::csv;
use super::{mailings, plain, users};
use crate::error::PageError;
use crate::i18n::{Args, Locale, key};
use crate::site::{Around, Site, TheSite};
use crate::templates::Page;
use crate::view::{Choice, Command, Fault, Field, Link, Moment, Opt, PAGE_SIZE, Pager, form_title};
use crate::visitor::{CurrentActor, Visitor};

mod file;

pub(super) const PATH: &str = "/manage/audit";

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    user: String,
    deed: String,
    since: String,
    until: String,
    after: Option<String>,
}

#[derive(Serialize)]
struct Audit {
    actions: Vec<Command>,
    errors: Vec<Fault>,
    user: Field,
    deed: Choice,
    since: Field,
    until: Field,
    clear: &'static str,
    lines: Vec<Line>,
    pager: Pager,
}

#[derive(Serialize)]
struct Line {
    at: Moment,
    what: String,
    /// What it is about, with a way there.
    about: Option<Link>,
    who: String,
    /// Whose things were touched, unless it is whoever did it.
    owner: String,
    reason: String,
}

impl Page for Audit {
    const TEMPLATE: &'static str = "manage/audit.html";

    fn title(&self, locale: &Locale) -> String {
        let title = locale.text("menu-audit", &Args::new());
        form_title(locale, title, !self.errors.is_empty())
    }
}

/// The log, newest first. A filter that cannot be read finds nothing and says why.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let locale = visitor.locale();
    let supervision = &site.services.supervision;
    let (status, page, errors) = match filter(&site, &actor, locale, &wanted).await? {
        Ok(filter) => {
            let after = wanted.after.as_deref().map(Cursor::new);
            let request = PageRequest::first(PAGE_SIZE).after(after);
            let page = supervision.audit(&actor, &filter, &request).await?;
            (StatusCode::OK, page, Vec::new())
        }
        Err(errors) => (StatusCode::UNPROCESSABLE_ENTITY, nothing(), errors),
    };
    let names = supervision.names(&actor, &page.items).await?;
    let page = Audit::new(locale, &wanted, &page, &names, &errors);
    site.page_with(&visitor, &page, Around::Menu, status)
}

/// The same as a file, to its end.
#[handler]
pub(crate) async fn download(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let locale = *visitor.locale();
    match filter(&site, &actor, &locale, &wanted).await? {
        Ok(filter) => Ok(csv(
            site.services.supervision.clone(),
            actor,
            filter,
            locale,
        )),
        Err(errors) => {
            let page = Audit::new(&locale, &wanted, &nothing(), &BTreeMap::new(), &errors);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            site.page_with(&visitor, &page, Around::Menu, status)
        }
    }
}

fn nothing() -> Rows<AuditLine> {
    Rows {
        items: Vec::new(),
        next: None,
    }
}

/// What the typed filters mean, or what is wrong with them.
async fn filter(
    site: &Site,
    actor: &Actor,
    locale: &Locale,
    wanted: &Wanted,
) -> Result<Result<AuditFilter, Vec<FieldError>>, PageError> {
    let mut errors = Vec::new();
    let user = match wanted.user.trim() {
        "" => None,
        typed => match site.services.accounts.with_email(actor, typed).await {
            Ok(user) => Some(user.id),
            Err(Error::NotFound) => {
                let unknown = Refusal::new(code::USER_UNKNOWN).with("email", typed);
                errors.push(FieldError::new("user", unknown));
                None
            }
            Err(error) => return Err(error.into()),
        },
    };
    let mut date = |name: &'static str, typed: &str| match typed.trim() {
        "" => None,
        typed => locale
            .read_past_date(typed)
            .map_err(|refusal| errors.push(FieldError::new(name, refusal)))
            .ok(),
    };
    let since = date("since", &wanted.since);
    let until = date("until", &wanted.until);
    if since.zip(until).is_some_and(|(since, until)| since > until) {
        errors.push(FieldError::new("until", code::LOG_DAYS));
    }
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    Ok(Ok(AuditFilter {
        user,
        deed: Deed::from_name(&wanted.deed),
        since: since.map(|day| midnight(locale, day)),
        until: until
            .and_then(|day| day.checked_add_days(Days::new(1)))
            .map(|next| midnight(locale, next)),
    }))
}

/// When a day begins for the reader.
fn midnight(locale: &Locale, day: NaiveDate) -> Timestamp {
    locale.zone.resolve(day.and_time(NaiveTime::MIN)).at
}

impl Wanted {
    fn query(&self) -> Vec<(&str, &str)> {
        let all = [
            ("user", self.user.as_str()),
            ("deed", self.deed.as_str()),
            ("since", self.since.as_str()),
            ("until", self.until.as_str()),
        ];
        let set = all
            .into_iter()
            .filter(|(_, value)| !value.trim().is_empty());
        set.collect()
    }
}

impl Audit {
    fn new(
        locale: &Locale,
        wanted: &Wanted,
        page: &Rows<AuditLine>,
        names: &BTreeMap<MailingId, String>,
        errors: &[FieldError],
    ) -> Self {
        let query = wanted.query();
        let field = |name: &'static str, value: &str| Field::new(locale, name, value, errors);
        let next = page.next.as_ref().map(Cursor::as_str);
        let (rows, after) = (page.items.len(), wanted.after.as_deref());
        let asked = serde_urlencoded::to_string(&query).unwrap_or_default();
        let save = locale.text("manage-audit-csv", &Args::new());
        Self {
            actions: match errors {
                [] => vec![Command::link(format!("{PATH}.csv?{asked}"), save)],
                _ => Vec::new(),
            },
            errors: Fault::all(locale, errors),
            user: field("user", &wanted.user),
            deed: deeds(locale, &wanted.deed),
            since: field("since", &wanted.since),
            until: field("until", &wanted.until),
            clear: if query.is_empty() { "" } else { PATH },
            lines: page
                .items
                .iter()
                .map(|one| line(locale, one, names))
                .collect(),
            pager: Pager::new(locale, PATH, &query, rows, after, next),
        }
    }
}

/// Everything that can be done, in the order of its words.
fn deeds(locale: &Locale, wanted: &str) -> Choice {
    let mut all: Vec<_> = Deed::ALL
        .iter()
        .map(|deed| (what(locale, *deed), *deed))
        .collect();
    all.sort_by_key(|(words, _)| words.to_lowercase());
    let any = locale.text("manage-any", &Args::new());
    Choice::new(locale, "deed", &[])
        .option(Opt::new("", any, wanted.is_empty()))
        .options(all.into_iter().map(|(words, deed)| {
            let name = deed.as_str();
            Opt::new(name, words, name == wanted)
        }))
}

fn what(locale: &Locale, deed: Deed) -> String {
    locale.text(&key("deed", deed.as_str()), &Args::new())
}

/// Who did it: a login, or what else acts.
fn who(locale: &Locale, line: &AuditLine) -> String {
    let key = match line.entry.who {
        Who::User(id) => {
            let login = line.user.as_ref().map(|email| locale.login(email));
            return login.unwrap_or_else(|| id.to_string());
        }
        Who::Console => "actor-console",
        Who::System => "actor-system",
        Who::Recipient => "actor-recipient",
    };
    locale.text(key, &Args::new())
}

/// On whom it was done, unless on themself.
fn owner(line: &AuditLine) -> String {
    let is_own = matches!(line.entry.who, Who::User(id) if line.entry.owner == Some(id));
    match &line.owner {
        Some(owner) if !is_own => owner.to_string(),
        _ => String::new(),
    }
}

fn line(locale: &Locale, line: &AuditLine, names: &BTreeMap<MailingId, String>) -> Line {
    let entry = &line.entry;
    let about = if entry.deed.is_about_mailing() {
        let id: Option<MailingId> = entry.subject.parse().ok();
        id.and_then(|id| Some((id, names.get(&id)?)))
            .map(|(id, name)| Link {
                url: format!("{}/{id}", mailings::PATH),
                label: plain(name),
            })
    } else if entry.deed.is_about_user() {
        line.owner.as_ref().map(|owner| Link {
            url: format!("{}/{}", users::PATH, entry.subject),
            label: owner.to_string(),
        })
    } else {
        None
    };
    Line {
        at: Moment::new(entry.at, locale.short(entry.at)),
        what: what(locale, entry.deed),
        owner: if entry.deed.is_about_user() {
            String::new()
        } else {
            owner(line)
        },
        about,
        who: who(locale, line),
        reason: entry.reason.clone().unwrap_or_default(),
    }
}

#[cfg(test)]
fn some() -> Vec<AuditLine> {
    use crate::pages::samples::HOSTILE;
    use mailing_core::audit::Entry;
    use mailing_core::testing::SeededEntropy;
    use mailing_core::testing::builders::{owner, start};
    let (ann, boss) = (owner().build(), owner().build());
    let entropy = SeededEntropy::new(1);
    let mailing = super::mailings::some().remove(0).id.to_string();
    let deeds = [
        (Actor::user(&boss), Deed::DisableMailing, mailing),
        (Actor::user(&boss), Deed::BlockUser, ann.id.to_string()),
        (Actor::user(&ann), Deed::SignIn, ann.id.to_string()),
        (Actor::console(), Deed::ChangeRoles, ann.id.to_string()),
    ];
    let lines = deeds.into_iter().map(|(actor, deed, subject)| {
        let mut entry = Entry::new(&actor, deed, subject, start(), &entropy).of(ann.id);
        entry.reason = Some(HOSTILE.to_owned());
        AuditLine {
            user: matches!(entry.who, Who::User(_)).then(|| boss.email.clone()),
            owner: Some(ann.email.clone()),
            entry,
        }
    });
    lines.collect()
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use crate::pages::samples::HOSTILE;
    let items = some();
    let named = items[0].entry.subject.parse().unwrap();
    let names = BTreeMap::from([(named, HOSTILE.to_owned())]);
    let full = Rows {
        items,
        next: Some(Cursor::new("x")),
    };
    let wanted = Wanted {
        user: HOSTILE.to_owned(),
        deed: "block_user".to_owned(),
        since: HOSTILE.to_owned(),
        until: String::new(),
        after: Some("y".to_owned()),
    };
    let errors = [FieldError::new("since", code::REQUIRED)];
    let all = Wanted::default();
    vec![
        Audit::new(locale, &all, &full, &names, &[]),
        Audit::new(locale, &wanted, &nothing(), &names, &errors),
        Audit::new(locale, &all, &nothing(), &BTreeMap::new(), &[]),
    ]
}
