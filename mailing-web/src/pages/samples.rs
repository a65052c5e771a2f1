//! Every template with sample contexts, in every language: it renders, is HTML without errors, is
//! small, and says nothing that is no text.

use chrono::{Duration, TimeZone as _, Utc};
use mailing_core::delivery::{Attempt, Cause, Delivery, DeliveryState, Reply, Stage, SuppressedBy};
use mailing_core::id::RunId;
use mailing_core::mailing::{Mailing, MailingEvent};
use mailing_core::ports::store::{CauseCount, Cursor, Page as Rows};
use mailing_core::recipient::import::{
    ColumnLook, FileLook, RejectLook, Upload, UploadDetails, UploadState,
};
use mailing_core::recipient::{Recipient, RecipientState, SuppressionReason};
use mailing_core::run::{CancelReason, Counts, MissedReason, PauseReason, Run, RunKind, RunState};
use mailing_core::schedule::Zone;
use mailing_core::testing::builders;
use mailing_core::time::Timestamp;
use scraper::{Html, Selector};

use crate::i18n::{Lang, Locale};
use crate::templates::{Page, Templates};
use crate::view::{Flash, Frame, MenuGroup, MenuItem};

/// The first answer to a browser has to fit into this many bytes, before any packing.
const PAGE_MAX: usize = 14 * 1024;

/// Pages that repeat themselves: the windows of a mailing's form, the rows of charts, the countries of a
/// profile. Packed they are a quarter of that.
const LONG_MAX: usize = 28 * 1024;

/// A name as nobody should have it: markup, both quotes, a bidirectional override.
pub(super) const HOSTILE: &str = "<script>alert(\"1\")</script>'{{ 7*7 }}\u{202e}";

/// The same as far as a display name may hold it.
const HOSTILE_NAME: &str = "<script>alert(\"1\")</script>'{{ 7*7 }}";

fn now() -> Timestamp {
    Utc.with_ymd_and_hms(2026, 11, 23, 6, 9, 0).unwrap()
}

pub(crate) fn locale(lang: Lang) -> Locale {
    Locale::new(lang, Zone::parse("Europe/Moscow").unwrap(), now())
}

/// A mailing after each event that leads to a status of its own.
pub(super) fn mailings() -> Vec<Mailing> {
    let daily = || {
        builders::mailing()
            .zone("Europe/Moscow")
            .daily("2026-11-01T09:00")
    };
    let next = Some(now() + Duration::days(2));
    let reason = "Жалобы получателей.".to_owned();
    [
        daily().named("Зимняя коллекция").next_at(next),
        daily()
            .named(HOSTILE)
            .after(MailingEvent::WindowOpened)
            .next_at(next),
        daily().named("Draft").draft(),
        daily().named("Paused").after(MailingEvent::Paused),
        daily()
            .named("Disabled")
            .after(MailingEvent::Disabled { reason }),
        daily()
            .named("Finished")
            .after(MailingEvent::FinishedByOwner)
            .next_at(None),
    ]
    .map(builders::MailingBuilder::build)
    .into()
}

/// A file that was looked at.
pub(super) fn upload() -> Upload {
    let column = |name: &str, target: Option<&str>| ColumnLook {
        name: name.to_owned(),
        values: ["anna@example.com", HOSTILE, ""].map(Into::into).into(),
        target: target.map(Into::into),
    };
    let mut details = UploadDetails::of_file("customers.csv");
    details.octets = 70_000;
    details.look = FileLook {
        encoding: "windows-1251".to_owned(),
        delimiter: ";".to_owned(),
        rows: 1_248,
        has_header: true,
        columns: vec![
            column("Почта", Some("email")),
            column("ФИО", Some("full_name")),
            column("city", Some("attributes.city")),
            column(HOSTILE, None),
        ],
    };
    details.rejects = vec![RejectLook {
        line: 7,
        column: Some(HOSTILE.to_owned()),
        reason: "No “@”.".to_owned(),
        raw: HOSTILE.to_owned(),
    }];
    details.rejects_pieces = 1;
    Upload {
        id: builders::id(now()),
        owner: builders::id(now()),
        state: UploadState::Ready,
        details,
        lease_until: now(),
        version: 0,
        created_at: now(),
        updated_at: now(),
    }
}

