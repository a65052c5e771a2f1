//! Messages as a mail program reads them (DELIVERY 4.2, F44).

use mail_parser::{HeaderName, Message, MessageParser, MimeHeaders as _};
use mailing_core::ports::transport::{
    AttachedFile, Content, FileName, Personal, Piece, PreparedMail as _,
};
use mailing_transport_smtp::prepare;
use proptest::prelude::*;

use crate::sample::{cases, content, fixed, mailbox, personal};

const MAX: usize = 1024 * 1024;

fn build(content: &Content, personal: &Personal) -> String {
    let built = prepare(content, MAX).unwrap().build(personal).unwrap();
    String::from_utf8(built.to_vec()).unwrap()
}

fn parse(mail: &str) -> Message<'_> {
    MessageParser::default().parse(mail.as_bytes()).unwrap()
}

fn names(mail: &Message<'_>) -> Vec<String> {
    let headers = mail.headers().iter();
    headers
        .map(|header| header.name.as_str().to_owned())
        .collect()
}

fn header<'a>(mail: &'a Message<'_>, name: &'static str) -> &'a str {
    mail.header_raw(HeaderName::from(name)).unwrap().trim()
}

const EXPECTED: &[&str] = &[
    "Date",
    "From",
    "To",
    "Subject",
    "Message-ID",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "List-ID",
    "Feedback-ID",
    "Precedence",
    "MIME-Version",
    "Content-Type",
];

#[test]
fn a_mailing_has_the_headers_that_receivers_ask_for() {
    let mail = build(&content(), &personal("Анна", "anna@example.net"));
    let mail = parse(&mail);
    assert_eq!(names(&mail), EXPECTED);
    assert_eq!(header(&mail, "Date"), "Mon, 02 Mar 2026 09:00:00 +0300");
    assert_eq!(header(&mail, "Message-ID"), "<abc123@example.org>");
    assert_eq!(
        header(&mail, "List-Unsubscribe"),
        "<https://mail.example.org/u/token>"
    );
    assert_eq!(
        header(&mail, "List-Unsubscribe-Post"),
        "List-Unsubscribe=One-Click"
    );
    assert_eq!(header(&mail, "List-ID"), "<news.ann.mail.example.org>");
    assert_eq!(header(&mail, "Precedence"), "bulk");
    assert_eq!(mail.subject(), Some("News for Анна"));
    let from = mail.from().and_then(|from| from.first()).unwrap();
    assert_eq!(from.name(), Some("Книжный клуб"));
    assert_eq!(from.address(), Some("club@example.org"));
}

#[test]
fn the_text_comes_first_and_the_html_second() {
    let mail = build(&content(), &personal("Анна", "anna@example.net"));
    let mail = parse(&mail);
    let kinds: Vec<_> = mail
        .parts
        .iter()
        .map(|part| part.content_type().unwrap().subtype().unwrap().to_owned())
        .collect();
    assert_eq!(kinds, ["alternative", "plain", "html"]);
    assert_eq!(
        mail.body_text(0).unwrap().replace("\r\n", "\n").trim_end(),
        "Dear Анна,\nhere they are."
    );
    assert!(mail.body_html(0).unwrap().contains("<p>Dear Анна,</p>"));
}

fn with_files(files: &[(&str, &[u8])]) -> Content {
    let files = files.iter().map(|(name, data)| AttachedFile {
        name: FileName::clean(name),
        kind: "text/plain; charset=utf-8".to_owned(),
        data: (*data).into(),
    });
    Content {
        attachments: files.collect(),
        ..content()
    }
}

