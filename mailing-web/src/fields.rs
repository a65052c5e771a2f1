//! The fields of a form whose names are not all known beforehand, or come several times.

use mailing_core::id::FormId;
use poem::http::StatusCode;
use poem::web::Form;
use poem::{FromRequest, Request, RequestBody};

use crate::error::PageError;

/// All fields of a form, in its order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields(pub(crate) Vec<(String, String)>);

impl Fields {
    /// The first value of a field; empty when there is none.
    pub(crate) fn one<'a>(&'a self, name: &str) -> &'a str {
        let first = self.0.iter().find(|(field, _)| field == name);
        first.map_or("", |(_, value)| value.as_str())
    }

    /// Every value of a field.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let of_name = self.0.iter().filter(move |(field, _)| field == name);
        of_name.map(|(_, value)| value.as_str())
    }

    /// The form's number, by which its work is done once.
    ///
    /// # Errors
    /// 400 when it has none: no page of ours sends that.
    pub(crate) fn form_id(&self) -> Result<FormId, PageError> {
        let number = self.one("form_id").parse();
        number.map_err(|_| PageError::Request(StatusCode::BAD_REQUEST))
    }

    /// True when the form has the field: a pressed button, a ticked box.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }
}

impl<'a> FromRequest<'a> for Fields {
    async fn from_request(req: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let Form(fields) = Form::<Vec<(String, String)>>::from_request(req, body).await?;
        Ok(Self(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_name_in_their_order() {
        let pairs = [("id", "1"), ("verb", "delete"), ("id", "2"), ("empty", "")];
        let fields = Fields(pairs.map(|(n, v)| (n.to_owned(), v.to_owned())).into());
        assert_eq!(fields.all("id").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(
            (fields.one("verb"), fields.one("empty"), fields.one("none")),
            ("delete", "", "")
        );
        assert!(fields.has("empty") && !fields.has("none"));
    }

    #[test]
    fn a_form_without_its_number_is_refused() {
        let number = "0190f8e0-1111-7222-8333-944455556666";
        for (typed, known) in [(Some(number), true), (Some("1"), false), (None, false)] {
            let pair = typed.map(|typed| ("form_id".to_owned(), typed.to_owned()));
            let read = Fields(pair.into_iter().collect()).form_id();
            assert_eq!(read.is_ok(), known, "{typed:?}");
        }
    }
}
