//! How many messages are built in a second: prepared once, filled for each recipient.
//!
//! `cargo run --release -p mailing-transport-smtp --example build_speed`

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use mailing_core::ports::transport::{Content, Mailbox, Personal, Piece, PreparedMail as _};
use mailing_core::recipient::{DisplayName, EmailAddress};
use mailing_transport_smtp::prepare;

const MESSAGES: u32 = 200_000;
const TEXT: &str = "We have read three books this month and liked two of them. ";
const TEXT_BEYOND_ASCII: &str = "В этом месяце мы прочли три книги, две понравились. ";

fn main() -> Result<(), Box<dyn Error>> {
    println!("language        octets   µs each   messages/s");
    for (language, sentence) in [("English", TEXT), ("Russian", TEXT_BEYOND_ASCII)] {
        let (octets, micros) = measure(sentence)?;
        println!(
            "{language:<12} {octets:>9} {micros:>9.2} {:>12.0}",
            1e6 / micros
        );
    }
    Ok(())
}

/// Length of a message, and microseconds for each.
#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
fn measure(sentence: &str) -> Result<(usize, f64), Box<dyn Error>> {
    let prepared = prepare(&content(sentence)?, 1024 * 1024)?;
    let people = people()?;
    let octets = prepared.build(&people[0])?.len();
    let start = Instant::now();
    for person in people.iter().cycle().take(MESSAGES as usize) {
        black_box(prepared.build(black_box(person))?);
    }
    let micros = start.elapsed().as_secs_f64() * 1e6 / f64::from(MESSAGES);
    Ok((octets, micros))
}

fn mailbox(name: &str, address: &str) -> Result<Mailbox, Box<dyn Error>> {
    Ok(Mailbox {
        name: Some(DisplayName::parse(name)?),
        address: EmailAddress::parse(address)?,
    })
}

/// About 5.7 kB when the text is ASCII, with the name in subject, text and HTML.
fn content(sentence: &str) -> Result<Content, Box<dyn Error>> {
    let fixed = |text: String| Piece::Fixed(text);
    let paragraph = sentence.repeat(6);
    let html = format!(
        ",</p>\n{}",
        format!("<p style=\"margin:0\">{paragraph}</p>\n").repeat(8)
    );
    Ok(Content {
        from: mailbox("Book Club", "club@example.org")?,
        reply_to: None,
        date: chrono::DateTime::parse_from_rfc3339("2026-03-02T09:00:00+03:00")?,
        subject: vec![fixed("News for ".to_owned()), Piece::Slot(0)],
        text: vec![
            fixed("Dear ".to_owned()),
            Piece::Slot(0),
            fixed(format!(",\n\n{}", format!("{paragraph}\n").repeat(5))),
        ],
        html: vec![fixed("<p>Dear ".to_owned()), Piece::Slot(0), fixed(html)],
        attachments: Vec::new(),
        list_id: Some("news.example.org".to_owned()),
        feedback_id: Some("run:mailing:owner:mailing".to_owned()),
        bulk: true,
    })
}

fn people() -> Result<Vec<Personal>, Box<dyn Error>> {
    let person = |number: u32| {
        let name = format!("Анна Петрова {number}");
        Ok(Personal {
            to: mailbox(&name, &format!("reader{number}@example.net"))?,
            message_id: format!("mzxw6ytboi{number}@example.org"),
            unsubscribe_url: Some(format!("https://mail.example.org/u/token-{number}")),
            values: vec![name],
        })
    };
    (0..1_000).map(person).collect()
}
