//! The dialogue with a real mail server, which delivers into mailboxes.

/// Left out of `scripts/test --quick` by its name.
#[cfg(test)]
mod needs_postfix {
    use std::collections::BTreeSet;
    use std::path::PathBuf;
    use std::sync::Arc;
    use std::time::Duration;

    use mail_parser::{MessageParser, MimeHeaders as _};
    use mailing_core::ports::MailTransport;
    use mailing_core::ports::transport::{
        AttachedFile, Content, Envelope, FileName, Mailbox, Outcome, Personal, Piece, Stage,
    };
    use mailing_core::recipient::{DisplayName, EmailAddress};
    use mailing_transport_smtp::{Options, open};

    /// How often a mailbox is looked at before the mail counts as lost.
    const LOOKS: u32 = 400;

    fn variable(name: &str) -> String {
        std::env::var(name).unwrap_or_else(|_| {
            panic!(
                "{name} is not set: run `scripts/services -- cargo test -p mailing-transport-smtp`"
            )
        })
    }

    fn postfix() -> Arc<dyn MailTransport> {
        open(&variable("MAILING_TEST_POSTFIX"), Options::default()).unwrap()
    }

    fn address(text: &str) -> EmailAddress {
        EmailAddress::parse(text).unwrap()
    }

    fn envelope(to: &str) -> Envelope {
        Envelope {
            from: address("bounce@example.test"),
            to: address(to),
            id: Some("0197-1".to_owned()),
        }
    }

    /// A local part that no other test and no earlier run has used.
    fn local(name: &str) -> String {
        format!("{name}-{}", std::process::id())
    }

    /// The mails of a mailbox once there is at least one.
    async fn mailbox(local: &str) -> Vec<Vec<u8>> {
        let folder = PathBuf::from(variable("MAILING_TEST_MAILDIR"))
            .join(local)
            .join("new");
        for _ in 0..LOOKS {
            let files = std::fs::read_dir(&folder).into_iter().flatten();
            let mails: Vec<_> = files
                .map(|file| std::fs::read(file.unwrap().path()).unwrap())
                .collect();
            if !mails.is_empty() {
                return mails;
            }
            look_again_later().await;
        }
        panic!("no mail has come into {}", folder.display());
    }

    #[expect(clippy::disallowed_methods, reason = "Postfix delivers in real time")]
    async fn look_again_later() {
        tokio::time::sleep(Duration::from_millis(25)).await;
    }

    fn content() -> Content {
        let fixed = |text: &str| Piece::Fixed(text.to_owned());
        Content {
            from: Mailbox {
                name: DisplayName::parse("Книжный клуб").ok(),
                address: address("club@example.test"),
            },
            reply_to: None,
            date: chrono::DateTime::parse_from_rfc3339("2026-03-02T09:00:00+03:00").unwrap(),
            subject: vec![fixed("Новости для "), Piece::Slot(0)],
            text: vec![
                fixed("Здравствуйте, "),
                Piece::Slot(0),
                fixed("!\n.\n..точки\n"),
            ],
            html: vec![
                fixed("<p>Здравствуйте, <b>"),
                Piece::Slot(0),
                fixed("</b>!</p>\n"),
            ],
            attachments: Vec::new(),
            list_id: Some("news.example.test".to_owned()),
            feedback_id: None,
            bulk: true,
        }
    }

    fn personal(local: &str, name: &str) -> Personal {
        Personal {
            to: Mailbox {
                name: DisplayName::parse(name).ok(),
                address: address(&format!("{local}@example.test")),
            },
            message_id: format!("{local}@example.test"),
            unsubscribe_url: Some("https://mail.example.test/u/token".to_owned()),
            values: vec![name.to_owned()],
        }
    }

