//! What the form of a mailing shows.

use mailing_core::error::{FieldError, Param};
use mailing_core::mailing::{AmbiguousPolicy, Stage};
use mailing_core::ports::store::MessageSummary;
use mailing_core::recipient::{List, Recipient};
use mailing_core::schedule::{MissedPolicy, WINDOWS_MAX, parse_time, weekday_word};
use mailing_core::sender::Sender;
use serde::Serialize;

use super::super::PATH;
use super::super::forecast::Card;
use super::typed::{To, Typed};
use super::window::{MONTHLY, REPEATS, TypedWindow};
use crate::i18n::{Args, Locale};
use crate::templates::Page;
use crate::view::{Choice, Fault, Field, Link, Opt, form_title, number};

/// Picked recipients that are named; the others are counted.
pub(super) const NAMED: usize = 20;

/// The form of a new mailing, or of one that is there.
#[derive(Serialize)]
pub(super) struct Form {
    title: String,
    parent: Link,
    url: String,
    errors: Vec<Fault>,
    conflict: Option<String>,
    /// The version that is edited; none for a new mailing.
    seen: Option<i64>,
    /// True for one that is launched: what is saved counts at once.
    launched: bool,
    name: Field,
    message: Choice,
    write: Option<&'static str>,
    look: Option<String>,
    sender: Option<Choice>,
    to: Choice,
    lists: Choice,
    picker: Picker,
    when: Choice,
    zone: Field,
    windows: Vec<Window>,
    may_add: bool,
    missed: Choice,
    lateness: Field,
    ambiguous: Choice,
    forecast: Card,
}

#[derive(Serialize)]
struct Picker {
    query: Field,
    searched: bool,
    found: Vec<Opt>,
    picks: String,
    chosen: Vec<Pick>,
    more: String,
}

#[derive(Serialize)]
struct Pick {
    id: String,
    label: String,
}

#[derive(Serialize)]
struct Window {
    index: usize,
    legend: String,
    removable: bool,
    remove: String,
    start: Pair,
    /// In which zone the times are.
    zone: String,
    repeat: Choice,
    every: Field,
    weekdays: Choice,
    monthly: Choice,
    cron: Field,
    end: Pair,
    exclude: Field,
    count: Field,
    /// Rare settings that are in use stand open.
    open: bool,
}

/// Date and time in two text fields; errors of both point at the first.
#[derive(Serialize)]
struct Pair {
    name: String,
    label: String,
    date: String,
    time: String,
    error: Option<String>,
}

/// What the form is made of beside what was typed.
pub(super) struct Around {
    /// Address, seen version and stage of a mailing that is there.
    pub(super) saved: Option<(String, i64, Stage)>,
    pub(super) messages: Vec<MessageSummary>,
    pub(super) senders: Vec<Sender>,
    pub(super) lists: Vec<(List, u64)>,
    pub(super) active: u64,
    /// Who was found by the search, if there was one.
    pub(super) found: Option<Vec<Recipient>>,
    /// The first of the picked ones.
    pub(super) picked: Vec<Recipient>,
    pub(super) forecast: Card,
    /// What was saved by somebody else meanwhile.
    pub(super) conflict: Option<String>,
}

impl Page for Form {
    const TEMPLATE: &'static str = "mailings/form.html";
    const SCRIPTS: &'static [&'static str] = &["lost.js", "forecast.js"];

    fn title(&self, locale: &Locale) -> String {
        form_title(locale, self.title.clone(), !self.errors.is_empty())
    }
}

