//! Three weeks of mailings, made in a few seconds.

use chrono::{Duration, NaiveDateTime, SubsecRound as _};

use mailing_core::error::Error;
use mailing_core::id::{ListId, MailingId, MessageId};
use mailing_core::mailing::{
    AmbiguousPolicy, AudienceChoice, LATENESS_DEFAULT, LaunchMode, Mailing, MailingDraft,
};
use mailing_core::message::BodyFormat;
use mailing_core::policy::Actor;
use mailing_core::ports::Clock as _;
use mailing_core::recipient::{Attributes, RecipientDraft};
use mailing_core::schedule::{MissedPolicy, Repeat, Schedule, Zone};
use mailing_core::services::{MessageDraft, NewUser};
use mailing_core::user::User;

use super::clock::ShiftedClock;
use super::people::{DemoUser, users};
use super::posts;
use super::texts::{ENGLISH, RUSSIAN, Texts};
use crate::App;
use crate::system::SystemClock;

/// How long ago the demo began.
const BEGAN: Duration = Duration::days(22);
/// The engine looks this long after a planned instant: once in time, then for full mailboxes, until
/// they are given up.
const AFTER: [Duration; 3] = [
    Duration::seconds(2),
    Duration::minutes(4),
    Duration::minutes(12),
];
/// When the mailing of [`plan_soon`] goes out.
const SOON: Duration = Duration::seconds(30);

/// Demo data cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("the demo data cannot be made: {0}")]
pub struct SeedError(#[from] Error);

impl From<SeedError> for Error {
    fn from(SeedError(error): SeedError) -> Self {
        error
    }
}

/// Makes users and their history. `clock` is the one that the services of `app` run under; `send`
/// sends what is due at its time.
///
/// # Errors
/// When a service refuses or the store fails; what was made so far stays.
pub async fn seed<F>(app: &App, clock: &ShiftedClock, send: impl Fn() -> F) -> Result<(), SeedError>
where
    F: Future<Output = Result<(), Error>>,
{
    clock.set_back(BEGAN);
    for person in users(&app.key) {
        let user = create(app, &person).await?;
        match person.email.split('@').next() {
            Some("anna") => {
                Historian::begin(app, user, &RUSSIAN)
                    .await?
                    .tell(clock, &send)
                    .await?
            }
            Some("ben") => {
                Historian::begin(app, user, &ENGLISH)
                    .await?
                    .tell(clock, &send)
                    .await?
            }
            Some("carl") => {
                clock.set_back(Duration::zero());
                posts::write(app, &user).await?;
            }
            _ => {}
        }
        clock.set_back(BEGAN);
    }
    clock.set_back(Duration::zero());
    Ok(())
}

/// Plans a mailing of each demo owner that goes out by itself in half a minute.
///
/// # Errors
/// As [`seed`].
pub async fn plan_soon(app: &App) -> Result<Vec<Mailing>, SeedError> {
    let mut planned = Vec::new();
    for (email, texts) in [
        ("anna@example.com", &RUSSIAN),
        ("ben@example.com", &ENGLISH),
    ] {
        let user = app
            .services
            .accounts
            .named(&Actor::console(), email)
            .await?;
        let historian = Historian::of(app, user, texts);
        let message = historian.write(4).await?;
        let start = (app.clock.now() + SOON).trunc_subsecs(0);
        let start = historian.user.zone.local(start).naive_local();
        let draft = historian.draft(
            6,
            message,
            AudienceChoice::All,
            vec![historian.once(start)?],
        );
        planned.push(
            app.services
                .mailings
                .create(&historian.actor, &draft)
                .await?,
        );
    }
    Ok(planned)
}

async fn create(app: &App, person: &DemoUser) -> Result<User, Error> {
    let new = NewUser {
        email: person.email.to_owned(),
        name: person.name.to_owned(),
        password: person.password.clone(),
        roles: person.role.into_iter().collect(),
        zone: Zone::parse(person.zone).unwrap_or(Zone::utc()),
        language: person.language,
    };
    app.services.accounts.create(&Actor::console(), new).await
}

/// One owner whose history is made.
struct Historian<'a> {
    app: &'a App,
    user: User,
    actor: Actor,
    texts: &'static Texts,
    lists: Vec<ListId>,
}

impl<'a> Historian<'a> {
    fn of(app: &'a App, user: User, texts: &'static Texts) -> Self {
        let actor = Actor::user(&user);
        Self {
            app,
            user,
            actor,
            texts,
            lists: Vec::new(),
        }
    }

    /// Lists and recipients.
    async fn begin(app: &'a App, user: User, texts: &'static Texts) -> Result<Self, Error> {
        let mut historian = Self::of(app, user, texts);
        for name in texts.lists {
            let list = app
                .services
                .recipients
                .create_list(&historian.actor, name)
                .await?;
            historian.lists.push(list.id);
        }
        historian.add_recipients().await?;
        Ok(historian)
    }

