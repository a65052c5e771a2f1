//! Explanations in sentences: what became of it, why, what comes next.

use mailing_core::delivery::{Cause, NextStep};
use mailing_core::run::CancelReason;
use mailing_core::services::{Absence, Fate, Hindrance};
use mailing_core::time::Timestamp;

use super::{Args, Locale, key};

/// All of it.
pub(super) fn sentences(locale: &Locale, fate: &Fate, next: NextStep) -> String {
    let said = match fate {
        Fate::Delivered { at: Some(at) } => vec![dated(locale, "explain-delivered", *at)],
        Fate::Delivered { at: None } => vec![plain(locale, "explain-counted")],
        Fate::Failed { cause, gave_up } => {
            let mut said = vec![sentence(locale, "cause", cause.as_str())];
            if *gave_up {
                said.push(plain(locale, "explain-gave-up"));
            }
            said.extend(step(locale, next));
            said
        }
        Fate::Deferred {
            cause,
            retry_at,
            try_number,
            tries,
        } => {
            let args = when(locale, *retry_at)
                .number("try", i64::from(*try_number))
                .number("tries", i64::from(*tries));
            let again = locale.text("explain-next-try", &args);
            vec![because(locale, *cause, next), again]
        }
        Fate::Sending => vec![plain(locale, "delivery-sending")],
        Fate::Waiting { hindrance } => waiting(locale, *hindrance, next),
        Fate::Unknown { at } => {
            let broke = match at {
                Some(at) => dated(locale, "explain-unknown", *at),
                None => plain(locale, "delivery-unknown"),
            };
            with(broke, step(locale, next))
        }
        Fate::Suppressed { by, since } => {
            let mut said = vec![plain(locale, &key("suppressed", by.as_str()))];
            said.extend(since.map(|since| dated(locale, "explain-since", since)));
            said.extend(step(locale, next));
            said
        }
        Fate::Cancelled { reason, at } => {
            let mut said = match reason {
                Some(reason) => stopped(locale, *reason, next),
                None => vec![plain(locale, "delivery-cancelled")],
            };
            said.extend(at.map(|at| dated(locale, "explain-stopped-at", at)));
            said
        }
        Fate::Absent { absence } => absent(locale, *absence, next),
    };
    said.join(" ")
}

/// A cause and what comes next; that we try again is said with its time, elsewhere.
pub(super) fn because(locale: &Locale, cause: Cause, next: NextStep) -> String {
    let cause = sentence(locale, "cause", cause.as_str());
    with(cause, step(locale, next)).join(" ")
}

fn waiting(locale: &Locale, hindrance: Hindrance, next: NextStep) -> Vec<String> {
    match hindrance {
        Hindrance::Turn => vec![plain(locale, "delivery-pending")],
        Hindrance::Server => vec![plain(locale, "explain-server")],
        // These say themselves what is to be done.
        Hindrance::Held(reason) => vec![plain(locale, &key("run-paused", reason.as_str()))],
        Hindrance::Stopping(reason) => stopped(locale, reason, next),
    }
}

fn absent(locale: &Locale, absence: Absence, next: NextStep) -> Vec<String> {
    let why = match absence {
        Absence::NotFrozen => plain(locale, "explain-not-frozen"),
        Absence::Missed(reason) => plain(locale, &key("run-missed", reason.as_str())),
        Absence::Stopped(reason) => return stopped(locale, reason, next),
        Absence::AddedLater { at } => dated(locale, "explain-added-later", at),
        Absence::Deleted => plain(locale, "explain-deleted"),
        Absence::NotInAudience => plain(locale, "explain-not-in-audience"),
    };
    with(why, step(locale, next))
}

fn stopped(locale: &Locale, reason: CancelReason, next: NextStep) -> Vec<String> {
    let why = plain(locale, &key("run-stopped", reason.as_str()));
    match reason {
        // These say themselves what is to be done.
        CancelReason::BadContent | CancelReason::MissingFile => vec![why],
        _ => with(why, step(locale, next)),
    }
}

/// The next step, unless there is none or it is ours.
fn step(locale: &Locale, next: NextStep) -> Option<String> {
    match next {
        NextStep::Nothing | NextStep::Wait => None,
        next => Some(sentence(locale, "next", next.as_str())),
    }
}

/// A text that stands in tables without its full stop.
fn sentence(locale: &Locale, kind: &str, name: &str) -> String {
    format!("{}.", plain(locale, &key(kind, name)))
}

fn with(first: String, more: Option<String>) -> Vec<String> {
    std::iter::once(first).chain(more).collect()
}

