//! What an owner has to look at.

use mailing_core::engine::ServerState;
use mailing_core::mailing::Mailing;
use mailing_core::policy::Actor;
use mailing_core::ports::store::{MailingFilter, PageRequest, Trouble};
use mailing_core::run::{PauseReason, Run, RunState};
use mailing_core::sender::Sender;
use mailing_core::time::Timestamp;
use serde::Serialize;

use crate::error::PageError;
use crate::i18n::{Args, Locale, key};
use crate::site::Site;
use crate::view::{Link, number};

/// Trouble is told of so many days.
const DAYS: u32 = 7;
/// Mailings of one state that are named.
const NAMED: u32 = 3;

/// Something to look at.
#[derive(Serialize)]
pub(super) struct Item {
    icon: &'static str,
    text: String,
    /// What it means, or what to do.
    note: String,
    link: Option<Link>,
}

/// What was found, before it is put into words.
#[derive(Default)]
pub(super) struct Found {
    /// When the mail server is tried again, while it is left alone.
    away: Option<Timestamp>,
    disabled: Vec<Mailing>,
    paused: Vec<Mailing>,
    trouble: Trouble,
    unverified: Vec<Sender>,
}

impl Found {
    /// Looks. The server's outage concerns those alone who have something open.
    pub(super) async fn of(site: &Site, actor: &Actor, open: &[Run]) -> Result<Self, PageError> {
        let services = &site.services;
        let named = PageRequest::first(NAMED);
        let held = async |status| {
            let status = Some(status);
            let filter = MailingFilter { status };
            services.mailings.page(actor, &filter, &named).await
        };
        let senders = services.senders.list(actor).await?.into_iter();
        Ok(Self {
            away: if open.is_empty() { None } else { away(site) },
            disabled: held("disabled").await?.items,
            paused: held("paused").await?.items,
            trouble: services.runs.trouble(actor, DAYS).await?,
            unverified: senders.filter(|one| one.verified_at.is_none()).collect(),
        })
    }

    /// In words, the gravest first.
    pub(super) fn items(&self, locale: &Locale, open: &[Run]) -> Vec<Item> {
        let mut items = Vec::new();
        items.extend(self.away.map(|until| server_away(locale, until)));
        items.extend(self.disabled.iter().map(|one| disabled(locale, one)));
        items.extend(open.iter().filter_map(|run| held(locale, run)));
        items.extend(unknown(locale, &self.trouble));
        items.extend(failed(locale, &self.trouble));
        items.extend(self.unverified.iter().map(|one| unverified(locale, one)));
        items.extend(self.paused.iter().map(|one| paused(locale, one)));
        items
    }
}

/// When the mail server is tried again, if this process sends and leaves it alone.
fn away(site: &Site) -> Option<Timestamp> {
    let worker = site.settings.worker.as_ref()?;
    match worker.borrow().server.state {
        ServerState::Away { until, .. } => Some(until),
        ServerState::Used { .. } | ServerState::Probing => None,
    }
}

fn server_away(locale: &Locale, until: Timestamp) -> Item {
    let args = Args::new().text("when", locale.clock(until));
    Item {
        icon: "i-warning",
        text: locale.text("attention-server", &Args::new()),
        note: locale.text("attention-server-note", &args),
        link: None,
    }
}

fn disabled(locale: &Locale, mailing: &Mailing) -> Item {
    let reason = mailing.status.disabled.as_ref();
    Item {
        icon: "i-disabled",
        text: locale.text("attention-disabled", &name(mailing)),
        note: reason.map_or_else(String::new, |stop| stop.reason.clone()),
        link: Some(link(
            locale,
            format!("/mailings/{}", mailing.id),
            "attention-show",
        )),
    }
}

fn paused(locale: &Locale, mailing: &Mailing) -> Item {
    Item {
        icon: "i-paused",
        text: locale.text("attention-paused", &name(mailing)),
        note: String::new(),
        link: Some(link(
            locale,
            format!("/mailings/{}", mailing.id),
            "attention-show",
        )),
    }
}

/// A run that the mail server's refusal holds: its owner may have to mend something.
fn held(locale: &Locale, run: &Run) -> Option<Item> {
    let RunState::Paused { reason } = run.state else {
        return None;
    };
    if matches!(
        reason,
        PauseReason::Owner | PauseReason::Manager | PauseReason::Blocked
    ) {
        return None;
    }
    let name = Args::new().text("name", run.mailing_name.as_str().to_owned());
    Some(Item {
        icon: "i-warning",
        text: locale.text("attention-held", &name),
        note: locale.text(&key("run-paused", reason.as_str()), &Args::new()),
        link: Some(link(locale, format!("/runs/{}", run.id), "attention-show")),
    })
}

fn failed(locale: &Locale, trouble: &Trouble) -> Option<Item> {
    let run = trouble.with_failed?;
    let n = Args::new().number("n", number(trouble.failed));
    Some(Item {
        icon: "i-failed",
        text: locale.text("attention-failed", &n),
        note: locale.text("attention-failed-note", &Args::new()),
        link: Some(link(locale, format!("/runs/{run}"), "attention-show")),
    })
}

fn unknown(locale: &Locale, trouble: &Trouble) -> Option<Item> {
    let run = trouble.with_unknown?;
    let n = Args::new().number("n", number(trouble.unknown));
    Some(Item {
        icon: "i-unknown",
        text: locale.text("attention-unknown", &n),
        note: locale.text("attention-unknown-note", &Args::new()),
        link: Some(link(locale, format!("/runs/{run}"), "attention-decide")),
    })
}

fn unverified(locale: &Locale, sender: &Sender) -> Item {
    let address = Args::new().text("address", sender.mailbox.address.to_string());
    Item {
        icon: "i-warning",
        text: locale.text("attention-sender", &address),
        note: locale.text("attention-sender-note", &Args::new()),
        link: Some(link(
            locale,
            "/settings/senders".to_owned(),
            "attention-show",
        )),
    }
}

fn name(mailing: &Mailing) -> Args {
    Args::new().text("name", mailing.name.as_str().to_owned())
}

fn link(locale: &Locale, url: String, key: &str) -> Link {
    Link {
        url,
        label: locale.text(key, &Args::new()),
    }
}

#[cfg(test)]
pub(super) fn sample(locale: &Locale) -> Vec<Item> {
    use crate::pages::samples::{mailings, runs};
    use mailing_core::testing::builders::{id, sender, start};
    let all = mailings();
    let found = Found {
        away: Some(locale.now),
        disabled: vec![all[4].clone()],
        paused: vec![all[3].clone()],
        trouble: Trouble {
            failed: 14,
            unknown: 2,
            with_failed: Some(id(start())),
            with_unknown: Some(id(start())),
        },
        unverified: vec![sender().build()],
    };
    let items = found.items(locale, &runs());
    assert_eq!(items.len(), 7);
    items
}
