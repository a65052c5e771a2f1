//! `/manage/users`: everybody who has an account.

use mailing_core::policy::{Action, Actor, Who};
use mailing_core::ports::store::{Cursor, Page as Rows, PageRequest, UserFilter};
use mailing_core::user::{Role, User, UserState};
use poem::web::Query;
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::plain;
use super::told::{role, roles, standing};
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::site::TheSite;
use crate::templates::Page;
use crate::view::{Choice, Command, Field, Opt, PAGE_SIZE, Pager, Sign};
use crate::visitor::{CurrentActor, Visitor};

pub(super) const PATH: &str = "/manage/users";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    q: String,
    role: String,
    state: String,
    after: Option<String>,
}

#[derive(Serialize)]
struct Users {
    actions: Vec<Command>,
    search: Field,
    role: Choice,
    state: Choice,
    clear: &'static str,
    rows: Vec<Row>,
    pager: Pager,
}

#[derive(Serialize)]
struct Row {
    url: String,
    email: String,
    name: String,
    roles: String,
    sign: Sign,
    since: String,
    /// What can be done, if the reader may.
    command: String,
    command_url: String,
}

impl Page for Users {
    const TEMPLATE: &'static str = "manage/users.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text("manage-users-title", &Args::new())
    }
}

/// The list, by address.
#[handler]
pub(crate) async fn list(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let after = wanted.after.as_deref().map(Cursor::new);
    let request = PageRequest::first(PAGE_SIZE).after(after);
    let accounts = &site.services.accounts;
    let page = accounts.page(&actor, &wanted.filter(), &request).await?;
    let invites = site.services.registration.mode().invites();
    let page = Users::new(visitor.locale(), &actor, invites, &wanted, &page);
    site.page(&visitor, &page)
}

impl Wanted {
    fn filter(&self) -> UserFilter {
        UserFilter {
            search: Some(self.q.clone()).filter(|typed| !typed.trim().is_empty()),
            role: self.role.parse().ok(),
            standing: User::STANDINGS.into_iter().find(|name| *name == self.state),
        }
    }

    fn query(&self) -> Vec<(&str, &str)> {
        let all = [
            ("q", self.q.as_str()),
            ("role", self.role.as_str()),
            ("state", self.state.as_str()),
        ];
        let set = all
            .into_iter()
            .filter(|(_, value)| !value.trim().is_empty());
        set.collect()
    }
}

impl Users {
    fn new(
        locale: &Locale,
        actor: &Actor,
        invites: bool,
        wanted: &Wanted,
        page: &Rows<User>,
    ) -> Self {
        let any = |key, chosen| Opt::new("", locale.text(key, &Args::new()), chosen);
        let (query, filter) = (wanted.query(), wanted.filter());
        let next = page.next.as_ref().map(Cursor::as_str);
        let (rows, after) = (page.items.len(), wanted.after.as_deref());
        let invite = actor.can(Action::AdministerUsers) && invites;
        let invite = invite.then(|| {
            let label = locale.text("manage-invite-ask", &Args::new());
            Command::link(format!("{PATH}/invite"), label).primary()
        });
        Self {
            actions: invite.into_iter().collect(),
            search: Field::new(locale, "q", wanted.q.as_str(), &[]),
            role: Choice::new(locale, "role", &[])
                .option(any("manage-any-role", filter.role.is_none()))
                .options(Role::ALL.map(|one| {
                    Opt::new(one.as_str(), role(locale, one), filter.role == Some(one))
                })),
            state: Choice::new(locale, "state", &[])
                .option(any("manage-any", filter.standing.is_none()))
                .options(User::STANDINGS.map(|one| {
                    let word = locale.text(&format!("user-state-{one}"), &Args::new());
                    Opt::new(one, word, filter.standing == Some(one))
                })),
            clear: if query.is_empty() { "" } else { PATH },
            rows: page
                .items
                .iter()
                .map(|one| row(locale, actor, one))
                .collect(),
            pager: Pager::new(locale, PATH, &query, rows, after, next),
        }
    }
}

/// What a reader may do to a user: the key of its words and the verb. Nobody does anything to
/// themself, a manager nothing to an administrator.
pub(super) fn command(actor: &Actor, user: &User) -> Option<(&'static str, &'static str)> {
    let is_above = user.roles.contains(&Role::Administrator);
    if !actor.can(Action::Moderate) || is_above || actor.who() == Who::User(user.id) {
        return None;
    }
    match user.state {
        UserState::Active => Some(("manage-block-ask", "block")),
        UserState::Blocked { .. } => Some(("manage-unblock-ask", "unblock")),
        UserState::Deleted { .. } => None,
    }
}

fn row(locale: &Locale, actor: &Actor, user: &User) -> Row {
    let url = format!("{PATH}/{}", user.id);
    let (command, verb) = match command(actor, user) {
        Some((key, verb)) => (locale.text(key, &Args::new()), verb),
        None => (String::new(), ""),
    };
    Row {
        email: locale.login(&user.email),
        name: user
            .name
            .as_ref()
            .map_or_else(String::new, |name| plain(name.as_str())),
        roles: roles(locale, user),
        sign: standing(locale, user),
        since: locale.date(user.created_at),
        command,
        command_url: format!("{url}/{verb}"),
        url,
    }
}

#[cfg(test)]
pub(super) fn some() -> Vec<User> {
    use mailing_core::testing::builders::owner;
    [
        owner()
            .at("anna@example.com")
            .named("Анна Лебедева")
            .build(),
        owner().at("new@почта.example").unverified().build(),
        owner()
            .at("spam-king@example.com")
            .named("<b>King</b>")
            .blocked()
            .build(),
        owner().at("boss@example.org").role(Role::Manager).build(),
        owner()
            .at("a-very-long-name-of-an-administrator@a-long-domain.example.net")
            .role(Role::Administrator)
            .role(Role::ContentManager)
            .build(),
    ]
    .into()
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use crate::pages::samples::HOSTILE;
    let boss = Actor::user(&some()[3]);
    let root = Actor::user(&some()[4]);
    let full = Rows {
        items: some(),
        next: Some(Cursor::new("x")),
    };
    let none = Rows {
        items: Vec::new(),
        next: None,
    };
    let wanted = Wanted {
        q: HOSTILE.to_owned(),
        role: "manager".to_owned(),
        state: "blocked".to_owned(),
        after: Some("y".to_owned()),
    };
    vec![
        Users::new(locale, &boss, true, &Wanted::default(), &full),
        Users::new(locale, &root, true, &Wanted::default(), &full),
        Users::new(locale, &root, false, &wanted, &none),
    ]
}