impl Form {
    /// The form with what was typed and what is wrong with it.
    pub(super) fn new(
        locale: &Locale,
        typed: &Typed,
        around: Around,
        errors: &[FieldError],
    ) -> Self {
        let errors = &told(locale, errors)[..];
        let say = |key: &str| locale.text(key, &Args::new());
        let zone = typed
            .zone(locale)
            .map_or(*locale, |zone| locale.in_zone(zone));
        let (url, seen, launched) = match &around.saved {
            None => (PATH.to_owned(), None, false),
            Some((path, seen, stage)) => {
                (format!("{path}/edit"), Some(*seen), *stage != Stage::Draft)
            }
        };
        let title = match &around.saved {
            None => say("mailings-new"),
            Some(_) => typed.name.clone(),
        };
        Self {
            title,
            parent: Link {
                url: around
                    .saved
                    .as_ref()
                    .map_or_else(|| PATH.to_owned(), |(path, ..)| path.clone()),
                label: say(if seen.is_some() {
                    "mailing-back"
                } else {
                    "menu-mailings"
                }),
            },
            url,
            errors: Fault::all(locale, errors),
            conflict: around.conflict.clone(),
            seen,
            launched,
            name: Field::new(locale, "name", &typed.name, errors),
            message: messages(locale, typed, &around.messages, errors),
            write: around.messages.is_empty().then_some("/messages/new"),
            look: (!typed.message.is_empty()).then(|| format!("/messages/{}/edit", typed.message)),
            sender: senders(locale, typed, &around.senders, errors),
            to: to(locale, typed, around.active, errors),
            lists: lists(locale, typed, &around.lists),
            picker: Picker::new(locale, typed, &around),
            when: when(locale, typed, errors),
            zone: Field::new(locale, "zone", &typed.zone, errors),
            windows: (0..)
                .zip(&typed.windows)
                .map(|(index, window)| {
                    Window::new(&zone, index, typed.windows.len(), window, errors)
                })
                .collect(),
            may_add: typed.windows.len() < WINDOWS_MAX,
            missed: missed(locale, typed, errors),
            lateness: Field::new(locale, "lateness", &typed.lateness, errors),
            ambiguous: ambiguous(locale, typed, errors),
            forecast: around.forecast,
        }
    }
}

/// The faults with local times as a person writes them; the core tells them in ISO 8601.
fn told(locale: &Locale, errors: &[FieldError]) -> Vec<FieldError> {
    let mut errors = errors.to_vec();
    for (_, param) in errors
        .iter_mut()
        .flat_map(|error| &mut error.refusal.params)
    {
        if let Param::Text(text) = param
            && let Ok(at) = parse_time(text)
        {
            let (date, time) = (locale.write_date(at.date()), locale.write_time(at.time()));
            *text = format!("{date}, {time}");
        }
    }
    errors
}

fn messages(
    locale: &Locale,
    typed: &Typed,
    all: &[MessageSummary],
    errors: &[FieldError],
) -> Choice {
    let options = all.iter().map(|message| {
        let id = message.id.to_string();
        let chosen = id == typed.message;
        Opt::new(id, message.subject.as_str(), chosen)
    });
    Choice::new(locale, "message", errors).options(options)
}

/// A choice only where there is one.
fn senders(
    locale: &Locale,
    typed: &Typed,
    all: &[Sender],
    errors: &[FieldError],
) -> Option<Choice> {
    let wrong = errors.iter().any(|error| error.field == "sender");
    let usable: Vec<_> = all
        .iter()
        .filter(|sender| sender.verified_at.is_some())
        .collect();
    if usable.len() < 2 && !wrong {
        return None;
    }
    let options = usable.into_iter().map(|sender| {
        let id = sender.id.to_string();
        let chosen = id == typed.sender;
        Opt::new(id, sender.mailbox.address.to_string(), chosen)
    });
    Some(Choice::new(locale, "sender", errors).options(options))
}

fn to(locale: &Locale, typed: &Typed, active: u64, errors: &[FieldError]) -> Choice {
    let options = To::ALL
        .into_iter()
        .filter(|(to, _)| *to != To::Kept || typed.to == To::Kept);
    let options = options.map(|(to, name)| {
        let label = locale.text(&format!("to-{name}"), &Args::new());
        let option = Opt::new(name, label, to == typed.to);
        match to {
            To::All => option.noted(locale.count(number(active))),
            _ => option,
        }
    });
    Choice::new(locale, "audience", errors).options(options)
}

fn lists(locale: &Locale, typed: &Typed, all: &[(List, u64)]) -> Choice {
    let options = all.iter().map(|(list, members)| {
        let chosen = typed.lists.contains(&list.id);
        Opt::new(list.id.to_string(), list.name.as_str(), chosen)
            .noted(locale.count(number(*members)))
    });
    Choice::new(locale, "list", &[]).options(options)
}