pub(super) fn run(state: RunState, counts: Counts) -> Run {
    let mailing = mailings().remove(0);
    let started = now() - Duration::minutes(9);
    Run {
        id: builders::id::<RunId>(started),
        owner: mailing.owner,
        mailing: mailing.id,
        mailing_name: mailing.name,
        zone: mailing.zone,
        occurrence_at: started,
        kind: RunKind::Planned,
        state,
        version: None,
        from: None,
        counts,
        last_reply: Some("451 4.7.1 <b>Greylisted</b>".to_owned()),
        started_at: Some(started),
        ended_at: state.is_final().then_some(now()),
    }
}

pub(super) fn half_done() -> Counts {
    Counts {
        planned: 1_250,
        delivered: 871,
        failed: 21,
        suppressed: 4,
        cancelled: 0,
        unknown: 2,
        pending: 352,
    }
}

/// A run in each state.
pub(super) fn runs() -> Vec<Run> {
    let done = Counts {
        pending: 0,
        planned: 898,
        ..half_done()
    };
    let stopped = Counts {
        pending: 0,
        cancelled: 352,
        ..half_done()
    };
    vec![
        run(RunState::Running, half_done()),
        run(RunState::Due, Counts::default()),
        run(
            RunState::Paused {
                reason: PauseReason::Authentication,
            },
            half_done(),
        ),
        run(RunState::Completed, done),
        run(
            RunState::Cancelled {
                reason: CancelReason::FinishedEarly,
            },
            stopped,
        ),
        run(
            RunState::Missed {
                reason: MissedReason::TooLate,
            },
            Counts::default(),
        ),
    ]
}

pub(super) fn causes() -> Vec<CauseCount> {
    let cause = |cause, waiting, count| CauseCount {
        cause,
        waiting,
        count,
    };
    vec![
        cause(Cause::NoSuchMailbox, false, 14),
        cause(Cause::Content, false, 7),
        cause(Cause::MailboxFull, true, 5),
    ]
}

/// A delivery in each state, with a page after this one.
pub(super) fn deliveries() -> Rows<Delivery> {
    let reply = Reply::new(550, "5.1.1 <img src=x onerror=alert(1)> User unknown");
    let states = [
        DeliveryState::Delivered,
        DeliveryState::Deferred {
            retry_at: now() + Duration::hours(5),
            cause: Cause::MailboxFull,
        },
        DeliveryState::Failed {
            cause: Cause::NoSuchMailbox,
        },
        DeliveryState::Unknown,
        DeliveryState::Suppressed {
            by: SuppressedBy::Suppression(SuppressionReason::Unsubscribed),
        },
        DeliveryState::Cancelled,
        DeliveryState::Pending,
    ];
    let addresses = [
        "anna.kuznetsova@example.com",
        "b.orlov@example.org",
        "gleb@почта.example",
        "office@example.net",
        "maria-antonietta.della-valle@long-name.example.net",
        "d.sokolova@example.com",
        "\"<b>odd</b>\"@example.com",
    ];
    let items = states
        .into_iter()
        .zip(addresses)
        .zip(1..)
        .map(|((state, address), number)| {
            let failed = matches!(state, DeliveryState::Failed { .. });
            Delivery {
                run: builders::id(now()),
                number,
                recipient: builders::id(now()),
                address: builders::address(address),
                state,
                tries: 2,
                attempts: 2,
                last: Some(Attempt {
                    at: now(),
                    stage: Stage::Rcpt,
                    reply: failed.then(|| reply.clone()),
                    fault: None,
                }),
            }
        });
    Rows {
        items: items.collect(),
        next: Some(Cursor::new("after:7")),
    }
}

/// A recipient in each state, with all there can be and with nothing.
pub(super) fn recipients() -> Vec<Recipient> {
    let anna = builders::recipient()
        .at("anna.kuznetsova@example.com")
        .named("Анна Кузнецова")
        .comment("Просила писать\nпо вторникам")
        .with("city", "Нижний Новгород")
        .with("age", 42);
    let odd = builders::recipient()
        .at("maria-antonietta.della-valle@long-name.example.net")
        .named(HOSTILE_NAME)
        .comment(HOSTILE)
        .with("city", HOSTILE);
    let gleb = builders::recipient().at("gleb@почта.example");
    [
        anna,
        odd.state(RecipientState::Unsubscribed),
        gleb,
        builders::recipient().state(RecipientState::Bounced),
        builders::recipient().state(RecipientState::Complained),
    ]
    .map(builders::RecipientBuilder::build)
    .into()
}