    async fn add_recipients(&self) -> Result<(), Error> {
        let count = self.texts.first.len() * self.texts.last.len();
        for number in 0..count {
            let first = self.texts.first[number % self.texts.first.len()];
            let last = self.texts.last[number / self.texts.first.len()];
            // Every seventh mailbox has trouble of one of three kinds.
            let domain = match (number % 7, number % 3) {
                (6, 0) => "gone.example",
                (6, 1) => "full.example",
                (6, _) => "strict.example",
                _ => "example.org",
            };
            let tag = self.user.language.tag();
            let draft = RecipientDraft {
                email: format!("reader-{tag}-{:02}@{domain}", number + 1),
                full_name: format!("{first} {last}"),
                comment: if number % 10 == 0 {
                    self.texts.comment.to_owned()
                } else {
                    String::new()
                },
                attributes: Attributes::default(),
            };
            let list = self.lists[number % self.lists.len()];
            self.app
                .services
                .recipients
                .add(&self.actor, draft, Some(list))
                .await?;
        }
        Ok(())
    }

    /// Mailings of every status and, under the clock set back, their runs.
    async fn tell<F>(self, clock: &ShiftedClock, send: &impl Fn() -> F) -> Result<(), Error>
    where
        F: Future<Output = Result<(), Error>>,
    {
        let services = &self.app.services.mailings;
        self.plan(0, 0, AudienceChoice::Lists(self.lists.clone()), 2, true)
            .await?;
        self.plan(1, 1, AudienceChoice::All, 9, false).await?;
        let unwanted = self.plan(2, 1, AudienceChoice::All, 12, true).await?;
        let invitation = AudienceChoice::Lists(self.lists[..1].to_vec());
        let held = self.plan(3, 2, invitation, 30, true).await?;
        self.plan(4, 2, AudienceChoice::All, 40, false).await?;
        self.save_draft().await?;
        for days in [2, 9, 12, 16] {
            let planned = self.user.zone.resolve(self.day(days)).at;
            for after in AFTER {
                clock.stand_at(planned + after);
                send().await?;
            }
            if days == 12 {
                self.app
                    .services
                    .moderation
                    .disable(&Actor::console(), unwanted, self.texts.reason)
                    .await?;
            }
        }
        services.pause(&self.actor, held).await?;
        Ok(())
    }

    async fn save_draft(&self) -> Result<(), Error> {
        let message = self.write(3).await?;
        let window = self.once(self.day(50))?;
        let mut draft = self.draft(5, message, AudienceChoice::All, vec![window]);
        draft.mode = LaunchMode::Draft;
        self.app
            .services
            .mailings
            .create(&self.actor, &draft)
            .await?;
        Ok(())
    }

    /// Plans the mailing of this name whose first send is `days` after the demo began, at nine.
    async fn plan(
        &self,
        name: usize,
        message: usize,
        audience: AudienceChoice,
        days: i64,
        weekly: bool,
    ) -> Result<MailingId, Error> {
        let message = self.write(message).await?;
        let start = self.day(days);
        let window = if weekly {
            let rule = Repeat::Weekly {
                every: 1,
                weekdays: Default::default(),
            };
            Schedule::new(start, self.user.zone, None, rule, Default::default(), None)?
        } else {
            self.once(start)?
        };
        let draft = self.draft(name, message, audience, vec![window]);
        Ok(self
            .app
            .services
            .mailings
            .create(&self.actor, &draft)
            .await?
            .id)
    }

    async fn write(&self, number: usize) -> Result<MessageId, Error> {
        let text = &self.texts.messages[number];
        let draft = MessageDraft {
            subject: text.subject.to_owned(),
            body: text.body.to_owned(),
            format: BodyFormat::Markdown,
            text: None,
        };
        Ok(self
            .app
            .services
            .messages
            .create(&self.actor, &draft)
            .await?
            .id)
    }

    fn draft(
        &self,
        name: usize,
        message: MessageId,
        audience: AudienceChoice,
        windows: Vec<Schedule>,
    ) -> MailingDraft {
        MailingDraft {
            name: self.texts.mailings[name].to_owned(),
            message,
            sender: None,
            audience,
            zone: self.user.zone,
            windows,
            missed: MissedPolicy::default(),
            lateness: LATENESS_DEFAULT,
            ambiguous: AmbiguousPolicy::default(),
            mode: LaunchMode::Launch,
        }
    }

    fn once(&self, start: NaiveDateTime) -> Result<Schedule, Error> {
        let zone = self.user.zone;
        Ok(Schedule::new(
            start,
            zone,
            None,
            Repeat::Once,
            Default::default(),
            None,
        )?)
    }

    /// Nine o'clock, so many days after the demo began.
    fn day(&self, days: i64) -> NaiveDateTime {
        let today = self.user.zone.local(SystemClock.now()).date_naive();
        (today - BEGAN + Duration::days(days))
            .and_hms_opt(9, 0, 0)
            .unwrap_or_default()
    }
}