fn when(locale: &Locale, typed: &Typed, errors: &[FieldError]) -> Choice {
    let say = |key: &str| locale.text(key, &Args::new());
    let mine = errors.iter().filter(|error| error.field == "windows");
    let mine: Vec<_> = mine
        .map(|error| FieldError::new("when", error.refusal.clone()))
        .collect();
    Choice::new(locale, "when", &mine)
        .labelled(locale, "when-label")
        .option(Opt::new("now", say("when-now"), typed.now))
        .option(Opt::new("planned", say("when-planned"), !typed.now))
}

fn missed(locale: &Locale, typed: &Typed, errors: &[FieldError]) -> Choice {
    let options = MissedPolicy::ALL.map(|policy| {
        let key = format!("missed-{}", policy.as_str().replace('_', "-"));
        let chosen = policy.as_str() == typed.missed;
        Opt::new(policy.as_str(), locale.text(&key, &Args::new()), chosen)
    });
    Choice::new(locale, "missed", errors).options(options)
}

fn ambiguous(locale: &Locale, typed: &Typed, errors: &[FieldError]) -> Choice {
    let options = [AmbiguousPolicy::Leave, AmbiguousPolicy::Retry].map(|policy| {
        let key = format!("ambiguous-{}", policy.as_str());
        let chosen = policy.as_str() == typed.ambiguous;
        Opt::new(policy.as_str(), locale.text(&key, &Args::new()), chosen)
    });
    Choice::new(locale, "ambiguous", errors).options(options)
}

impl Picker {
    fn new(locale: &Locale, typed: &Typed, around: &Around) -> Self {
        let ids: Vec<String> = typed.picks.iter().map(ToString::to_string).collect();
        let rest = typed.picks.len().saturating_sub(around.picked.len());
        let found = around.found.iter().flatten();
        Self {
            query: Field::new(locale, "q", &typed.query, &[]).labelled(locale, "picker-search"),
            searched: around.found.is_some(),
            found: found
                .map(|recipient| Opt::new(recipient.id.to_string(), label(recipient), false))
                .collect(),
            picks: ids.join(","),
            chosen: around
                .picked
                .iter()
                .map(|recipient| Pick {
                    id: recipient.id.to_string(),
                    label: label(recipient),
                })
                .collect(),
            more: match rest {
                0 => String::new(),
                rest => locale.text(
                    "forecast-and",
                    &Args::new().number("n", number(rest as u64)),
                ),
            },
        }
    }
}

fn label(recipient: &Recipient) -> String {
    match &recipient.full_name {
        Some(name) => format!("{}, {}", recipient.address, name.as_str()),
        None => recipient.address.to_string(),
    }
}

impl Pair {
    fn new(
        locale: &Locale,
        name: String,
        label: &str,
        (date, time): &(String, String),
        errors: &[FieldError],
    ) -> Self {
        let error = errors.iter().find(|error| error.field == name);
        Self {
            label: locale.text(label, &Args::new()),
            date: date.clone(),
            time: time.clone(),
            error: error.map(|error| locale.field_message(error)),
            name,
        }
    }
}