fn frame(lang: Lang, title: String, signed_in: bool) -> Frame {
    let mut frame = Frame::new(lang, title, "/runs/1?state=failed".to_owned());
    frame.csrf = "token".to_owned();
    frame.form_id = "form".to_owned();
    frame.flash = Flash::warning("count-recipients")
        .number("n", 2)
        .undo("/undo", &[("at", HOSTILE.to_owned())])
        .view(&locale(lang));
    frame.demo = true;
    frame.signed_in = signed_in;
    frame.unverified = signed_in;
    frame.menu = vec![MenuGroup {
        name: "…".to_owned(),
        items: vec![MenuItem {
            url: "/overview",
            label: "…".to_owned(),
            current: true,
        }],
    }];
    frame.outside.clone_from(&frame.menu[0].items);
    frame
}

/// Renders the samples of one page in a language, and checks each.
fn check<P: Page>(templates: &Templates, lang: Lang, pages: Vec<P>) {
    assert!(!pages.is_empty(), "{} has no sample", P::TEMPLATE);
    for page in pages {
        let title = page.title(&locale(lang));
        for signed_in in [true, false] {
            let frame = frame(lang, title.clone(), signed_in);
            let html = templates
                .render(lang, &frame, &page)
                .unwrap_or_else(|error| panic!("{}: {error}", P::TEMPLATE));
            check_html(P::TEMPLATE, lang, &html);
        }
    }
}

fn check_html(name: &str, lang: Lang, html: &str) {
    let document = Html::parse_document(html);
    assert_eq!(document.errors, Vec::<String>::new(), "{name}");
    let limit = match name {
        "mailings/form.html"
        | "overview/show.html"
        | "reports/show.html"
        | "settings/profile.html" => LONG_MAX,
        _ => PAGE_MAX,
    };
    assert!(html.len() <= limit, "{name}: {} bytes", html.len());
    let count = |css: &str| document.select(&Selector::parse(css).unwrap()).count();
    assert_eq!(count("h1"), 1, "{name}: headings");
    assert_eq!(
        count(&format!("html[lang={}]", lang.tag())),
        1,
        "{name}: language"
    );
    assert!(
        count(".btn-primary") <= 1,
        "{name}: more than one primary button"
    );
    for css in [
        "script:not([src^='/assets/'])",
        "style",
        "[style]",
        "[onclick]",
        "[onerror]",
        "img:not([src^='/blog/pictures/']):not(.avatar)",
        ".avatar:not([src^='/settings/avatar']):not([src^='/manage/users/'])",
        "img:not([alt][width][height])",
        "a[href^=javascript]",
    ] {
        assert_eq!(count(css), 0, "{name}: {css}");
    }
    check_links(name, &document);
}

/// What points at another part of the page finds it, and no id stands twice.
fn check_links(name: &str, document: &Html) {
    let attribute = |css: &str, attribute: &str| -> Vec<String> {
        document
            .select(&Selector::parse(css).unwrap())
            .flat_map(|e| {
                e.value()
                    .attr(attribute)
                    .unwrap()
                    .split(' ')
                    .map(str::to_owned)
            })
            .collect()
    };
    let mut ids = attribute("[id]", "id");
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all, "{name}: an id stands twice");
    let pointed = [
        attribute("label[for]", "for"),
        attribute("[aria-describedby]", "aria-describedby"),
        attribute("[popovertarget]", "popovertarget"),
        attribute("a[href^='#']", "href"),
    ];
    for target in pointed.concat() {
        let target = target.trim_start_matches('#').to_owned();
        assert!(ids.contains(&target), "{name}: nothing has the id {target}");
    }
}