#[test]
fn files_follow_the_alternatives_under_their_names() {
    let long = format!("{}.txt", "имя ".repeat(24).trim());
    let files = [
        ("Отчёт (text) (html) за год.txt", &b"one\r\n.\r\n"[..]),
        ("a\r\nX-Evil: 1\".txt", b"two"),
        (long.as_str(), b"three"),
    ];
    let mail = build(&with_files(&files), &personal("Анна", "anna@example.net"));
    assert!(mail.split("\r\n").all(|line| line.len() <= 998));
    assert!(mail.is_ascii());
    let mail = parse(&mail);
    assert_eq!(names(&mail), EXPECTED);
    let kinds: Vec<_> = mail
        .parts
        .iter()
        .map(|part| part.content_type().unwrap().subtype().unwrap().to_owned())
        .collect();
    assert_eq!(
        kinds,
        [
            "mixed",
            "alternative",
            "plain",
            "html",
            "plain",
            "plain",
            "plain"
        ]
    );
    assert!(mail.body_html(0).unwrap().contains("<p>Dear Анна,</p>"));
    let arrived: Vec<_> = mail
        .attachments()
        .map(|file| (file.attachment_name().unwrap().to_owned(), file.contents()))
        .collect();
    let expected: Vec<_> = files
        .iter()
        .map(|(name, data)| (FileName::clean(name).to_string(), *data))
        .collect();
    assert_eq!(arrived, expected);
}

#[test]
fn what_is_the_same_for_everybody_is_there_once() {
    let data = vec![b'x'; 300_000];
    let prepared = prepare(&with_files(&[("a.txt", &data)]), MAX).unwrap();
    let ann = prepared.build(&personal("Ann", "ann@example.net")).unwrap();
    let bob = prepared.build(&personal("Bob", "bob@example.net")).unwrap();
    assert!(std::sync::Arc::ptr_eq(&ann.shared, &bob.shared));
    assert!(ann.own.len() < 4_000, "{}", ann.own.len());
    assert!(ann.shared.len() > 400_000);
}

#[test]
fn files_count_for_the_size_of_the_message() {
    let data = vec![b'x'; MAX];
    assert!(prepare(&with_files(&[("a.txt", &data)]), MAX).is_err());
}

#[test]
fn system_mail_is_marked_as_generated_and_not_as_bulk() {
    let system = Content {
        bulk: false,
        list_id: None,
        feedback_id: None,
        reply_to: Some(mailbox("", "help@example.org")),
        ..content()
    };
    let nobody = Personal {
        unsubscribe_url: None,
        ..personal("Ann", "ann@example.net")
    };
    let mail = build(&system, &nobody);
    let mail = parse(&mail);
    assert_eq!(header(&mail, "Auto-Submitted"), "auto-generated");
    assert_eq!(header(&mail, "Reply-To"), "<help@example.org>");
    let absent = ["Precedence", "List-ID", "List-Unsubscribe", "Feedback-ID"];
    assert!(
        absent
            .iter()
            .all(|name| !names(&mail).contains(&(*name).to_owned()))
    );
}

#[test]
fn one_click_is_promised_over_https_only() {
    let plain = Personal {
        unsubscribe_url: Some("http://127.0.0.1:8080/u/token".to_owned()),
        ..personal("Ann", "ann@example.net")
    };
    let mail = build(&content(), &plain);
    assert!(mail.contains("List-Unsubscribe: <http://"));
    assert!(!mail.contains("List-Unsubscribe-Post"));
}

#[test]
fn the_same_message_is_built_again_byte_for_byte() {
    let person = personal("Анна", "anna@example.net");
    assert_eq!(build(&content(), &person), build(&content(), &person));
}

#[test]
fn an_address_beyond_ascii_is_written_raw_and_its_domain_as_a_label() {
    let mail = build(&content(), &personal("Анна", "анна@почта.рф"));
    assert!(mail.contains(" <анна@xn--80a1acny.xn--p1ai>\r\n"), "{mail}");
    let ascii = build(&content(), &personal("Анна", "anna@почта.рф"));
    assert!(ascii.is_ascii());
}

#[test]
fn a_body_that_holds_the_boundary_of_another_mail_stays_one_part() {
    let first = build(&content(), &personal("Ann", "ann@example.net"));
    let nested = Content {
        text: vec![fixed(&first)],
        ..content()
    };
    let mail = build(&nested, &personal("Ann", "ann@example.net"));
    assert_eq!(parse(&mail).parts.len(), 3);
}

