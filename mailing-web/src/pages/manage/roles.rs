//! `/manage/users/{id}/roles`: what somebody may do, for administrators.

use std::collections::BTreeSet;

use mailing_core::error::{Error, Refusal};
use mailing_core::policy::{self, Action};
use mailing_core::user::{Role, User};
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use serde::Serialize;

use super::told::role;
use super::users::PATH;
use super::{id, plain};
use crate::error::PageError;
use crate::fields::Fields;
use crate::i18n::{Args, Locale};
use crate::site::{Around, TheSite};
use crate::templates::Page;
use crate::view::{Choice, Flash, Link, Opt, form_title};
use crate::visitor::{CurrentActor, Visitor};

/// Roles that are given and taken; everybody is an owner.
const GIVEN: [Role; 3] = [Role::Manager, Role::ContentManager, Role::Administrator];

#[derive(Serialize)]
struct Roles {
    title: String,
    parent: Link,
    url: String,
    choice: Choice,
    /// Why it was refused the last time; empty without a refusal.
    failure: String,
}

impl Page for Roles {
    const TEMPLATE: &'static str = "manage/roles.html";

    fn title(&self, locale: &Locale) -> String {
        form_title(locale, self.title.clone(), !self.failure.is_empty())
    }
}

/// The form.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    policy::require(&actor, Action::AdministerUsers)?;
    let found = site.services.supervision.user(&actor, id(&wanted)?).await?;
    let page = Roles::new(visitor.locale(), &found.user, &found.user.roles, None);
    site.page(&visitor, &page)
}

/// Gives and takes roles. What stays as it is ends no session.
#[handler]
pub(crate) async fn change(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    policy::require(&actor, Action::AdministerUsers)?;
    let user = site
        .services
        .supervision
        .user(&actor, id(&wanted)?)
        .await?
        .user;
    let ticked: BTreeSet<Role> = fields
        .all("roles")
        .filter_map(|name| name.parse().ok())
        .filter(|role| GIVEN.contains(role))
        .collect();
    let has: BTreeSet<Role> = user
        .roles
        .iter()
        .copied()
        .filter(|role| GIVEN.contains(role))
        .collect();
    let to = format!("{PATH}/{}", user.id);
    if ticked == has {
        return Ok(site.done(&to, &Flash::warning("manage-roles-same")));
    }
    match site
        .services
        .accounts
        .set_roles(&actor, user.id, &ticked)
        .await
    {
        Ok(user) => {
            let flash = Flash::done("manage-roles-changed").text("email", user.email.as_str());
            Ok(site.done(&to, &flash))
        }
        Err(Error::Conflict(refusal)) => {
            let page = Roles::new(visitor.locale(), &user, &ticked, Some(&refusal));
            site.page_with(&visitor, &page, Around::Menu, StatusCode::CONFLICT)
        }
        Err(error) => Err(error.into()),
    }
}

impl Roles {
    fn new(
        locale: &Locale,
        user: &User,
        ticked: &BTreeSet<Role>,
        refusal: Option<&Refusal>,
    ) -> Self {
        let email = Args::new().text("email", plain(user.email.as_str()));
        let url = format!("{PATH}/{}", user.id);
        let option = |one: Role| {
            let note = locale.text(&format!("role-may-{}", one.as_str()), &Args::new());
            Opt::new(one.as_str(), role(locale, one), ticked.contains(&one)).noted(note)
        };
        Self {
            title: locale.text("manage-roles-title", &email),
            parent: Link {
                label: user.email.to_string(),
                url: url.clone(),
            },
            url: format!("{url}/roles"),
            choice: Choice::new(locale, "roles", &[]).options(GIVEN.map(option)),
            failure: refusal.map_or_else(String::new, |refusal| locale.refusal(refusal)),
        }
    }
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use mailing_core::code;
    let refusal = Refusal::new(code::USER_LAST_ADMINISTRATOR);
    let users = super::users::some();
    vec![
        Roles::new(locale, &users[0], &users[0].roles, None),
        Roles::new(locale, &users[4], &users[4].roles, Some(&refusal)),
    ]
}
