//! `/manage/mailings`: everybody's mailings.

use mailing_core::id::UserId;
use mailing_core::policy::{Action, Actor};
use mailing_core::ports::store::{
    Cursor, Page as Rows, PageRequest, SupervisedMailing, SupervisionFilter,
};
use mailing_core::services::HomeCounts;
use mailing_core::user::User;
use poem::web::Query;
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::told::{Share, sent, state};
use super::{plain, users};
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::pages::mailings::TABS;
use crate::site::TheSite;
use crate::templates::Page;
use crate::view::{Field, Hidden, Moment, PAGE_SIZE, Pager, Sign, Tab, number};
use crate::visitor::{CurrentActor, Visitor};

pub(super) const PATH: &str = "/manage/mailings";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    status: Option<String>,
    q: String,
    owner: Option<String>,
    after: Option<String>,
}

#[derive(Serialize)]
struct Mailings {
    lead: String,
    /// Whose mailings alone are shown; else empty.
    owner: String,
    tabs: Vec<Tab>,
    search: Field,
    hidden: Vec<Hidden>,
    clear: &'static str,
    rows: Vec<Row>,
    pager: Pager,
}

#[derive(Serialize)]
struct Row {
    url: String,
    name: String,
    owner: String,
    owner_url: String,
    sign: Sign,
    sent: String,
    share: Share,
    next: Option<Moment>,
    /// What can be done, if the reader may.
    command: String,
    command_url: String,
}

impl Page for Mailings {
    const TEMPLATE: &'static str = "manage/mailings.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text("manage-mailings-title", &Args::new())
    }
}

/// The list, last made first.
#[handler]
pub(crate) async fn list(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let owner = match wanted.owner.as_deref() {
        Some(id) => {
            let id: UserId = super::id(id)?;
            Some(site.services.supervision.user(&actor, id).await?.user)
        }
        None => None,
    };
    let filter = SupervisionFilter {
        status: wanted.status(),
        search: Some(wanted.q.clone()).filter(|typed| !typed.trim().is_empty()),
        owner: owner.as_ref().map(|owner| owner.id),
    };
    let after = wanted.after.as_deref().map(Cursor::new);
    let request = PageRequest::first(PAGE_SIZE).after(after);
    let supervision = &site.services.supervision;
    let page = supervision.mailings(&actor, &filter, &request).await?;
    let counts = site.services.home.counts().await?;
    let page = Mailings::new(
        visitor.locale(),
        &actor,
        &wanted,
        owner.as_ref(),
        &counts,
        &page,
    );
    site.page(&visitor, &page)
}

impl Wanted {
    fn status(&self) -> Option<&'static str> {
        let wanted = self.status.as_deref()?;
        TABS.into_iter().find(|tab| *tab == wanted)
    }

    /// The filters that are set, but for the status.
    fn query(&self) -> Vec<(&str, &str)> {
        let mut query = Vec::new();
        if let Some(owner) = self.owner.as_deref() {
            query.push(("owner", owner));
        }
        if !self.q.trim().is_empty() {
            query.push(("q", self.q.as_str()));
        }
        query
    }
}

impl Mailings {
    fn new(
        locale: &Locale,
        actor: &Actor,
        wanted: &Wanted,
        owner: Option<&User>,
        counts: &HomeCounts,
        page: &Rows<SupervisedMailing>,
    ) -> Self {
        let lead = Args::new()
            .number("n", number(counts.mailings))
            .number("active", number(counts.active));
        let mut query = wanted.query();
        let tabs = tabs(locale, wanted.status(), &query);
        if let Some(status) = wanted.status() {
            query.push(("status", status));
        }
        let hidden: Vec<_> = query
            .iter()
            .filter(|(name, _)| *name != "q")
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let next = page.next.as_ref().map(Cursor::as_str);
        let (rows, after) = (page.items.len(), wanted.after.as_deref());
        let may = actor.can(Action::Moderate);
        Self {
            lead: locale.text("manage-mailings-lead", &lead),
            owner: owner.map_or_else(String::new, |owner| {
                let email = Args::new().text("email", owner.email.to_string());
                locale.text("manage-mailings-of", &email)
            }),
            tabs,
            search: Field::new(locale, "q", wanted.q.as_str(), &[]),
            hidden: Hidden::all(&hidden),
            clear: if query.is_empty() { "" } else { PATH },
            rows: page.items.iter().map(|one| row(locale, may, one)).collect(),
            pager: Pager::new(locale, PATH, &query, rows, after, next),
        }
    }
}