#[test]
fn every_page_renders_in_every_language() {
    let templates = Templates::load().unwrap();
    for lang in Lang::ALL {
        let locale = &locale(lang);
        check(&templates, lang, super::home::samples(locale));
        check(&templates, lang, super::login::samples(locale));
        check(&templates, lang, super::login::second_step::samples(locale));
        check(&templates, lang, super::account::samples(locale));
        check(&templates, lang, super::account::register::samples(locale));
        check(&templates, lang, super::account::verify::samples(locale));
        check(&templates, lang, super::account::password::samples(locale));
        check_settings(&templates, lang, locale);
        check_manage(&templates, lang, locale);
        check_blog(&templates, lang, locale);
        check(&templates, lang, super::kept::ended_samples());
        check(&templates, lang, super::kept::again_samples(locale));
        check(&templates, lang, super::overview::samples(locale));
        check(&templates, lang, super::mailings::list_samples(locale));
        check(&templates, lang, super::mailings::show_samples(locale));
        check(&templates, lang, super::mailings::form_samples(locale));
        check(&templates, lang, super::mailings::review_samples(locale));
        check(&templates, lang, super::mailings::question_samples(locale));
        check(&templates, lang, super::messages::list_samples(locale));
        check(&templates, lang, super::messages::question_samples(locale));
        check(&templates, lang, super::messages::editor_samples(locale));
        check(&templates, lang, super::messages::files_samples(locale));
        check(&templates, lang, super::messages::history_samples(locale));
        check(&templates, lang, super::messages::version_samples(locale));
        check(&templates, lang, super::runs::samples(locale));
        check(&templates, lang, super::runs::question_samples(locale));
        check(&templates, lang, super::log::samples(locale));
        check(&templates, lang, super::reports::samples(locale));
        check(&templates, lang, super::calendar::month_samples(locale));
        check(&templates, lang, super::calendar::day_samples(locale));
        check(&templates, lang, super::deliveries::samples(locale));
        check(
            &templates,
            lang,
            super::recipients::progress_samples(locale),
        );
        check(&templates, lang, super::recipients::ready_samples(locale));
        check(&templates, lang, super::recipients::gone_samples(locale));
        check(&templates, lang, super::imports::source_samples(locale));
        check(&templates, lang, super::imports::columns_samples(locale));
        check(&templates, lang, super::imports::progress_samples(locale));
        check(&templates, lang, super::imports::results_samples(locale));
        check(&templates, lang, super::imports::undo_samples(locale));
        check(&templates, lang, super::recipients::list_samples(locale));
        check(&templates, lang, super::recipients::card_samples(locale));
        check(&templates, lang, super::recipients::form_samples(locale));
        check(&templates, lang, super::recipients::trash_samples(locale));
        check(&templates, lang, super::recipients::bulk_samples(locale));
        check(&templates, lang, super::suppressions::samples(locale));
        check(&templates, lang, super::lists::samples(locale));
        check(&templates, lang, super::lists::form_samples(locale));
        check(&templates, lang, super::lists::question_samples(locale));
        check(&templates, lang, super::outbox::list_samples(locale));
        check(&templates, lang, super::outbox::show_samples(locale));
        check(&templates, lang, super::contacts::samples(locale));
        check(&templates, lang, super::first::samples(locale));
        check(&templates, lang, super::help::samples(locale));
        check(&templates, lang, super::help::guest_samples(locale));
        check(&templates, lang, super::system::samples(locale));
        check(&templates, lang, super::unsubscribe::samples());
    }
}

fn check_blog(templates: &Templates, lang: Lang, locale: &Locale) {
    use super::{blog, content};
    check(templates, lang, blog::list_samples(locale));
    check(templates, lang, blog::samples(locale));
    check(templates, lang, blog::missing_samples(locale));
    check(templates, lang, content::list_samples(locale));
    check(templates, lang, content::editor_samples(locale));
    check(templates, lang, content::picture_samples(locale));
    check(templates, lang, content::publish_samples(locale));
}

fn check_settings(templates: &Templates, lang: Lang, locale: &Locale) {
    use super::settings::{
        account, activity, change, picture, profile, second_factor, security, senders,
    };
    check(templates, lang, profile::samples(locale));
    check(templates, lang, picture::samples(locale));
    check(templates, lang, security::samples(locale));
    check(templates, lang, change::samples(locale));
    check(templates, lang, second_factor::setup_samples(locale));
    check(templates, lang, second_factor::codes_samples());
    check(templates, lang, second_factor::off_samples(locale));
    check(templates, lang, senders::samples(locale));
    check(templates, lang, senders::question_samples(locale));
    check(templates, lang, activity::samples(locale));
    check(templates, lang, account::samples(locale));
    check(templates, lang, account::delete_samples(locale));
}

fn check_manage(templates: &Templates, lang: Lang, locale: &Locale) {
    use super::manage::{
        audit, feedback, instance, invite, mailing, mailings, question_samples, roles, user, users,
    };
    check(templates, lang, mailings::samples(locale));
    check(templates, lang, mailing::samples(locale));
    check(templates, lang, users::samples(locale));
    check(templates, lang, user::samples(locale));
    check(templates, lang, roles::samples(locale));
    check(templates, lang, invite::samples(locale));
    check(templates, lang, audit::samples(locale));
    check(templates, lang, feedback::samples(locale));
    check(templates, lang, feedback::card_samples(locale));
    check(templates, lang, instance::samples(locale));
    check(templates, lang, question_samples(locale));
}
