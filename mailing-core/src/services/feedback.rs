//! What people write on the contacts page: anybody leaves it, administrators read and answer it.

use chrono::Duration;

use crate::audit::Deed;
use crate::code;
use crate::error::Error;
use crate::id::{FeedbackId, FormId};
use crate::instance::{Feedback, FeedbackDraft};
use crate::letter::Letter;
use crate::policy::{self, Actor};
use crate::ports::store::{FeedbackCounts, FeedbackFilter, Page, PageRequest};
use crate::ports::{StoreError, Unit};
use crate::time::{TRASH_KEPT, Timestamp};
use crate::user::Language;

use super::{ServicePorts, limits};

/// Nobody writes anything in less time.
const WRITING: Duration = Duration::seconds(3);

/// The form that feedback came with.
#[derive(Debug, Clone, Copy)]
pub struct ShownForm {
    /// Its number: one that arrives twice is kept once.
    pub id: FormId,
    /// When it was shown.
    pub at: Timestamp,
}

/// What people write on the contacts page.
#[derive(Clone)]
pub struct FeedbackBox {
    ports: ServicePorts,
}

impl FeedbackBox {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// Keeps what somebody wrote on a page in this language, and sends it on to the contact address if
    /// there is one. `client` is the address block that it came from.
    ///
    /// # Errors
    /// [`Error::Invalid`] as [`FeedbackDraft::check`]; `feedback.too_fast`; [`Error::Throttled`].
    pub async fn leave(
        &self,
        draft: &FeedbackDraft,
        form: ShownForm,
        language: Language,
        client: &str,
    ) -> Result<(), Error> {
        let now = self.ports.now();
        let id = FeedbackId::new(now, self.ports.entropy.as_ref());
        let feedback = &draft.check(id, now, language)?;
        if now - form.at < WRITING {
            return Err(Error::conflict(code::FEEDBACK_TOO_FAST));
        }
        self.ports
            .attempt(|| async move {
                let system = policy::system();
                let mut unit = self.ports.store.write().await?;
                if !unit.feedback().add(&system, feedback, form.id).await? {
                    return Ok(());
                }
                limits::feedback_of(unit.as_mut(), client, now).await?;
                self.send_on(unit.as_mut(), feedback).await?;
                Ok(unit.commit().await?)
            })
            .await
    }

    /// The letter to the contact address, in the language of whoever has it.
    async fn send_on(&self, unit: &mut dyn Unit, feedback: &Feedback) -> Result<(), Error> {
        let settings = self.ports.settings_in(unit).await?;
        let Some(to) = settings.contact.address else {
            return Ok(());
        };
        let known = unit.users().find_by_email(&policy::system(), &to).await?;
        let language = known.map_or(feedback.language, |user| user.language);
        let letter = Letter::Feedback {
            feedback: feedback.id,
            name: feedback.name.as_str().to_owned(),
            email: feedback.email.as_str().to_owned(),
            phone: feedback.phone.as_ref().map(ToString::to_string),
            text: feedback.text.as_str().to_owned(),
        };
        self.ports.post(unit, &to, language, &letter).await
    }

    /// Feedback that is not in the trash, newest first.
    ///
    /// # Errors
    /// [`Error::Denied`] unless the actor reads feedback.
    pub async fn page(
        &self,
        actor: &Actor,
        filter: &FeedbackFilter,
        request: &PageRequest,
    ) -> Result<Page<Feedback>, Error> {
        let scope = policy::correspond(actor)?;
        let mut unit = self.ports.store.read().await?;
        Ok(unit.feedback().page(&scope, filter, request).await?)
    }

    /// How much there is.
    ///
    /// # Errors
    /// As [`page`](Self::page).
    pub async fn counts(&self, actor: &Actor) -> Result<FeedbackCounts, Error> {
        let scope = policy::correspond(actor)?;
        let mut unit = self.ports.store.read().await?;
        Ok(unit.feedback().counts(&scope).await?)
    }

    /// One, unless it is in the trash.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn show(&self, actor: &Actor, id: FeedbackId) -> Result<Feedback, Error> {
        let scope = policy::correspond(actor)?;
        let mut unit = self.ports.store.read().await?;
        let found = unit.feedback().find(&scope, id).await?;
        let living = found.filter(|feedback| feedback.deleted_at.is_none());
        living.ok_or(Error::NotFound)
    }

    /// Marks it as answered, or takes the mark back. What is so already stays as it is.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn mark(&self, actor: &Actor, id: FeedbackId, answered: bool) -> Result<(), Error> {
        let deed = match answered {
            true => Deed::AnswerFeedback,
            false => Deed::ReopenFeedback,
        };
        self.change(actor, id, deed, |feedback, now| {
            if feedback.deleted_at.is_some() {
                return Err(Error::NotFound);
            }
            let was = feedback.answered_at;
            feedback.answered_at = answered.then(|| was.unwrap_or(now));
            Ok(was != feedback.answered_at)
        })
        .await
    }

    /// Puts it into the trash, where it is erased after 30 days.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn delete(&self, actor: &Actor, id: FeedbackId) -> Result<(), Error> {
        self.change(actor, id, Deed::DeleteFeedback, |feedback, now| {
            if feedback.deleted_at.is_some() {
                return Err(Error::NotFound);
            }
            feedback.deleted_at = Some(now);
            Ok(true)
        })
        .await
    }

    /// Takes it out of the trash.
    ///
    /// # Errors
    /// [`Error::NotFound`] also when it is erased; [`Error::Denied`].
    pub async fn undelete(&self, actor: &Actor, id: FeedbackId) -> Result<(), Error> {
        self.change(actor, id, Deed::UndeleteFeedback, |feedback, now| {
            let Some(deleted_at) = feedback.deleted_at.take() else {
                return Ok(false);
            };
            if now - deleted_at < TRASH_KEPT {
                Ok(true)
            } else {
                Err(Error::NotFound)
            }
        })
        .await
    }

    /// Writes what `change` makes of it, when that says that it has changed something.
    async fn change(
        &self,
        actor: &Actor,
        id: FeedbackId,
        deed: Deed,
        change: impl Fn(&mut Feedback, Timestamp) -> Result<bool, Error> + Send + Sync,
    ) -> Result<(), Error> {
        let (scope, change) = (&policy::correspond(actor)?, &change);
        self.ports
            .attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                let found = unit.feedback().find(scope, id).await?;
                let read = found.ok_or(Error::NotFound)?;
                let mut feedback = read.clone();
                if !change(&mut feedback, now)? {
                    return Ok(());
                }
                let (answered_at, deleted_at) = (feedback.answered_at, feedback.deleted_at);
                let marked = unit.feedback().mark(scope, &read, answered_at, deleted_at);
                if !marked.await? {
                    return Err(StoreError::Retry("somebody was quicker".into()).into());
                }
                self.ports
                    .audit(unit.as_mut(), actor, deed, id, now)
                    .await?;
                Ok(unit.commit().await?)
            })
            .await
    }
}
