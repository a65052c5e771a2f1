//! What was typed into the form of a mailing, and what it means.

use chrono::{Duration, NaiveDate, Timelike as _};
use mailing_core::error::FieldError;
use mailing_core::id::{ListId, MessageId, RecipientId, SenderId};
use mailing_core::mailing::{
    AmbiguousPolicy, Audience, AudienceChoice, LATENESS_DEFAULT, LaunchMode, Mailing, MailingDraft,
};
use mailing_core::schedule::{MissedPolicy, Schedule, WINDOWS_MAX, Zone};
use mailing_core::{code, error::Refusal};

use super::window::TypedWindow;
use crate::fields::Fields;
use crate::i18n::Locale;

/// Most recipients that are picked in the form one by one; whoever wants more makes a list.
pub(super) const PICKS_MAX: usize = 200;

/// To whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum To {
    #[default]
    All,
    Lists,
    Chosen,
    /// Picks of the saved mailing, too many for a form.
    Kept,
}

impl To {
    pub(super) const ALL: [(Self, &'static str); 4] = [
        (Self::All, "all"),
        (Self::Lists, "lists"),
        (Self::Chosen, "chosen"),
        (Self::Kept, "kept"),
    ];

    fn of(name: &str) -> Self {
        let found = Self::ALL.into_iter().find(|(_, known)| *known == name);
        found.map_or_else(Self::default, |(to, _)| to)
    }
}

/// The form's fields as they came.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    pub(super) name: String,
    pub(super) message: String,
    pub(super) sender: String,
    pub(super) to: To,
    pub(super) lists: Vec<ListId>,
    pub(super) picks: Vec<RecipientId>,
    /// What is searched for among the recipients.
    pub(super) query: String,
    /// True: it goes out as soon as it is launched.
    pub(super) now: bool,
    pub(super) zone: String,
    pub(super) windows: Vec<TypedWindow>,
    pub(super) missed: String,
    pub(super) lateness: String,
    pub(super) ambiguous: String,
}

impl Typed {
    /// An empty form: to all, as soon as it is launched.
    pub(super) fn empty(locale: &Locale) -> Self {
        Self {
            now: true,
            zone: locale.zone.name().to_owned(),
            windows: vec![TypedWindow::suggested(locale)],
            missed: MissedPolicy::default().as_str().to_owned(),
            lateness: LATENESS_DEFAULT.num_hours().to_string(),
            ambiguous: AmbiguousPolicy::default().as_str().to_owned(),
            ..Self::default()
        }
    }

    /// The form of a saved mailing; `picks` are those who were picked, if they are few enough.
    pub(super) fn saved(
        locale: &Locale,
        mailing: &Mailing,
        picks: Option<Vec<RecipientId>>,
    ) -> Self {
        let (to, lists) = match &mailing.audience {
            Audience::All => (To::All, Vec::new()),
            Audience::Lists(lists) => (To::Lists, lists.clone()),
            Audience::Chosen(_) if picks.is_none() => (To::Kept, Vec::new()),
            Audience::Chosen(_) => (To::Chosen, Vec::new()),
        };
        let windows = mailing.windows.iter();
        let mut windows: Vec<_> = windows
            .map(|window| TypedWindow::saved(locale, &window.schedule))
            .collect();
        if windows.is_empty() {
            windows.push(TypedWindow::suggested(&locale.in_zone(mailing.zone)));
        }
        Self {
            name: mailing.name.as_str().to_owned(),
            message: mailing.message.to_string(),
            sender: mailing.sender.to_string(),
            to,
            lists,
            picks: picks.unwrap_or_default(),
            query: String::new(),
            now: mailing.windows.is_empty(),
            zone: mailing.zone.name().to_owned(),
            windows,
            missed: mailing.missed.as_str().to_owned(),
            lateness: mailing.lateness.num_hours().to_string(),
            ambiguous: mailing.ambiguous.as_str().to_owned(),
        }
    }

