//! What a refusal becomes on the form that it refuses.

use mailing_core::code;
use mailing_core::error::{Error, FieldError, Refusal};
use poem::Response;
use poem::http::{HeaderValue, StatusCode, header};

use crate::error::{PageError, retry_after};
use crate::i18n::Locale;

/// A refusal that the form itself tells; what was typed stays.
#[derive(Debug, Clone, Default)]
pub(crate) struct Refused {
    status: StatusCode,
    /// Faults at their fields.
    pub(crate) fields: Vec<FieldError>,
    refusal: Option<Refusal>,
}

impl Refused {
    /// What a service refused, if people can do something about it on the form.
    ///
    /// # Errors
    /// Everything else, for the error page.
    pub(crate) fn of(error: Error) -> Result<Self, PageError> {
        let (status, fields, refusal) = match error {
            Error::Invalid(fields) => (StatusCode::UNPROCESSABLE_ENTITY, fields, None),
            Error::Conflict(refusal) => (StatusCode::CONFLICT, Vec::new(), Some(refusal)),
            Error::Throttled(refusal) => (StatusCode::TOO_MANY_REQUESTS, Vec::new(), Some(refusal)),
            Error::Denied(refusal) if refusal.code != code::DENIED => {
                (StatusCode::FORBIDDEN, Vec::new(), Some(refusal))
            }
            other => return Err(other.into()),
        };
        Ok(Self {
            status,
            fields,
            refusal,
        })
    }

    /// Nothing refused yet: the form as it is opened.
    pub(crate) fn nothing() -> Self {
        Self {
            status: StatusCode::OK,
            ..Self::default()
        }
    }

    /// The sentence above the form; empty when every fault has its field.
    pub(crate) fn sentence(&self, locale: &Locale) -> String {
        let refusal = self.refusal.as_ref();
        refusal.map_or_else(String::new, |refusal| locale.refusal(refusal))
    }

    /// The status of the answer.
    pub(crate) const fn status(&self) -> StatusCode {
        self.status
    }

    /// Adds when to come again.
    pub(crate) fn mark(&self, mut response: Response) -> Response {
        if let Some(refusal) = &self.refusal
            && self.status == StatusCode::TOO_MANY_REQUESTS
        {
            let seconds = HeaderValue::from(retry_after(refusal));
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}
