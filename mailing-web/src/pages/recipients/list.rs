//! The list.

use mailing_core::id::RecipientId;
use mailing_core::ports::store::{Cursor, Page as Rows, RecipientCounts};
use mailing_core::recipient::export::PreparedExport;
use mailing_core::recipient::{List as RecipientList, Recipient, RecipientState, Suppression};
use mailing_core::services::Exports;
use poem::web::Query;
use poem::{Response, handler};
use serde::Serialize;

use super::prepared::{EXPORTS, newest};
use super::{PATH, Wanted, address, barring, request, tabs};
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::site::TheSite;
use crate::templates::Page;
use crate::view::{Choice, Command, Field, Hidden, Link, Opt, PAGE_SIZE, Pager, Sign, Tab, number};
use crate::visitor::{CurrentActor, Visitor};

#[derive(Serialize)]
struct List {
    lead: String,
    actions: Vec<Command>,
    tabs: Vec<Tab>,
    search: Field,
    state: Choice,
    list: Choice,
    /// The export that is prepared, or was.
    export: Option<Link>,
    /// The address without filters, when there are some.
    clear: String,
    bulk: Choice,
    hidden: Vec<Hidden>,
    rows: Vec<Row>,
    pager: Pager,
    /// Nobody at all, not even without filters.
    nobody: bool,
    /// The page ends because enough was looked through, not because it is full.
    is_tired: bool,
}

#[derive(Serialize)]
struct Row {
    id: String,
    url: String,
    address: String,
    name: String,
    sign: Sign,
    lists: Vec<Link>,
    comment: String,
}

/// What a list is made of.
struct Found {
    page: Rows<Recipient>,
    counts: RecipientCounts,
    lists: Vec<(RecipientList, u64)>,
    within: Vec<(RecipientId, RecipientList)>,
    barring: Vec<Suppression>,
    exports: Vec<PreparedExport>,
}

impl Page for List {
    const TEMPLATE: &'static str = "recipients/list.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text("menu-recipients", &Args::new())
    }
}

/// Recipients by address, by filter.
#[handler]
pub(crate) async fn index(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let services = &site.services;
    let (filter, request) = (wanted.filter(), request(wanted.after.as_deref()));
    let page = services.recipients.page(&actor, &filter, &request).await?;
    let ids: Vec<_> = page.items.iter().map(|recipient| recipient.id).collect();
    let addresses: Vec<_> = page.items.iter().map(|row| &row.address).collect();
    let found = Found {
        counts: services.recipients.counts(&actor).await?,
        lists: services.recipients.lists(&actor).await?,
        within: services.lists.of(&actor, &ids).await?,
        barring: services.suppressions.barring(&actor, &addresses).await?,
        exports: services.exports.newest(&actor).await?,
        page,
    };
    site.page(&visitor, &List::new(visitor.locale(), &wanted, &found))
}

impl List {
    fn new(locale: &Locale, wanted: &Wanted, found: &Found) -> Self {
        let (say, none) = (|key: &str| locale.text(key, &Args::new()), []);
        let (page, filter) = (&found.page, wanted.filter());
        let states = RecipientState::ALL.into_iter().map(|state| {
            let label = say(&format!("recipient-state-{state}"));
            Opt::new(state.as_str(), label, filter.state == Some(state))
        });
        let lists = found.lists.iter().map(|(list, members)| {
            let chosen = filter.list == Some(list.id);
            let option = Opt::new(list.id.to_string(), list.name.as_str(), chosen);
            option.noted(locale.count(number(*members)))
        });
        let any = |key: &str| Opt::new("", say(key), false);
        let fields = wanted.fields();
        let next = page.next.as_ref().map(Cursor::as_str);
        let after = wanted.after.as_deref();
        let rows = page.items.iter().map(|row| Row::new(locale, row, found));
        let is_tired = next.is_some() && page.items.len() < PAGE_SIZE as usize;
        let pager = Pager::new(locale, PATH, &fields, page.items.len(), after, next);
        Self {
            lead: lead(locale, found.counts),
            actions: actions(locale, wanted, found),
            tabs: tabs(locale, PATH),
            export: newest(locale, &found.exports),
            search: Field::new(locale, "q", wanted.q.as_str(), &none)
                .labelled(locale, "field-search"),
            state: Choice::new(locale, "state", &none)
                .option(any("recipients-any-state"))
                .options(states),
            list: Choice::new(locale, "list", &none)
                .option(any("recipients-any-list"))
                .options(lists),
            clear: if fields.is_empty() { "" } else { PATH }.to_owned(),
            bulk: super::bulk::choice(locale, &wanted.filter(), found.counts),
            hidden: Hidden::all(&wanted.hidden()),
            rows: rows.collect(),
            pager: match is_tired {
                true => pager.leading_on(say("recipients-look-on")),
                false => pager,
            },
            is_tired,
            nobody: found.counts.total == 0,
        }
    }
}

