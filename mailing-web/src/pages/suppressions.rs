//! `/suppressions`: the addresses and domains that an owner's mail never goes to.

use mailing_core::code;
use mailing_core::error::{Error, FieldError};
use mailing_core::ports::store::{Cursor, Page as Rows, PageRequest};
use mailing_core::recipient::{EmailAddress, Suppression, SuppressionReason};
use poem::http::StatusCode;
use poem::web::{Form, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::recipients;
use crate::error::PageError;
use crate::i18n::{Args, Locale, key};
use crate::site::{Around, TheSite};
use crate::templates::Page;
use crate::view::{Fault, Field, Flash, PAGE_SIZE, Pager, Tab, form_title};
use crate::visitor::{CurrentActor, Visitor};

const PATH: &str = "/suppressions";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    q: String,
    after: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Target {
    target: String,
}

#[derive(Serialize)]
struct Suppressions {
    tabs: Vec<Tab>,
    errors: Vec<Fault>,
    target: Field,
    search: Field,
    clear: &'static str,
    rows: Vec<Row>,
    pager: Pager,
}

#[derive(Serialize)]
struct Row {
    target: String,
    reason: String,
    since: String,
    /// False for what a recipient decided: nobody else takes it back.
    removable: bool,
}

impl Page for Suppressions {
    const TEMPLATE: &'static str = "suppressions/list.html";

    fn title(&self, locale: &Locale) -> String {
        let title = locale.text("suppressions-title", &Args::new());
        form_title(locale, title, !self.errors.is_empty())
    }
}

/// Entries by target, or those that keep mail from one address.
#[handler]
pub(crate) async fn index(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let service = &site.services.suppressions;
    let page = if wanted.q.trim().is_empty() {
        let after = wanted.after.as_deref().map(Cursor::new);
        let request = PageRequest::first(PAGE_SIZE).after(after);
        service.page(&actor, &request).await?
    } else {
        let asked = asked(&wanted.q);
        let items = match &asked {
            Some(address) => service.barring(&actor, &[address]).await?,
            None => Vec::new(),
        };
        Rows { items, next: None }
    };
    let page = Suppressions::new(visitor.locale(), &wanted, &page, "", &[]);
    site.page(&visitor, &page)
}

/// Adds an address or a domain.
#[handler]
pub(crate) async fn add(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Form(Target { target }): Form<Target>,
) -> Result<Response, PageError> {
    let service = &site.services.suppressions;
    let errors = match service.add(&actor, &target).await {
        Ok(entry) => {
            let flash = Flash::done("suppression-added").text("target", entry.target.key());
            let undo = [("target", entry.target.key().to_owned())];
            return Ok(site.done(PATH, &flash.undo("/suppressions/remove", &undo)));
        }
        Err(Error::Invalid(errors)) => errors,
        Err(Error::Conflict(refusal)) => vec![FieldError::new("target", refusal)],
        Err(error) => return Err(error.into()),
    };
    let page = service.page(&actor, &PageRequest::first(PAGE_SIZE)).await?;
    let (locale, wanted) = (visitor.locale(), Wanted::default());
    let page = Suppressions::new(locale, &wanted, &page, &target, &errors);
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    site.page_with(&visitor, &page, Around::Menu, status)
}

/// Takes an entry away.
#[handler]
pub(crate) async fn remove(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Form(Target { target }): Form<Target>,
) -> Result<Response, PageError> {
    match site.services.suppressions.remove(&actor, &target).await {
        Ok(gone) => {
            let flash = Flash::done("suppression-removed").text("target", gone.key());
            let undo = [("target", gone.key().to_owned())];
            Ok(site.done(PATH, &flash.undo(PATH, &undo)))
        }
        Err(Error::Conflict(refusal)) if refusal.code == code::SUPPRESSION_OF_RECIPIENT => {
            let flash = Flash::warning("suppression-of-recipient").text("target", &target);
            Ok(site.done(PATH, &flash))
        }
        Err(error) => Err(error.into()),
    }
}

/// The address that a search means; a domain is as good as any address in it.
fn asked(typed: &str) -> Option<EmailAddress> {
    let typed = typed.trim();
    let domain = typed.strip_prefix('@').unwrap_or(typed);
    if domain.contains('@') {
        EmailAddress::parse(typed).ok()
    } else {
        EmailAddress::parse(&format!("postmaster@{domain}")).ok()
    }
}

impl Suppressions {
    fn new(
        locale: &Locale,
        wanted: &Wanted,
        page: &Rows<Suppression>,
        typed: &str,
        errors: &[FieldError],
    ) -> Self {
        let is_search = !wanted.q.trim().is_empty();
        let next = page.next.as_ref().map(Cursor::as_str);
        let (rows, after) = (page.items.len(), wanted.after.as_deref());
        Self {
            tabs: recipients::tabs(locale, PATH),
            errors: Fault::all(locale, errors),
            target: Field::new(locale, "target", typed, errors),
            search: Field::new(locale, "q", wanted.q.as_str(), &[])
                .labelled(locale, "field-search"),
            clear: if is_search { PATH } else { "" },
            rows: page.items.iter().map(|entry| row(locale, entry)).collect(),
            pager: Pager::new(locale, PATH, &[], rows, after, next),
        }
    }
}

fn row(locale: &Locale, entry: &Suppression) -> Row {
    let reason = key("suppression-reason", entry.reason.as_str());
    let by_recipient = matches!(
        entry.reason,
        SuppressionReason::Unsubscribed | SuppressionReason::Complaint
    );
    let target = match EmailAddress::parse(entry.target.key()) {
        Ok(address) if address.is_erased() => locale.address(&address),
        _ => entry.target.key().to_owned(),
    };
    Row {
        target,
        reason: locale.text(&reason, &Args::new()),
        since: locale.date(entry.created_at),
        removable: !by_recipient,
    }
}

#[cfg(test)]
pub(super) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use crate::pages::samples::HOSTILE;
    use mailing_core::testing::builders;

    let items = SuppressionReason::ALL.map(|reason| {
        let entry = builders::suppression().address("gleb@почта.example");
        entry.because(reason).build()
    });
    let full = Rows {
        items: items.into(),
        next: Some(Cursor::new("key:x")),
    };
    let empty = Rows {
        items: Vec::new(),
        next: None,
    };
    let searched = Wanted {
        q: HOSTILE.to_owned(),
        after: None,
    };
    let errors = [FieldError::new("target", code::REQUIRED)];
    let none = Wanted::default();
    vec![
        Suppressions::new(locale, &none, &full, HOSTILE, &errors),
        Suppressions::new(locale, &searched, &empty, "", &[]),
        Suppressions::new(locale, &none, &empty, "", &[]),
    ]
}
