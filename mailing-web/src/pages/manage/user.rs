//! `/manage/users/{id}`: a user's card.

use mailing_core::policy::{Action, Actor};
use mailing_core::services::UserUnderReview;
use mailing_core::user::UserState;
use poem::web::Path;
use poem::{Response, handler};
use serde::Serialize;

use super::told::{Share, roles, sent, standing};
use super::users::{PATH, command};
use super::{audit, id, mailings, plain};
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::pages::settings::picture::jpeg;
use crate::pages::settings::profile::country_in_words;
use crate::site::TheSite;
use crate::templates::Page;
use crate::view::{Command, Link, Sign, number};
use crate::visitor::{CurrentActor, Visitor};

#[derive(Serialize)]
struct Card {
    email: String,
    sign: Sign,
    parent: Link,
    actions: Vec<Command>,
    notice: String,
    name: String,
    /// Address of the picture; none without one.
    avatar: Option<String>,
    phone: Option<String>,
    country: Option<String>,
    roles: String,
    created: String,
    verified: String,
    zone: String,
    mailings: Link,
    sent: String,
    share: Share,
    report: Link,
    audit: Link,
}

impl Page for Card {
    const TEMPLATE: &'static str = "manage/user.html";

    fn title(&self, _: &Locale) -> String {
        self.email.clone()
    }
}

/// One user.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let found = site.services.supervision.user(&actor, id(&wanted)?).await?;
    site.page(&visitor, &Card::new(visitor.locale(), &actor, &found))
}

/// A user's picture. Managers see the one of this moment: nothing keeps it.
#[handler]
pub(crate) async fn avatar(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let supervision = &site.services.supervision;
    let data = supervision.avatar(&actor, id(&wanted)?).await?;
    Ok(jpeg(data, "no-store"))
}

impl Card {
    fn new(locale: &Locale, actor: &Actor, found: &UserUnderReview) -> Self {
        let (user, activity) = (&found.user, found.activity);
        let path = format!("{PATH}/{}", user.id);
        let say = |key: &str| locale.text(key, &Args::new());
        let mut actions = Vec::new();
        if actor.can(Action::AdministerUsers) && !matches!(user.state, UserState::Deleted { .. }) {
            actions.push(Command::link(
                format!("{path}/roles"),
                say("manage-roles-ask"),
            ));
        }
        if let Some((key, verb)) = command(actor, user) {
            actions.push(Command::link(format!("{path}/{verb}"), say(key)));
        }
        let counts = Args::new()
            .number("n", number(activity.mailings))
            .number("active", number(activity.active));
        let asked = serde_urlencoded::to_string([("user", user.email.as_str())]);
        Self {
            email: locale.login(&user.email),
            sign: standing(locale, user),
            parent: Link {
                url: PATH.to_owned(),
                label: say("manage-users-title"),
            },
            actions,
            notice: match &user.state {
                UserState::Blocked { at, reason } => {
                    let args = Args::new()
                        .text("when", locale.day_and_time(*at))
                        .text("reason", reason.clone());
                    locale.text("manage-blocked-since", &args)
                }
                UserState::Active | UserState::Deleted { .. } => String::new(),
            },
            name: user
                .name
                .as_ref()
                .map_or_else(|| "–".to_owned(), |name| plain(name.as_str())),
            avatar: user.avatar.map(|_| format!("{path}/avatar")),
            phone: user.phone.as_ref().map(|phone| phone.as_str().to_owned()),
            country: user
                .country
                .map(|country| country_in_words(locale, country)),
            roles: roles(locale, user),
            created: locale.day_and_time(user.created_at),
            verified: user
                .verified_at
                .map_or_else(|| say("manage-not-verified"), |at| locale.day_and_time(at)),
            zone: locale.in_zone(user.zone).zone_at(locale.now),
            mailings: Link {
                url: format!("{}?owner={}", mailings::PATH, user.id),
                label: locale.text("manage-user-mailings", &counts),
            },
            sent: sent(locale, activity.volume),
            share: Share::new(locale, activity.volume),
            report: Link {
                url: format!("/manage/reports?owner={}", user.id),
                label: say("manage-user-report"),
            },
            audit: Link {
                url: format!("{}?{}", audit::PATH, asked.unwrap_or_default()),
                label: say("manage-user-audit"),
            },
        }
    }
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use mailing_core::message::FileHash;
    use mailing_core::ports::store::{OwnerActivity, Volume};
    use mailing_core::user::{Country, Phone};
    let boss = Actor::user(&super::users::some()[3]);
    let root = Actor::user(&super::users::some()[4]);
    let activity = OwnerActivity {
        mailings: 12,
        active: 1,
        volume: Volume {
            sent: 48_210,
            failed: 18_416,
            waiting: 7,
        },
    };
    let all = super::users::some().into_iter().flat_map(|user| {
        [&boss, &root].map(|actor| {
            let mut user = user.clone();
            if actor.can(Action::AdministerUsers) {
                user.phone = Phone::parse("+7 (495) 123-45-67").unwrap();
                user.country = Country::chosen("RU").unwrap();
                user.avatar = Some(FileHash::of(b"face"));
            }
            Card::new(locale, actor, &UserUnderReview { user, activity })
        })
    });
    all.collect()
}
