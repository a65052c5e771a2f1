//! Server-sent events of one page that shows a run.
//!
//! `message`: the parts of the page that change, as HTML. `away`: the store does not answer; the
//! numbers are old. `end`: the run has ended, or the session: the page is to be read anew.

use std::io;
use std::sync::Arc;

use chrono::TimeDelta;
use futures::Stream;
use futures::future::select;
use futures::stream::unfold;
use mailing_core::error::Error;
use mailing_core::id::{RunId, UserId};
use mailing_core::policy::Actor;
use mailing_core::time::Timestamp;
use mailing_core::user::SessionToken;
use tokio::sync::watch;

use super::{Look, Seat, Seen, Watched, fresh};
use crate::i18n::Lang;
use crate::pages::runs;
use crate::site::Site;

/// How often a page is looked after.
const TICK: TimeDelta = TimeDelta::seconds(1);
/// How often it is asked whether the session still lives.
const SESSION_EVERY: TimeDelta = TimeDelta::seconds(3);
/// A line that is silent for longer is cut by proxies, and clocks on the page stand still.
const SILENT_MAX: TimeDelta = TimeDelta::seconds(10);

/// One page that shows a run.
pub(crate) struct Client {
    site: Arc<Site>,
    run: RunId,
    user: UserId,
    actor: Actor,
    session: SessionToken,
    lang: Lang,
    watched: Arc<Watched>,
    over: watch::Receiver<bool>,
    state: State,
    _seat: Seat<UserId>,
}

/// How far the stream is.
struct State {
    is_over: bool,
    is_first: bool,
    is_away: bool,
    sent: Option<Arc<Seen>>,
    sent_at: Timestamp,
    asked_at: Timestamp,
}

/// The events of a page until the run or the session ends.
pub(crate) fn events(client: Client) -> impl Stream<Item = io::Result<Vec<u8>>> {
    unfold(client, |mut client| async {
        let event = client.next().await?;
        Some((Ok(event.into_bytes()), client))
    })
}

impl Client {
    pub(crate) fn new(
        site: Arc<Site>,
        run: RunId,
        (user, actor): (UserId, Actor),
        session: SessionToken,
        lang: Lang,
        seat: Seat<UserId>,
    ) -> Self {
        let now = site.settings.clock.now();
        Self {
            watched: site.live.watched(run),
            over: site.live.listen(),
            site,
            run,
            user,
            actor,
            session,
            lang,
            state: State {
                is_over: false,
                is_first: true,
                is_away: false,
                sent: None,
                sent_at: now,
                asked_at: now,
            },
            _seat: seat,
        }
    }

    async fn next(&mut self) -> Option<String> {
        loop {
            if self.state.is_over || *self.over.borrow() {
                return None;
            }
            if !self.state.is_first {
                self.wait().await;
            }
            self.state.is_first = false;
            let now = self.site.settings.clock.now();
            if now - self.state.asked_at >= SESSION_EVERY {
                self.state.asked_at = now;
                if !self.is_still_signed_in().await {
                    return Some(self.farewell());
                }
            }
            let told = match fresh(&self.site, &self.watched, &self.actor, self.run).await {
                Ok(Look::Seen(seen)) => self.tell(seen, now),
                Ok(Look::Away) => self.tell_away(now),
                Err(_) => Some(self.farewell()),
            };
            if let Some(event) = told {
                self.state.sent_at = now;
                return Some(event);
            }
        }
    }

    /// Until the next look, or the end of the process.
    async fn wait(&mut self) {
        let clock = self.site.settings.clock.as_ref();
        let tick = clock.sleep_until(clock.now() + TICK);
        let over = std::pin::pin!(self.over.changed());
        select(tick, over).await;
    }

    /// True as well when nobody can tell: the line stays until it is known.
    async fn is_still_signed_in(&self) -> bool {
        let clock = self.site.settings.clock.as_ref();
        let late = clock.sleep_until(clock.now() + TICK);
        let asked = std::pin::pin!(self.site.services.sign_in.who(&self.session));
        match select(asked, late).await {
            futures::future::Either::Left((Ok(who), _)) => {
                who.is_some_and(|signed_in| signed_in.user.id == self.user)
            }
            futures::future::Either::Left((Err(Error::Denied(_)), _)) => false,
            _ => true,
        }
    }

    fn farewell(&mut self) -> String {
        self.state.is_over = true;
        event("end", "")
    }

    fn tell_away(&mut self, now: Timestamp) -> Option<String> {
        if !self.state.is_away {
            self.state.is_away = true;
            return Some(event("away", ""));
        }
        self.is_silent_for_long(now).then(comment)
    }

    /// What has changed; a run that has ended is told to the end.
    fn tell(&mut self, seen: Arc<Seen>, now: Timestamp) -> Option<String> {
        let sent = self.state.sent.as_ref();
        let is_new = sent.is_none_or(|sent| seen.differs(sent));
        if !is_new && !self.state.is_away && !self.is_silent_for_long(now) {
            return None;
        }
        self.state.is_away = false;
        let html = match runs::fragment(&self.site, self.lang, &seen) {
            Ok(html) => html,
            Err(error) => {
                tracing::error!(%error, "the live parts of a run cannot be rendered");
                return Some(self.farewell());
            }
        };
        let is_final = seen.run.state.is_final();
        self.state.sent = Some(seen);
        let mut told = event("message", &html);
        if is_final {
            told.push_str(&self.farewell());
        }
        Some(told)
    }

    fn is_silent_for_long(&self, now: Timestamp) -> bool {
        now - self.state.sent_at >= SILENT_MAX
    }
}

/// An event as it goes over the line (HTML Living Standard §9.2.6).
fn event(name: &str, data: &str) -> String {
    let mut event = format!("event: {name}\n");
    for line in data.split(['\n', '\r']) {
        event.push_str("data: ");
        event.push_str(line);
        event.push('\n');
    }
    event.push('\n');
    event
}

fn comment() -> String {
    ":\n\n".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_of_the_data_becomes_a_field_of_its_own() {
        assert_eq!(event("end", ""), "event: end\ndata: \n\n");
        assert_eq!(
            event("message", "a\nevent: x\r\rid: 1"),
            "event: message\ndata: a\ndata: event: x\ndata: \ndata: id: 1\n\n"
        );
    }
}
