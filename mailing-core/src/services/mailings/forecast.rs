//! What a mailing would do that is only being typed: when it sends, and to how many.

use super::Mailings;
use super::change::begins_at_once;
use crate::error::Error;
use crate::id::MailingId;
use crate::mailing::{Audience, AudienceChoice, AudienceSize, Mailing};
use crate::policy::{self, Actor, View};
use crate::ports::Unit;
use crate::schedule::{Occurrence, Schedule, Windows};
use crate::time::Timestamp;

/// So many occurrences are counted; of more is only said that there are more.
const COUNTED: usize = 1_000;

/// When a mailing sends and to how many.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// The next occurrences, as many as were asked for.
    pub next: Vec<Occurrence>,
    /// How many occurrences are left; `None`: more than a thousand, or without end.
    pub left: Option<usize>,
    /// True when a launch now sends at once, since the first send is over and a window open (D5).
    pub at_once: bool,
    /// To how many.
    pub audience: AudienceSize,
}

impl Mailings {
    /// The sends of `windows` to `audience`, which need not be saved; of mailing `of` where the
    /// audience is the one it has. Without windows it is one send at once.
    ///
    /// # Errors
    /// At the windows that never fire; [`Error::NotFound`] for `of`; [`Error::Denied`].
    pub async fn forecast(
        &self,
        actor: &Actor,
        windows: &[Schedule],
        audience: &AudienceChoice,
        of: Option<MailingId>,
        limit: usize,
    ) -> Result<Forecast, Error> {
        let scope = policy::view::<Mailing>(actor)?;
        let mut unit = self.ports.store.read().await?;
        let size = match (audience, of) {
            (AudienceChoice::Kept, Some(id)) => size_of(unit.as_mut(), &scope, id).await?,
            _ => unit.mailings().weigh_audience(&scope, audience).await?,
        };
        planned(windows, size, self.ports.now(), limit)
    }
}

/// How many recipients a mailing has, barred or not.
pub(super) async fn size_of(
    unit: &mut dyn Unit,
    scope: &View<Mailing>,
    id: MailingId,
) -> Result<AudienceSize, Error> {
    let mailing = unit.mailings().find(scope, id).await?;
    let choice = match mailing.ok_or(Error::NotFound)?.audience {
        Audience::All => AudienceChoice::All,
        Audience::Lists(lists) => AudienceChoice::Lists(lists),
        Audience::Chosen(total) if total > AudienceSize::COUNTED_MAX => {
            return Ok(AudienceSize::bound(total, total, total));
        }
        Audience::Chosen(total) => {
            let active = unit.mailings().audience_size(scope, id, total).await?;
            return Ok(AudienceSize::counted(total, active.unwrap_or_default()));
        }
    };
    Ok(unit.mailings().weigh_audience(scope, &choice).await?)
}

pub(super) fn planned(
    windows: &[Schedule],
    audience: AudienceSize,
    now: Timestamp,
    limit: usize,
) -> Result<Forecast, Error> {
    if windows.is_empty() {
        return Ok(Forecast {
            next: Vec::new(),
            left: Some(0),
            at_once: true,
            audience,
        });
    }
    let windows = Windows::new(windows.to_vec())?;
    let left = windows.occurrences_from(now).take(COUNTED + 1).count();
    let next = windows.occurrences_from(now).map(|(_, one)| one);
    Ok(Forecast {
        next: next.take(limit).collect(),
        left: Some(left).filter(|left| *left <= COUNTED),
        at_once: begins_at_once(&windows, now),
        audience,
    })
}