fn plain(locale: &Locale, key: &str) -> String {
    locale.text(key, &Args::new())
}

fn dated(locale: &Locale, key: &str, at: Timestamp) -> String {
    locale.text(key, &when(locale, at))
}

fn when(locale: &Locale, at: Timestamp) -> Args {
    Args::new().text("when", locale.day_and_time(at))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use mailing_core::delivery::SuppressedBy;
    use mailing_core::recipient::SuppressionReason;
    use mailing_core::run::{MissedReason, PauseReason};
    use mailing_core::schedule::Zone;

    use super::*;
    use crate::i18n::Lang;

    fn locale(lang: Lang) -> Locale {
        let at = "2026-11-21T08:00:00Z".parse().unwrap();
        Locale::new(lang, Zone::parse("Europe/Moscow").unwrap(), at)
    }

    fn said(lang: Lang, fate: Fate, next: NextStep) -> String {
        // Dates are kept together by no-break spaces.
        sentences(&locale(lang), &fate, next).replace('\u{a0}', " ")
    }

    /// The log sentence of SCREENS section 2.
    #[test]
    fn a_full_mailbox_says_who_must_act_and_when_we_try_again() {
        let fate = Fate::Deferred {
            cause: Cause::MailboxFull,
            retry_at: "2026-11-23T11:20:00Z".parse().unwrap(),
            try_number: 2,
            tries: 3,
        };
        let next = NextStep::while_waiting(Cause::MailboxFull);
        assert_eq!(
            said(Lang::En, fate, next),
            "Mailbox is full. The recipient must free space. \
             Next try on 23 November at 14:20 (2 of 3)."
        );
        assert_eq!(
            said(Lang::Ru, fate, next),
            "Ящик переполнен. Получателю нужно освободить место. \
             Повторим 23 ноября в 14:20 (попытка 2 из 3)."
        );
    }

    #[test]
    fn what_failed_says_why_and_what_to_do() {
        let failed = |cause, gave_up| {
            let next = NextStep::after(cause);
            said(Lang::Ru, Fate::Failed { cause, gave_up }, next)
        };
        assert_eq!(
            failed(Cause::NoSuchMailbox, false),
            "Адрес не существует. Мы внесли его в стоп-лист."
        );
        assert_eq!(
            failed(Cause::TryLater, true),
            "Сервер попросил подождать. Попытки исчерпаны. Отправьте снова позже."
        );
    }

    #[test]
    fn every_fate_is_said_in_its_own_words_in_both_languages() {
        let at = "2026-11-21T08:00:00Z".parse().unwrap();
        let waiting = |hindrance| Fate::Waiting { hindrance };
        let absent = |absence| Fate::Absent { absence };
        let mut fates = vec![
            Fate::Delivered { at: Some(at) },
            Fate::Delivered { at: None },
            Fate::Sending,
            Fate::Unknown { at: Some(at) },
            Fate::Unknown { at: None },
            Fate::Cancelled {
                reason: None,
                at: None,
            },
            waiting(Hindrance::Turn),
            waiting(Hindrance::Server),
            absent(Absence::NotFrozen),
            absent(Absence::AddedLater { at }),
            absent(Absence::Deleted),
            absent(Absence::NotInAudience),
        ];
        let held = PauseReason::ALL.iter().copied();
        fates.extend(held.map(|reason| waiting(Hindrance::Held(reason))));
        let stopped = CancelReason::ALL.iter().copied();
        fates.extend(stopped.map(|reason| absent(Absence::Stopped(reason))));
        let missed = MissedReason::ALL.iter().copied();
        fates.extend(missed.map(|reason| absent(Absence::Missed(reason))));
        let by = SuppressionReason::ALL.map(SuppressedBy::Suppression);
        let by = by
            .into_iter()
            .chain([SuppressedBy::State, SuppressedBy::Deleted]);
        fates.extend(by.map(|by| Fate::Suppressed {
            by,
            since: Some(at),
        }));
        for lang in Lang::ALL {
            let told: BTreeSet<_> = fates
                .iter()
                .map(|fate| said(lang, *fate, NextStep::Nothing))
                .collect();
            assert_eq!(told.len(), fates.len(), "two fates in the same words");
            for sentence in told {
                assert!(sentence.ends_with('.'), "{sentence}");
                let key = ["explain-", "run-", "delivery-", "suppressed-"];
                assert!(!key.iter().any(|key| sentence.contains(key)), "{sentence}");
            }
        }
    }
}
