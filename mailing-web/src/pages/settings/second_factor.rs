//! `/settings/code`: sign-in by code is set up, shown its recovery codes, and switched off.

use mailing_core::error::Error;
use mailing_core::services::SecondFactorSetup;
use mailing_core::user::RecoveryCode;
use poem::web::Form;
use poem::{Response, handler};
use qrcodegen::{QrCode, QrCodeEcc};
use serde::{Deserialize, Serialize};

use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::pages::account::form_title;
use crate::site::{Around, Site, TheSite, see_other};
use crate::templates::Page;
use crate::view::{Fault, Field, Refused};
use crate::visitor::{CurrentActor, Visitor};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Code {
    code: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Off {
    current: String,
    code: String,
}

/// A picture that an app reads: squares of one path.
#[derive(Serialize)]
struct Picture {
    /// Squares on a side, with the quiet border.
    size: i32,
    path: String,
}

#[derive(Serialize)]
struct Setup {
    errors: Vec<Fault>,
    failure: String,
    secret: String,
    picture: Option<Picture>,
    code: Field,
}

#[derive(Serialize)]
struct Codes {
    codes: Vec<String>,
}

#[derive(Serialize)]
struct SwitchOff {
    errors: Vec<Fault>,
    failure: String,
    current: Field,
    code: Field,
}

impl Setup {
    fn new(locale: &Locale, setup: &SecondFactorSetup, refused: &Refused) -> Self {
        Self {
            errors: Fault::all(locale, &refused.fields),
            failure: refused.sentence(locale),
            secret: setup.secret.clone(),
            picture: setup.address.as_deref().and_then(picture),
            code: Field::new(locale, "code", "", &refused.fields),
        }
    }
}

impl SwitchOff {
    fn new(locale: &Locale, refused: &Refused) -> Self {
        Self {
            errors: Fault::all(locale, &refused.fields),
            failure: refused.sentence(locale),
            current: Field::new(locale, "current", "", &refused.fields),
            code: Field::new(locale, "code", "", &refused.fields),
        }
    }
}

impl Page for Setup {
    const TEMPLATE: &'static str = "settings/code_setup.html";

    fn title(&self, locale: &Locale) -> String {
        form_title(locale, "settings-code-title", &self.errors, &self.failure)
    }
}

impl Page for Codes {
    const TEMPLATE: &'static str = "settings/codes.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text("settings-codes-title", &Args::new())
    }
}

impl Page for SwitchOff {
    const TEMPLATE: &'static str = "settings/code_off.html";
    const SCRIPTS: &'static [&'static str] = &["password.js"];

    fn title(&self, locale: &Locale) -> String {
        form_title(
            locale,
            "settings-code-off-title",
            &self.errors,
            &self.failure,
        )
    }
}

/// Makes a secret; the page that follows shows it.
#[handler]
pub(crate) async fn begin(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
) -> Result<Response, PageError> {
    let issuer = issuer(visitor.locale());
    site.services.second_factors.begin(&actor, &issuer).await?;
    Ok(see_other("/settings/code"))
}

/// Shows the secret until the first code was right.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
) -> Result<Response, PageError> {
    let issuer = issuer(visitor.locale());
    match site.services.second_factors.setup(&actor, &issuer).await {
        Ok(setup) => {
            let page = Setup::new(visitor.locale(), &setup, &Refused::nothing());
            site.page(&visitor, &page)
        }
        Err(Error::NotFound | Error::Conflict(_)) => Ok(see_other("/settings/security")),
        Err(error) => Err(error.into()),
    }
}

/// Switches it on with the first code, and shows the recovery codes this once.
#[handler]
pub(crate) async fn confirm(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Form(form): Form<Code>,
) -> Result<Response, PageError> {
    let factors = &site.services.second_factors;
    let refused = match factors.confirm(&actor, &form.code).await {
        Ok(codes) => return codes_page(&site, &visitor, &codes),
        Err(error) => Refused::of(error)?,
    };
    let setup = factors.setup(&actor, &issuer(visitor.locale())).await?;
    let page = Setup::new(visitor.locale(), &setup, &refused);
    let response = site.page_with(&visitor, &page, Around::Menu, refused.status())?;
    Ok(refused.mark(response))
}

