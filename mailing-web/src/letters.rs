//! The service's own mail in words: one layout for all letters, HTML and plain text.

use std::sync::LazyLock;

use mailing_core::letter::{Letter, LetterText};
use mailing_core::ports::Letters;
use mailing_core::ports::transport::BuildError;
use mailing_core::recipient::DisplayName;
use mailing_core::user::Language;
use serde::Serialize;

use crate::i18n::{Args, Lang, key, text};
use crate::templates::Templates;
use crate::view::number;

/// Follows the reader's dark mode, with the dark tokens of the pages. The button stays as it is.
const DARK: &str = ":root{color-scheme:light dark}@media (prefers-color-scheme:dark){\
    .ground{background:#121417!important;color:#ebe9e4!important}\
    .sheet{background:#1b1e23!important}\
    .quiet,.quiet a{color:#a9adb5!important}}";

/// What hides the letter's text from the preview line of a mailbox, so often.
const PADDING: usize = 60;

static TEMPLATES: LazyLock<Result<Templates, tera::Error>> = LazyLock::new(Templates::load);

/// Letters by the templates and texts of this crate.
#[derive(Debug, Clone, Copy, Default)]
pub struct WebLetters;

/// A letter as its template takes it.
#[derive(Serialize)]
struct Page {
    brand: String,
    subject: String,
    /// What a mailbox shows beside the subject.
    preheader: String,
    padding: Vec<()>,
    dark: &'static str,
    title: String,
    text: String,
    /// What somebody else wrote, line by line.
    quoted: Vec<String>,
    button: Option<Button>,
    /// Why somebody gets this.
    why: String,
}

/// Where the letter leads.
#[derive(Serialize)]
struct Button {
    label: String,
    url: String,
    /// How long the link works; empty for a page that is always there.
    life: String,
}

impl Letters for WebLetters {
    fn write(
        &self,
        letter: &Letter,
        language: Language,
        site: &str,
    ) -> Result<LetterText, BuildError> {
        let lang = Lang::from(language);
        let page = Page::new(letter, lang, site);
        let failed = |error: &tera::Error| BuildError(error.to_string());
        let templates = TEMPLATES.as_ref().map_err(failed)?;
        Ok(LetterText {
            from: DisplayName::parse(&page.brand).ok(),
            html: templates
                .render_letter(lang, &page)
                .map_err(|error| failed(&error))?,
            text: page.plain(),
            subject: page.subject,
        })
    }
}

impl Page {
    fn new(letter: &Letter, lang: Lang, site: &str) -> Self {
        let host = site.split_once("://").map_or(site, |(_, host)| host);
        let kind = key("letter", letter.kind());
        let say = |part: &str| {
            let args = Args::new().text("site", host.to_owned());
            text(lang, &format!("{kind}-{part}"), &named(args, letter))
        };
        let why = match letter {
            Letter::Feedback { .. } => "letter-why-contact",
            _ if is_for_anybody(letter) => "letter-why-anybody",
            _ => "letter-why-account",
        };
        Self {
            brand: text(lang, "brand", &Args::new()),
            subject: say("subject"),
            preheader: say("preheader"),
            padding: vec![(); PADDING],
            dark: DARK,
            title: say("title"),
            text: say("text"),
            quoted: quoted(letter).lines().map(str::to_owned).collect(),
            button: address(letter).map(|path| Button {
                label: say("button"),
                url: format!("{site}{path}"),
                life: life(letter).map_or_else(String::new, |key| text(lang, key, &Args::new())),
            }),
            why: text(lang, why, &Args::new().text("site", host.to_owned())),
        }
    }

    fn plain(&self) -> String {
        let mut plain = format!("{}\n\n{}\n", self.title, self.text);
        if !self.quoted.is_empty() {
            plain.push_str(&format!("\n{}\n", self.quoted.join("\n")));
        }
        if let Some(button) = &self.button {
            plain.push_str(&format!(
                "\n{}:\n{}\n{}\n",
                button.label, button.url, button.life
            ));
        }
        plain.push_str(&format!("\n-- \n{}\n", self.why));
        plain
    }
}