    /// The fields of a form.
    pub(super) fn of(fields: &Fields) -> Self {
        let ids = |name: &str| {
            fields
                .one(name)
                .split(',')
                .filter_map(|id| id.parse().ok())
                .collect()
        };
        let count: usize = fields.one("windows").parse().unwrap_or(0);
        Self {
            name: fields.one("name").to_owned(),
            message: fields.one("message").to_owned(),
            sender: fields.one("sender").to_owned(),
            to: To::of(fields.one("to")),
            lists: fields
                .all("list")
                .filter_map(|id| id.parse().ok())
                .collect(),
            picks: ids("picks"),
            query: fields.one("q").to_owned(),
            now: fields.one("when") == "now",
            zone: fields.one("zone").trim().to_owned(),
            windows: (0..count.min(WINDOWS_MAX))
                .map(|index| TypedWindow::of(fields, index))
                .collect(),
            missed: fields.one("missed").to_owned(),
            lateness: fields.one("lateness").trim().to_owned(),
            ambiguous: fields.one("ambiguous").to_owned(),
        }
    }

    /// The zone that the windows are planned in, or what is wrong with it.
    pub(super) fn zone(&self, locale: &Locale) -> Result<Zone, Refusal> {
        match self.zone.as_str() {
            "" => Ok(locale.zone),
            name => Zone::parse(name),
        }
    }

    /// The windows, or all that is wrong with them, at `zone` and `windows.N.…`.
    pub(super) fn schedules(&self, locale: &Locale) -> Result<Vec<Schedule>, Vec<FieldError>> {
        if self.now {
            return Ok(Vec::new());
        }
        let zone = self
            .zone(locale)
            .map_err(|refusal| vec![FieldError::new("zone", refusal)])?;
        let locale = locale.in_zone(zone);
        let (mut schedules, mut errors) = (Vec::new(), Vec::new());
        for (index, window) in self.windows.iter().enumerate() {
            match window.schedule(&locale) {
                Ok(schedule) => schedules.push(schedule),
                Err(faults) => {
                    let place = format!("windows.{index}");
                    errors.extend(faults.into_iter().map(|fault| fault.under(&place)));
                }
            }
        }
        if errors.is_empty() {
            Ok(schedules)
        } else {
            Err(errors)
        }
    }

    /// To whom it goes.
    pub(super) fn audience(&self) -> AudienceChoice {
        match self.to {
            To::All => AudienceChoice::All,
            To::Lists => AudienceChoice::Lists(self.lists.clone()),
            To::Chosen => AudienceChoice::Chosen(self.picks.clone()),
            To::Kept => AudienceChoice::Kept,
        }
    }

    /// What a service takes, or all that cannot be read.
    pub(super) fn draft(&self, locale: &Locale) -> Result<MailingDraft, Vec<FieldError>> {
        let mut errors = Vec::new();
        let message = self.message.parse::<MessageId>();
        if message.is_err() {
            errors.push(FieldError::new("message", code::REQUIRED));
        }
        let windows = self
            .schedules(locale)
            .map_err(|faults| errors.extend(faults));
        let lateness = self.lateness(&mut errors);
        if self.picks.len() > PICKS_MAX {
            let refusal = Refusal::new(code::MAILING_TOO_MANY_CHOSEN).with("max", PICKS_MAX);
            errors.push(FieldError::new("audience", refusal));
        }
        match (message, windows, self.zone(locale)) {
            (Ok(message), Ok(windows), Ok(zone)) if errors.is_empty() => Ok(MailingDraft {
                name: self.name.clone(),
                message,
                sender: self.sender.parse::<SenderId>().ok(),
                audience: self.audience(),
                zone,
                windows,
                missed: self.missed.parse().unwrap_or_default(),
                lateness,
                ambiguous: AmbiguousPolicy::from_name(&self.ambiguous).unwrap_or_default(),
                mode: LaunchMode::Draft,
            }),
            _ => Err(errors),
        }
    }

    fn lateness(&self, errors: &mut Vec<FieldError>) -> Duration {
        let hours = match self.lateness.as_str() {
            "" => Some(LATENESS_DEFAULT),
            typed => typed.parse().ok().and_then(Duration::try_hours),
        };
        hours.unwrap_or_else(|| {
            let refusal = Refusal::new(code::UNKNOWN_VALUE).with("value", self.lateness.as_str());
            errors.push(FieldError::new("lateness", refusal));
            LATENESS_DEFAULT
        })
    }