impl Row {
    fn new(locale: &Locale, recipient: &Recipient, found: &Found) -> Self {
        let is_barred = barring(&found.barring, &recipient.address).is_some();
        let lists = found.within.iter().filter(|(id, _)| *id == recipient.id);
        let lists = lists.map(|(_, list)| Link {
            url: format!("{PATH}?list={}", list.id),
            label: list.name.as_str().to_owned(),
        });
        Self {
            id: recipient.id.to_string(),
            url: address(recipient.id),
            address: recipient.address.to_string(),
            name: recipient.full_name.as_ref().map_or_else(
                || locale.text("recipient-no-name", &Args::new()),
                |name| name.as_str().to_owned(),
            ),
            sign: Sign::of_recipient(locale, recipient.state, is_barred),
            lists: lists.collect(),
            comment: recipient.comment.clone().unwrap_or_default(),
        }
    }
}

/// Nobody can be exported while there is nobody.
fn actions(locale: &Locale, wanted: &Wanted, found: &Found) -> Vec<Command> {
    let say = |key: &str| locale.text(key, &Args::new());
    let export = match at_most(wanted, found) > Exports::AT_ONCE_MAX {
        true => Command::post(wanted.under(EXPORTS), say("recipients-export")),
        false => Command::link(wanted.under("/recipients/export"), say("recipients-export")),
    };
    let add = Command::link("/recipients/new", say("recipients-add")).primary();
    let import = Command::link("/recipients/import", say("recipients-import"));
    let export = (found.counts.total > 0).then_some(export);
    [Some(import), export, Some(add)]
        .into_iter()
        .flatten()
        .collect()
}

/// How many the filter shows at most: what is searched for is not counted beforehand.
fn at_most(wanted: &Wanted, found: &Found) -> u64 {
    let wanted = wanted.filter().list;
    let mut lists = found.lists.iter();
    let list = lists.find(|(list, _)| wanted == Some(list.id));
    list.map_or(found.counts.total, |(_, members)| *members)
}

fn lead(locale: &Locale, counts: RecipientCounts) -> String {
    let args = Args::new()
        .number("n", number(counts.total))
        .number("active", number(counts.active));
    locale.text("recipients-lead", &args)
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use crate::pages::samples::{HOSTILE, recipients};
    use mailing_core::recipient::export::ExportState;
    use mailing_core::testing::builders;

    let items = recipients();
    let list = builders::list().named(HOSTILE).build();
    let full = Found {
        counts: RecipientCounts {
            total: 1_250,
            active: 1_214,
        },
        lists: vec![(list.clone(), 980)],
        within: items.iter().map(|row| (row.id, list.clone())).collect(),
        barring: vec![
            builders::suppression()
                .address("gleb@почта.example")
                .build(),
        ],
        exports: Vec::new(),
        page: Rows {
            next: Some(Cursor::new("key:x")),
            items,
        },
    };
    let empty = |total| Found {
        counts: RecipientCounts { total, active: 0 },
        lists: Vec::new(),
        within: Vec::new(),
        barring: Vec::new(),
        exports: vec![super::prepared::sample(locale, ExportState::Writing, 9, 4)],
        page: Rows {
            items: Vec::new(),
            next: None,
        },
    };
    let tired = Found {
        page: Rows {
            items: Vec::new(),
            next: Some(Cursor::new("key1:x")),
        },
        ..empty(20_000)
    };
    let filtered = Wanted {
        q: HOSTILE.to_owned(),
        state: "bounced".to_owned(),
        list: list.id.to_string(),
        after: Some("key:a".to_owned()),
    };
    vec![
        List::new(locale, &Wanted::default(), &full),
        List::new(locale, &filtered, &full),
        List::new(locale, &filtered, &empty(7)),
        List::new(locale, &filtered, &tired),
        List::new(locale, &Wanted::default(), &empty(0)),
    ]
}

#[cfg(test)]
mod tests {
    use mailing_core::testing::builders;

    use super::*;
    use crate::i18n::Lang;
    use crate::pages::samples;

    #[test]
    fn a_large_set_is_prepared_and_a_small_one_comes_at_once() {
        let locale = samples::locale(Lang::En);
        let (small, large) = (builders::list().build(), builders::list().build());
        let lists = vec![(small.clone(), 10_000), (large.clone(), 10_001)];
        let found = |total| Found {
            page: Rows {
                items: Vec::new(),
                next: None,
            },
            counts: RecipientCounts { total, active: 0 },
            lists: lists.clone(),
            within: Vec::new(),
            barring: Vec::new(),
            exports: Vec::new(),
        };
        let of_list = |list: &RecipientList| Wanted {
            list: list.id.to_string(),
            ..Wanted::default()
        };
        let export = |wanted: &Wanted, total| {
            let commands = actions(&locale, wanted, &found(total));
            serde_json::to_value(&commands[1]).unwrap()
        };
        let everybody = Wanted::default();
        assert_eq!(export(&everybody, 10_000)["post"], false);
        assert_eq!(export(&everybody, 10_001)["post"], true);
        assert_eq!(export(&of_list(&small), 20_000)["post"], false);
        let prepared = export(&of_list(&large), 20_000);
        let url = format!("/recipients/exports?list={}", large.id);
        assert_eq!(
            (&prepared["post"], &prepared["url"]),
            (&true.into(), &url.into())
        );
        assert_eq!(actions(&locale, &everybody, &found(0)).len(), 2);
    }
}