/// The arguments of a letter's own words.
fn named(args: Args, letter: &Letter) -> Args {
    match letter {
        Letter::MailingDisabled { name, .. } | Letter::MailingEnabled { name, .. } => {
            args.text("name", name.clone())
        }
        Letter::RunFailures {
            name,
            planned,
            failed,
            unknown,
            ..
        } => args
            .text("name", name.clone())
            .number("planned", number(*planned))
            .number("failed", number(*failed))
            .number("unknown", number(*unknown)),
        Letter::RunStopped { name, unsent, .. } => args
            .text("name", name.clone())
            .number("unsent", number(*unsent)),
        Letter::AddressChanged { to, .. } => args.text("address", to.clone()),
        Letter::VerifySender { owner, .. } => args.text("owner", owner.clone()),
        Letter::Feedback {
            name, email, phone, ..
        } => args
            .text("name", name.clone())
            .text("email", email.clone())
            .text("phone", phone.clone().unwrap_or_else(|| "none".to_owned())),
        _ => args,
    }
}

/// What somebody else wrote; may be nothing.
fn quoted(letter: &Letter) -> &str {
    match letter {
        Letter::MailingDisabled { reason, .. } | Letter::UserBlocked { reason } => reason,
        Letter::Feedback { text, .. } => text,
        _ => "",
    }
}

/// The path that the button leads to.
fn address(letter: &Letter) -> Option<String> {
    Some(match letter {
        Letter::VerifyAddress { token }
        | Letter::NewAddress { token }
        | Letter::AddressChanged { token, .. }
        | Letter::VerifySender { token, .. } => format!("/verify/{}", token.reveal()),
        Letter::ResetPassword { token } | Letter::Invited { token } => {
            format!("/password/reset/{}", token.reveal())
        }
        Letter::AlreadyRegistered | Letter::UserUnblocked => "/login".to_owned(),
        Letter::PasswordChanged => "/password/reset".to_owned(),
        Letter::SecondFactor { .. } => "/settings/security".to_owned(),
        Letter::MailingDisabled { mailing, .. } | Letter::MailingEnabled { mailing, .. } => {
            format!("/mailings/{mailing}")
        }
        Letter::RunFailures { run, .. } | Letter::RunStopped { run, .. } => format!("/runs/{run}"),
        Letter::Feedback { feedback, .. } => format!("/manage/feedback/{feedback}"),
        Letter::UserBlocked { .. } | Letter::AccountDeleted => return None,
    })
}

/// How long the link of a letter works.
const fn life(letter: &Letter) -> Option<&'static str> {
    match letter {
        Letter::VerifyAddress { .. } | Letter::NewAddress { .. } | Letter::VerifySender { .. } => {
            Some("letter-life-day")
        }
        Letter::ResetPassword { .. } => Some("letter-life-half-hour"),
        Letter::AddressChanged { .. } | Letter::Invited { .. } => Some("letter-life-week"),
        _ => None,
    }
}

/// Whoever gets it may never have heard of the service.
const fn is_for_anybody(letter: &Letter) -> bool {
    matches!(
        letter,
        Letter::VerifyAddress { .. }
            | Letter::NewAddress { .. }
            | Letter::VerifySender { .. }
            | Letter::Invited { .. }
    )
}

#[cfg(test)]
mod tests {
    use mailing_core::testing::builders::{id, start};
    use mailing_core::user::LinkToken;
    use scraper::{Html, Selector};

    use super::*;
    use crate::i18n::has_text;

    const HOSTILE: &str = "<script>alert(1)</script>{{ 7*7 }}";

    fn letters() -> Vec<Letter> {
        let token = || LinkToken::presented("AbC-_1");
        let name = || HOSTILE.to_owned();
        vec![
            Letter::VerifyAddress { token: token() },
            Letter::AlreadyRegistered,
            Letter::ResetPassword { token: token() },
            Letter::Invited { token: token() },
            Letter::PasswordChanged,
            Letter::NewAddress { token: token() },
            Letter::AddressChanged {
                to: "a***@example.org".to_owned(),
                token: token(),
            },
            Letter::VerifySender {
                token: token(),
                owner: "ann@example.org".to_owned(),
            },
            Letter::SecondFactor { on: true },
            Letter::SecondFactor { on: false },
            Letter::MailingDisabled {
                mailing: id(start()),
                name: name(),
                reason: name(),
            },
            Letter::MailingEnabled {
                mailing: id(start()),
                name: name(),
            },
            Letter::RunFailures {
                run: id(start()),
                name: name(),
                planned: 1_250,
                failed: 21,
                unknown: 2,
            },
            Letter::RunStopped {
                run: id(start()),
                name: name(),
                unsent: 352,
            },
            Letter::UserBlocked { reason: name() },
            Letter::UserUnblocked,
            Letter::AccountDeleted,
            Letter::Feedback {
                feedback: id(start()),
                name: name(),
                email: "ann@example.org".to_owned(),
                phone: None,
                text: name(),
            },
        ]
    }