    /// The first send on this day at nine, if it has not been.
    pub(super) fn begin_on(&mut self, locale: &Locale, date: NaiveDate) {
        let today = locale.zone.local(locale.now).date_naive();
        if date < today {
            return;
        }
        if let Some(first) = self.windows.first_mut() {
            self.now = false;
            first.start.0 = locale.write_date(date);
        }
    }

    /// One more window, like the last one a day later; no more than there may be.
    pub(super) fn add_window(&mut self, locale: &Locale) {
        if self.windows.len() < WINDOWS_MAX {
            self.windows.push(TypedWindow::suggested(locale));
        }
    }

    /// Takes a window away; one always stays.
    pub(super) fn remove_window(&mut self, index: usize) {
        if index < self.windows.len() && self.windows.len() > 1 {
            self.windows.remove(index);
        }
    }

    /// Picks recipients; doubles count once.
    pub(super) fn pick(&mut self, more: impl Iterator<Item = RecipientId>) {
        for id in more {
            if !self.picks.contains(&id) {
                self.picks.push(id);
            }
        }
        self.to = To::Chosen;
    }

    /// Takes a recipient out of the picked ones.
    pub(super) fn unpick(&mut self, id: RecipientId) {
        self.picks.retain(|picked| *picked != id);
    }
}

/// The time that a new window is suggested for: the next whole hour of tomorrow, nine o'clock.
pub(super) fn nine() -> chrono::NaiveTime {
    chrono::NaiveTime::default()
        .with_hour(9)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use mailing_core::schedule::Repeat;
    use mailing_core::testing::builders::mailing;

    use super::*;
    use crate::i18n::Lang;
    use crate::pages::samples::locale;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        let pairs = pairs.iter();
        Fields(
            pairs
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
                .collect(),
        )
    }

    #[test]
    fn a_saved_mailing_is_read_back_from_its_own_form() {
        for lang in Lang::ALL {
            let locale = locale(lang);
            let weekly = Repeat::Weekly {
                every: 2,
                weekdays: mailing_core::schedule::Weekdays::parse(["mon", "wed"]).unwrap(),
            };
            let mailing = mailing()
                .zone("Europe/Moscow")
                .window("2026-12-01T09:30", Some("2027-02-01T00:00"), weekly)
                .once("2026-12-05T10:00")
                .build();
            let typed = Typed::saved(&locale, &mailing, None);
            assert_eq!(typed.schedules(&locale).unwrap(), mailing.schedules());
            let draft = typed.draft(&locale).unwrap();
            assert_eq!(
                (draft.message, draft.lateness),
                (mailing.message, mailing.lateness)
            );
            assert_eq!(draft.audience, AudienceChoice::All);
        }
    }

    #[test]
    fn every_fault_is_told_at_its_field() {
        let locale = locale(Lang::En);
        let typed = Typed::of(&fields(&[
            ("windows", "2"),
            ("windows.0.start_date", "soon"),
            ("windows.0.start_time", "9"),
            ("windows.0.repeat", "daily"),
            ("windows.0.every", "often"),
            ("windows.1.start_date", "23 Nov 2026"),
            ("windows.1.start_time", "09:00"),
            ("windows.1.repeat", "weekly"),
            ("windows.1.end_date", "22 Nov 2026"),
            ("lateness", "long"),
        ]));
        let errors = typed.draft(&locale).unwrap_err();
        let mut found: Vec<_> = errors.iter().map(|error| error.field.as_ref()).collect();
        found.sort_unstable();
        assert_eq!(
            found,
            [
                "lateness",
                "message",
                "windows.0.every",
                "windows.0.start",
                "windows.1.end"
            ]
        );
    }

    #[test]
    fn windows_and_picks_come_and_go_and_one_window_stays() {
        let locale = locale(Lang::Ru);
        let mut typed = Typed::empty(&locale);
        for _ in 0..30 {
            typed.add_window(&locale);
        }
        assert_eq!(typed.windows.len(), WINDOWS_MAX);
        for _ in 0..30 {
            typed.remove_window(0);
        }
        assert_eq!(typed.windows.len(), 1);
        let ids: [RecipientId; 2] = [mailing_core::testing::builders::id(locale.now); 2];
        typed.pick(ids.into_iter());
        assert_eq!((typed.picks.len(), typed.to), (1, To::Chosen));
        typed.unpick(ids[0]);
        assert!(typed.picks.is_empty());
    }
}