    #[tokio::test]
    async fn each_mailbox_gets_its_message_once_with_its_own_name() {
        const LANES: usize = 4;
        const MAILS: usize = 40;
        let transport = postfix();
        let prepared = transport.prepare(&content()).unwrap();
        let person = |number: usize| {
            (
                local(&format!("reader{number}")),
                format!("Анна № {number}"),
            )
        };
        let lanes: Vec<_> = (0..LANES)
            .map(|first| {
                let (mut lane, prepared) = (transport.lane(), Arc::clone(&prepared));
                tokio::spawn(async move {
                    for number in (first..MAILS).step_by(LANES) {
                        let (local, name) = person(number);
                        let message = prepared.build(&personal(&local, &name)).unwrap();
                        let envelope = envelope(&format!("{local}@example.test"));
                        let outcome = lane.send(&envelope, &message, &|| true).await;
                        assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
                    }
                    lane.close().await;
                })
            })
            .collect();
        for lane in lanes {
            lane.await.unwrap();
        }
        let mut seen = BTreeSet::new();
        for number in 0..MAILS {
            let (local, name) = person(number);
            let mails = mailbox(&local).await;
            assert_eq!(mails.len(), 1, "{local}");
            let mail = MessageParser::default().parse(&mails[0]).unwrap();
            assert_eq!(mail.subject(), Some(format!("Новости для {name}").as_str()));
            let to = mail.to().and_then(|to| to.first()).unwrap();
            assert_eq!(to.name(), Some(name.as_str()));
            let text = mail.body_text(0).unwrap().replace("\r\n", "\n");
            assert_eq!(
                text.trim_end(),
                format!("Здравствуйте, {name}!\n.\n..точки")
            );
            assert!(
                mail.body_html(0)
                    .unwrap()
                    .contains(&format!("<b>{name}</b>"))
            );
            assert_eq!(mail.return_address(), Some("bounce@example.test"));
            seen.insert(mail.message_id().unwrap().to_owned());
        }
        assert_eq!(seen.len(), MAILS);
    }

    #[tokio::test]
    async fn files_arrive_as_they_were_with_their_names() {
        let transport = postfix();
        let picture: Vec<u8> = (0..2_000_000u32).map(|n| (n % 251) as u8).collect();
        let file = |name: &str, data: &[u8]| AttachedFile {
            name: FileName::clean(name),
            kind: "application/octet-stream".to_owned(),
            data: data.into(),
        };
        let content = Content {
            attachments: vec![
                file("Прайс-лист на весну.bin", &picture),
                file("small.txt", b".\r\n..\r\nQUIT\r\n"),
            ],
            ..content()
        };
        let prepared = transport.prepare(&content).unwrap();
        let local = local("files");
        let message = prepared.build(&personal(&local, "Анна")).unwrap();
        let envelope = envelope(&format!("{local}@example.test"));
        let mut lane = transport.lane();
        let outcome = lane.send(&envelope, &message, &|| true).await;
        assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
        let mails = mailbox(&local).await;
        let mail = MessageParser::default().parse(&mails[0]).unwrap();
        let files: Vec<_> = mail.attachments().collect();
        assert_eq!(files.len(), 2);
        assert_eq!(files[0].attachment_name(), Some("Прайс-лист на весну.bin"));
        assert!(files[0].contents() == picture);
        assert_eq!(files[1].attachment_name(), Some("small.txt"));
        assert_eq!(files[1].contents(), b".\r\n..\r\nQUIT\r\n");
        let text = mail.body_text(0).unwrap();
        assert!(text.starts_with("Здравствуйте, Анна!"), "{text}");
    }

    #[tokio::test]
    async fn refusals_are_read_and_the_connection_goes_on() {
        let mut lane = postfix().lane();
        let message = b"Subject: x\r\n\r\nx\r\n";
        for (name, code, enhanced) in [("gone", 550, "5.1.1"), ("busy", 451, "4.2.1")] {
            let to = format!("{}@example.test", local(name));
            let outcome = lane
                .send(&envelope(&to), &message[..].into(), &|| true)
                .await;
            let Outcome::Refused { stage, reply } = outcome else {
                panic!("{outcome:?}");
            };
            assert_eq!((stage, reply.code), (Stage::Rcpt, code));
            assert_eq!(reply.enhanced.unwrap().to_string(), enhanced);
        }
        let after = local("after");
        let to = format!("{after}@example.test");
        let outcome = lane
            .send(&envelope(&to), &message[..].into(), &|| true)
            .await;
        assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
        assert_eq!(mailbox(&after).await.len(), 1);
    }

    #[tokio::test]
    async fn a_body_of_dots_and_long_lines_arrives_as_it_was() {
        let mut lane = postfix().lane();
        let name = local("dots");
        let body = format!(".\r\n..\r\n.x\r\n{}\r\n", "y".repeat(998));
        let message = format!("Subject: dots\r\n\r\n{body}");
        let to = format!("{name}@example.test");
        let outcome = lane
            .send(&envelope(&to), &message.as_bytes().into(), &|| true)
            .await;
        assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
        let mails = mailbox(&name).await;
        let received = String::from_utf8(mails[0].clone())
            .unwrap()
            .replace("\r\n", "\n");
        assert!(
            received.ends_with(&body.replace("\r\n", "\n")),
            "{received}"
        );
    }
}