#[test]
fn what_cannot_be_written_is_refused_with_a_reason() {
    let good = personal("Ann", "ann@example.net");
    let prepared = prepare(&content(), MAX).unwrap();
    for bad in [
        Personal {
            message_id: "a\r\nBcc: x@y".to_owned(),
            ..good.clone()
        },
        Personal {
            message_id: String::new(),
            ..good.clone()
        },
        Personal {
            unsubscribe_url: Some("https://x/ y".to_owned()),
            ..good.clone()
        },
        Personal {
            values: Vec::new(),
            ..good.clone()
        },
        Personal {
            values: vec!["x".repeat(MAX)],
            ..good.clone()
        },
        Personal {
            values: vec!["я".repeat(2000)],
            ..good.clone()
        },
    ] {
        assert!(prepared.build(&bad).is_err(), "{bad:?}");
    }
    let bad_list = Content {
        list_id: Some("a\r\nb".to_owned()),
        ..content()
    };
    assert!(prepare(&bad_list, MAX).is_err());
    let too_large = Content {
        text: vec![fixed(&"x".repeat(MAX + 1))],
        ..content()
    };
    assert!(prepare(&too_large, MAX).is_err());
}

#[test]
fn hostile_values_stay_values() {
    for value in [
        "a\r\nBcc: eve@example.org",
        "a\n\nbody",
        "a\0b",
        "\u{202e}gro",
        "a\u{2028}b",
    ] {
        let person = Personal {
            values: vec![value.to_owned()],
            ..personal("Ann", "ann@example.net")
        };
        let mail = build(&content(), &person);
        assert_eq!(names(&parse(&mail)), EXPECTED, "{value:?}");
    }
}

/// What every message must be, whatever went into it.
fn check_form(mail: &str) -> Result<(), TestCaseError> {
    for line in mail.split("\r\n") {
        prop_assert!(!line.contains(['\r', '\n', '\0']), "{line:?}");
        prop_assert!(line.len() <= 78, "{line:?}");
    }
    prop_assert!(mail.is_ascii());
    prop_assert!(mail.ends_with("--\r\n"));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(256)))]

    #[test]
    fn names_and_subjects_of_all_unicode_come_back_and_add_no_header(
        name in "[\\PC&&[^\u{2028}\u{2029}]]{1,60}",
        subject in "[\\PC&&[^\u{2028}\u{2029}]]{0,120}",
        value in any::<String>(),
    ) {
        let made = Content {
            subject: vec![fixed(&subject)],
            text: vec![fixed("Dear "), Piece::Slot(0), fixed(".\n")],
            ..content()
        };
        let person = Personal { values: vec![value.clone()], ..personal(&name, "ann@example.net") };
        let mail = build(&made, &person);
        check_form(&mail)?;
        let mail = parse(&mail);
        prop_assert_eq!(names(&mail), EXPECTED);
        prop_assert_eq!(mail.subject().unwrap_or_default().trim(), subject.trim());
        let to = mail.to().and_then(|to| to.first()).unwrap();
        prop_assert_eq!(to.address(), Some("ann@example.net"));
        prop_assert_eq!(to.name().unwrap_or_default().trim(), name.trim());
        let body = mail.body_text(0).unwrap().replace("\r\n", "\n");
        let expected = format!("Dear {value}.\n").replace("\r\n", "\n").replace('\r', "\n");
        prop_assert_eq!(body.trim_end(), expected.trim_end());
    }

    #[test]
    fn values_with_anything_in_them_never_add_a_header(value in any::<String>()) {
        let person = Personal { values: vec![value], ..personal("Ann", "ann@example.net") };
        let mail = build(&content(), &person);
        check_form(&mail)?;
        prop_assert_eq!(names(&parse(&mail)), EXPECTED);
    }
}