    fn written(letter: &Letter, language: Language) -> LetterText {
        let site = "https://mailing.example.com";
        WebLetters.write(letter, language, site).unwrap()
    }

    #[test]
    fn every_letter_is_whole_in_both_languages() {
        for language in [Language::En, Language::Ru] {
            for letter in letters() {
                let kind = letter.kind();
                let said = written(&letter, language);
                let document = Html::parse_document(&said.html);
                assert_eq!(document.errors, Vec::<String>::new(), "{kind}");
                let texts = |css: &str| -> Vec<String> {
                    let found = Selector::parse(css).unwrap();
                    let found = document.select(&found);
                    found.map(|e| e.text().collect()).collect()
                };
                assert_eq!(texts("title"), [said.subject.as_str()], "{kind}");
                assert_eq!(texts("h1").len(), 1, "{kind}");
                assert!(texts("script, img, link").is_empty(), "{kind}");
                let lang = format!("lang=\"{}\"", language.tag());
                assert!(said.html.contains(&lang), "{kind}");
                let both = format!("{} {}", said.html, said.text);
                assert!(!both.contains("letter-"), "{kind}: {both}");
                assert!(said.html.len() < 100 * 1024, "{kind}");
                for part in ["subject", "preheader", "title", "text"] {
                    let key = format!("{}-{part}", key("letter", kind));
                    assert!(has_text(language.into(), &key), "{key}");
                }
            }
        }
    }

    #[test]
    fn a_subject_without_a_name_has_at_most_45_characters() {
        let named = |letter: &Letter| {
            matches!(
                letter,
                Letter::MailingDisabled { .. }
                    | Letter::MailingEnabled { .. }
                    | Letter::RunFailures { .. }
                    | Letter::RunStopped { .. }
            )
        };
        for letter in letters().into_iter().filter(|letter| !named(letter)) {
            for language in [Language::En, Language::Ru] {
                let subject = written(&letter, language).subject;
                assert!(subject.chars().count() <= 45, "{subject}");
            }
        }
    }

    #[test]
    fn the_link_stands_in_both_parts_and_says_how_long_it_works() {
        let token = LinkToken::presented("AbC-_1");
        let said = written(&Letter::VerifyAddress { token }, Language::En);
        let link = "https://mailing.example.com/verify/AbC-_1";
        assert!(
            said.html.contains(&format!("href=\"{link}\"")),
            "{}",
            said.html
        );
        assert!(said.text.contains(&format!("\n{link}\n")), "{}", said.text);
        assert_eq!(said.subject, "Confirm your address");
        for part in [&said.html, &said.text] {
            assert!(
                part.contains("The link works once, within 24 hours."),
                "{part}"
            );
        }
        assert_eq!(said.from.unwrap().as_str(), "Mailing");
    }

    #[test]
    fn feedback_keeps_its_lines_and_leads_to_its_page() {
        let letter = Letter::Feedback {
            feedback: id(start()),
            name: "Анна".to_owned(),
            email: "anna@example.org".to_owned(),
            phone: Some("+7 495 123-45-67".to_owned()),
            text: format!("Один\n{HOSTILE}"),
        };
        let said = written(&letter, Language::Ru);
        assert!(
            said.text.contains(&format!("\nОдин\n{HOSTILE}\n")),
            "{}",
            said.text
        );
        assert!(
            said.html.contains("Один</bdi><br><bdi>&lt;script&gt;"),
            "{}",
            said.html
        );
        assert!(
            said.text
                .contains("anna@example.org, телефон +7 495 123-45-67")
        );
        assert!(said.text.contains("/manage/feedback/"), "{}", said.text);
    }

    #[test]
    fn what_people_wrote_stays_text() {
        let letter = Letter::UserBlocked {
            reason: HOSTILE.to_owned(),
        };
        let said = written(&letter, Language::Ru);
        assert!(said.text.contains(HOSTILE), "{}", said.text);
        assert!(said.html.contains("&lt;script&gt;") && !said.html.contains("<script>"));
    }
}