/// All, then one for each status; the other filters stay.
fn tabs(locale: &Locale, status: Option<&str>, query: &[(&str, &str)]) -> Vec<Tab> {
    let all = std::iter::once(None).chain(TABS.into_iter().map(Some));
    all.map(|tab| {
        let pairs: Vec<_> = query
            .iter()
            .copied()
            .chain(tab.map(|tab| ("status", tab)))
            .collect();
        let url = match serde_urlencoded::to_string(&pairs) {
            Ok(query) if !query.is_empty() => format!("{PATH}?{query}"),
            _ => PATH.to_owned(),
        };
        let label = format!("mailings-tab-{}", tab.unwrap_or("all"));
        Tab {
            url,
            label: locale.text(&label, &Args::new()),
            current: tab == status,
            count: String::new(),
        }
    })
    .collect()
}

fn row(locale: &Locale, may: bool, mailing: &SupervisedMailing) -> Row {
    let url = format!("{PATH}/{}", mailing.id);
    let next = mailing
        .next_at
        .filter(|_| mailing.status.may_run() && !mailing.owner_blocked);
    let (verb, key) = if mailing.status.disabled.is_some() {
        ("enable", "manage-enable-ask")
    } else {
        ("disable", "manage-disable-ask")
    };
    Row {
        name: plain(mailing.name.as_str()),
        owner: mailing.owner_email.to_string(),
        owner_url: format!("{}/{}", users::PATH, mailing.owner),
        sign: state(locale, mailing),
        sent: sent(locale, mailing.volume),
        share: Share::new(locale, mailing.volume),
        next: next.map(|at| Moment::new(at, locale.short(at))),
        command: if may {
            locale.text(key, &Args::new())
        } else {
            String::new()
        },
        command_url: format!("{url}/{verb}"),
        url,
    }
}

#[cfg(test)]
pub(in crate::pages) fn some() -> Vec<SupervisedMailing> {
    use crate::pages::samples::mailings;
    use mailing_core::ports::store::Volume;
    let volumes = [
        (48_210, 18_416),
        (3_912, 94),
        (0, 0),
        (624, 5),
        (1_204, 253),
        (9, 9),
    ];
    let all = mailings().into_iter().zip(volumes);
    all.map(|(mailing, (sent, failed))| SupervisedMailing {
        id: mailing.id,
        owner: mailing.owner,
        owner_email: mailing_core::testing::builders::address("spam-king@пример.example"),
        owner_blocked: sent == 9,
        name: mailing.name,
        status: mailing.status,
        zone: mailing.zone,
        next_at: mailing.next_at,
        created_at: mailing.created_at,
        volume: Volume {
            sent,
            failed,
            waiting: 12_400,
        },
    })
    .collect()
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use crate::pages::samples::HOSTILE;
    use mailing_core::testing::builders::owner;
    use mailing_core::user::Role;
    let boss = owner().role(Role::Manager).build();
    let root = owner().role(Role::Administrator).build();
    let counts = HomeCounts {
        mailings: 93,
        active: 12,
        recipients: 4_218,
        at: locale.now,
    };
    let full = Rows {
        items: some(),
        next: Some(Cursor::new("x")),
    };
    let none = Rows {
        items: Vec::new(),
        next: None,
    };
    let wanted = Wanted {
        status: Some("disabled".to_owned()),
        q: HOSTILE.to_owned(),
        owner: Some(boss.id.to_string()),
        after: Some("y".to_owned()),
    };
    let all = Wanted::default();
    let (manager, administrator) = (Actor::user(&boss), Actor::user(&root));
    vec![
        Mailings::new(locale, &manager, &all, None, &counts, &full),
        Mailings::new(locale, &administrator, &wanted, Some(&boss), &counts, &full),
        Mailings::new(locale, &manager, &wanted, None, &counts, &none),
        Mailings::new(locale, &manager, &all, None, &counts, &none),
    ]
}