/// Asks for what switching it off takes.
#[handler]
pub(crate) fn ask_off(TheSite(site): TheSite, visitor: Visitor) -> Result<Response, PageError> {
    let page = SwitchOff::new(visitor.locale(), &Refused::nothing());
    site.page(&visitor, &page)
}

/// Switches it off.
#[handler]
pub(crate) async fn off(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Form(form): Form<Off>,
) -> Result<Response, PageError> {
    let factors = &site.services.second_factors;
    let done = factors.disable(&actor, &form.current, &form.code).await;
    let refused = match done {
        Ok(()) | Err(Error::NotFound) => {
            return Ok(see_other("/settings/security?done=code-off"));
        }
        Err(error) => Refused::of(error)?,
    };
    let page = SwitchOff::new(visitor.locale(), &refused);
    let response = site.page_with(&visitor, &page, Around::Menu, refused.status())?;
    Ok(refused.mark(response))
}

/// What apps call the service.
fn issuer(locale: &Locale) -> String {
    locale.text("brand", &Args::new())
}

fn codes_page(
    site: &Site,
    visitor: &Visitor,
    codes: &[RecoveryCode],
) -> Result<Response, PageError> {
    let page = Codes {
        codes: codes.iter().map(RecoveryCode::reveal).collect(),
    };
    site.page(visitor, &page)
}

/// Squares in the border that readers need around the picture (ISO/IEC 18004).
const BORDER: i32 = 4;

fn picture(address: &str) -> Option<Picture> {
    let code = QrCode::encode_text(address, QrCodeEcc::Low).ok()?;
    let rows = (0..code.size()).map(|y| row(&code, y));
    Some(Picture {
        size: code.size() + 2 * BORDER,
        path: rows.collect(),
    })
}

/// The dark runs of a row: fewer and longer rectangles than squares.
fn row(code: &QrCode, y: i32) -> String {
    let (mut path, mut x) = (String::new(), 0);
    while x < code.size() {
        let run = (x..code.size())
            .take_while(|x| code.get_module(*x, y))
            .count();
        let run = i32::try_from(run).unwrap_or(0);
        if run > 0 {
            let (left, top) = (x + BORDER, y + BORDER);
            path.push_str(&format!("M{left} {top}h{run}v1h-{run}z"));
        }
        x += run + 1;
    }
    path
}

#[cfg(test)]
pub(in crate::pages) fn setup_samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use mailing_core::code;
    use mailing_core::error::FieldError;
    let setup = SecondFactorSetup {
        secret: crate::pages::samples::HOSTILE.to_owned(),
        address: None,
    };
    let wrong = vec![FieldError::new("code", code::SECOND_FACTOR_CODE)];
    let wrong = Refused::of(Error::Invalid(wrong)).unwrap();
    vec![
        Setup::new(locale, &setup, &Refused::nothing()),
        Setup::new(locale, &setup, &wrong),
    ]
}

#[cfg(test)]
pub(in crate::pages) fn codes_samples() -> Vec<impl Page> {
    vec![Codes {
        codes: vec!["ABCD-EFGH-2345-6723".to_owned(); 10],
    }]
}

#[cfg(test)]
pub(in crate::pages) fn off_samples(locale: &Locale) -> Vec<impl Page + use<>> {
    vec![SwitchOff::new(locale, &Refused::nothing())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_its_border_and_stays_small() {
        let account = "a".repeat(60);
        let address = format!(
            "otpauth://totp/Mailing:{account}@example.org?secret={}&issuer=Mailing",
            "A".repeat(32)
        );
        let picture = picture(&address).unwrap();
        assert!(picture.path.starts_with("M4 4h7v1h-7z"), "the first corner");
        assert!(picture.path.len() < 10_000, "{}", picture.path.len());
    }
}
