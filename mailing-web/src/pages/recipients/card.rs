//! One recipient.

use mailing_core::recipient::{List as RecipientList, Recipient, Suppression};
use poem::web::Path;
use poem::{Response, handler};
use serde::Serialize;

use super::{PATH, address, attributes, barring, id, parent};
use crate::error::PageError;
use crate::i18n::{Args, Locale, key};
use crate::site::TheSite;
use crate::templates::Page;
use crate::view::{Command, Link, Sign};
use crate::visitor::{CurrentActor, Visitor};

#[derive(Serialize)]
struct Card {
    address: String,
    parent: Link,
    actions: Vec<Command>,
    sign: Sign,
    lead: String,
    /// Why nothing is sent to it, when that is so.
    barred: String,
    name: String,
    comment: String,
    attributes: Vec<(String, String)>,
    lists: Vec<Link>,
    added: String,
    changed: String,
}

impl Page for Card {
    const TEMPLATE: &'static str = "recipients/show.html";

    fn title(&self, _: &Locale) -> String {
        self.address.clone()
    }
}

/// Everything that is known of a recipient.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let services = &site.services;
    let recipient = services.recipients.show(&actor, id(&wanted)?).await?;
    let lists = services.lists.of(&actor, &[recipient.id]).await?;
    let addresses = [&recipient.address];
    let barring = services.suppressions.barring(&actor, &addresses).await?;
    let lists: Vec<_> = lists.into_iter().map(|(_, list)| list).collect();
    let page = Card::new(visitor.locale(), &recipient, &lists, &barring);
    site.page(&visitor, &page)
}

impl Card {
    fn new(
        locale: &Locale,
        recipient: &Recipient,
        lists: &[RecipientList],
        entries: &[Suppression],
    ) -> Self {
        let say = |key: &str| locale.text(key, &Args::new());
        let url = address(recipient.id);
        let barred = barring(entries, &recipient.address);
        let name = recipient.full_name.as_ref();
        let attributes = recipient.attributes.iter();
        Self {
            address: recipient.address.to_string(),
            parent: parent(locale),
            actions: vec![
                Command::post(format!("{url}/delete"), say("delete")),
                Command::link(format!("{url}/edit"), say("edit")).primary(),
            ],
            sign: Sign::of_recipient(locale, recipient.state, barred.is_some()),
            lead: name.map_or_else(|| say("recipient-no-name"), ToString::to_string),
            barred: barred.map_or_else(String::new, |entry| {
                let args = Args::new()
                    .text("target", entry.target.key().to_owned())
                    .text("when", locale.date(entry.created_at))
                    .text(
                        "why",
                        say(&key("suppression-reason", entry.reason.as_str())),
                    );
                locale.text("recipient-barred", &args)
            }),
            name: name.map_or_else(String::new, ToString::to_string),
            comment: recipient.comment.clone().unwrap_or_default(),
            attributes: attributes
                .map(|(key, value)| (key.to_owned(), attributes::shown(value)))
                .collect(),
            lists: lists
                .iter()
                .map(|list| Link {
                    url: format!("{PATH}?list={}", list.id),
                    label: list.name.as_str().to_owned(),
                })
                .collect(),
            added: locale.date(recipient.created_at),
            changed: locale.date(recipient.updated_at),
        }
    }
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use crate::pages::samples::{HOSTILE, recipients};
    use mailing_core::testing::builders;

    let list = builders::list().named(HOSTILE).build();
    let domain = builders::suppression().domain("example.com").build();
    let cards = recipients().into_iter().map(|recipient| {
        let lists = std::slice::from_ref(&list);
        Card::new(locale, &recipient, lists, std::slice::from_ref(&domain))
    });
    cards.collect()
}