impl Window {
    fn new(
        locale: &Locale,
        index: usize,
        of: usize,
        typed: &TypedWindow,
        errors: &[FieldError],
    ) -> Self {
        let at = |field: &str| format!("windows.{index}.{field}");
        let n = Args::new().number("n", number(index as u64 + 1));
        let zone = Args::new().text("zone", locale.zone_at(locale.now));
        let say = |key: String| locale.text(&key, &Args::new());
        let choice = |field: &str| Choice::new(locale, at(field), errors);
        let repeats =
            REPEATS.map(|rule| Opt::new(rule, say(format!("rule-{rule}")), rule == typed.repeat));
        let weekdays = [1, 2, 3, 4, 5, 6, 7].map(|day| {
            let weekday = chrono::Weekday::try_from(day - 1).unwrap_or(chrono::Weekday::Mon);
            let word = weekday_word(weekday);
            let chosen = typed.weekdays.iter().any(|typed| typed == word);
            Opt::new(word, say(format!("weekday-{day}-short")), chosen)
        });
        let mut monthly = choice("monthly").labelled(locale, "field-monthly");
        for name in MONTHLY {
            let key = format!("monthly-{}", name.replace('_', "-"));
            monthly = monthly.option(Opt::new(name, say(key), name == typed.monthly));
        }
        if let Some(day) = typed.monthly.strip_prefix("on:") {
            let label = locale.text("monthly-on", &Args::new().text("day", day.to_owned()));
            monthly = monthly.option(Opt::new(&typed.monthly, label, true));
        }
        let field = |name: &'static str, key: &str, value: &str| {
            Field::new(locale, at(name), value, errors).labelled(locale, key)
        };
        let wrong = |name: &str| errors.iter().any(|error| error.field == at(name));
        let rare = [&typed.every, &typed.exclude, &typed.count, &typed.cron];
        Self {
            index,
            legend: locale.text("window-legend", &n),
            removable: of > 1,
            remove: locale.text("window-remove", &n),
            start: Pair::new(locale, at("start"), "field-start", &typed.start, errors),
            zone: locale.text("zone-said", &zone),
            repeat: choice("repeat")
                .labelled(locale, "field-repeat")
                .options(repeats),
            every: field("every", "field-every", &typed.every),
            weekdays: choice("weekdays")
                .labelled(locale, "field-weekdays")
                .options(weekdays),
            monthly,
            cron: field("cron", "field-cron", &typed.cron),
            end: Pair::new(locale, at("end"), "field-end", &typed.end, errors),
            exclude: field("exclude", "field-exclude", &typed.exclude),
            count: field("count", "field-count", &typed.count),
            open: rare.iter().any(|value| !value.is_empty())
                || !typed.weekdays.is_empty()
                || ["every", "weekdays", "monthly", "cron", "exclude", "count"]
                    .iter()
                    .any(|name| wrong(name))
                || !["", "day"].contains(&typed.monthly.as_str()),
        }
    }
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use mailing_core::code;
    use mailing_core::error::Refusal;
    use mailing_core::testing::builders::{id, list, recipient, sender};

    use crate::pages::samples::HOSTILE;

    let around = |saved| Around {
        saved,
        messages: Vec::new(),
        senders: vec![sender().build(), sender().build()],
        lists: vec![(list().named("Клиенты").build(), 980)],
        active: 1_214,
        found: Some(vec![recipient().named("Anna").build()]),
        picked: vec![recipient().build()],
        forecast: Card::none(HOSTILE.to_owned()),
        conflict: Some(HOSTILE.to_owned()),
    };
    let hostile = |repeat: &str| TypedWindow {
        start: (HOSTILE.to_owned(), HOSTILE.to_owned()),
        repeat: repeat.to_owned(),
        monthly: format!("on:{HOSTILE}"),
        cron: HOSTILE.to_owned(),
        ..TypedWindow::suggested(locale)
    };
    let windows = Typed {
        windows: vec![hostile("monthly")],
        ..Typed::empty(locale)
    };
    let bare = Around {
        found: None,
        picked: Vec::new(),
        conflict: None,
        ..around(None)
    };
    let mut typed = Typed::empty(locale);
    typed.name = HOSTILE.to_owned();
    typed.zone = HOSTILE.to_owned();
    typed.query = HOSTILE.to_owned();
    typed.picks = vec![id(locale.now); 2];
    let past = Refusal::new(code::MAILING_START_IN_PAST)
        .with("start", "2026-11-21T09:00")
        .with("now", "2026-11-23T09:09");
    let errors = [
        FieldError::new("windows.0.start", past),
        FieldError::new("audience", code::MAILING_NO_RECIPIENTS),
    ];
    let saved = Some(("/mailings/1".to_owned(), 3, Stage::Draft));
    vec![
        Form::new(locale, &windows, bare, &[]),
        Form::new(locale, &typed, around(saved), &errors),
    ]
}
