//! The main job, whole: a CSV file of people, a message, a real mail server, and what lies in each
//! mailbox afterwards. `scripts/main-job` runs it at full size.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders as _};

use crate::place::{ANN, Place};

/// Recipients when `MAILING_TEST_RECIPIENTS` says nothing.
const RECIPIENTS: usize = 300;
/// Rows that cannot be taken.
const BROKEN: usize = 25;
/// How long the mail server may be silent before the rest counts as lost.
const SILENCE: Duration = Duration::from_secs(20);

const BODY: &str = "<html><body><h1>Здравствуйте, {{ recipient.full_name }}!</h1>\
                    <p>Сад <b>открыт</b> до вечера.</p></body></html>";

/// The variable, which `scripts/services` sets.
fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!("{name} is not set: run `scripts/services -- cargo test -p mailing-cli --test it`")
    })
}

fn size() -> usize {
    std::env::var("MAILING_TEST_RECIPIENTS").map_or(RECIPIENTS, |count| {
        count.parse().expect("a number of recipients")
    })
}

#[expect(clippy::disallowed_methods, reason = "a real job takes real time")]
fn reading() -> Instant {
    Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "Postfix delivers in real time")]
fn look_again_later() {
    std::thread::sleep(Duration::from_millis(50));
}

/// The people of a job, of whom no other job has one.
struct People {
    tag: String,
    count: usize,
}

impl People {
    fn new(store: &str) -> Self {
        Self {
            tag: format!("{store}-{}", std::process::id()),
            count: size(),
        }
    }

    fn local(&self, index: usize) -> String {
        format!("{}-{index:05}", self.tag)
    }

    fn name(index: usize) -> String {
        let first = [
            "Анна",
            "Борис",
            "Вера",
            "Григорий",
            "Дарья",
            "Ёлка",
            "Жанна",
        ];
        let last = ["Щукина", "Орлов", "Зимина", "Подъячев", "Чехова"];
        format!("{} {}-{index}", first[index % 7], last[index % 5])
    }

    /// The file, and the line of each broken row with the code of its reason.
    fn csv(&self) -> (String, BTreeMap<u64, &'static str>) {
        let mut lines = vec!["email,full_name".to_owned()];
        let mut broken = BTreeMap::new();
        for index in 0..self.count {
            lines.push(format!(
                "{}@example.test,{}",
                self.local(index),
                Self::name(index)
            ));
            if index % (self.count / BROKEN) == 0 && broken.len() < BROKEN {
                let (row, code) = match broken.len() % 5 {
                    0 => ("nobody,Никто".to_owned(), "address.no_at"),
                    1 => ("a..b@example.test,Точки".to_owned(), "address.local"),
                    2 => (
                        "a@example.test,Три,ячейки".to_owned(),
                        "import.too_many_cells",
                    ),
                    3 => ("a@localhost,Без точки".to_owned(), "address.no_dot"),
                    _ => (
                        format!("{}@example.test,Дважды", self.local(index)),
                        "import.duplicate",
                    ),
                };
                lines.push(row);
                broken.insert(lines.len() as u64, code);
            }
        }
        (lines.join("\n") + "\n", broken)
    }

    /// Every mail of every mailbox, once each has at least one or the server is silent.
    fn mailboxes(&self) -> Vec<Vec<Vec<u8>>> {
        let root = PathBuf::from(variable("MAILING_TEST_MAILDIR"));
        let folder = |index| root.join(self.local(index)).join("new");
        let (mut had, mut since) = (0, reading());
        while had < self.count && since.elapsed() < SILENCE {
            let has = (0..self.count)
                .filter(|index| folder(*index).exists())
                .count();
            if has > had {
                (had, since) = (has, reading());
            }
            look_again_later();
        }
        let mails = |index| -> Vec<Vec<u8>> {
            let files = fs::read_dir(folder(index)).into_iter().flatten();
            files
                .map(|file| fs::read(file.unwrap().path()).unwrap())
                .collect()
        };
        (0..self.count).map(mails).collect()
    }
}

/// Imports, plans, sends, and looks into every mailbox. Prints a line of figures.
fn do_the_main_job(place: &mut Place, store: &str) {
    place.set("MAILING_MAIL__URL", &variable("MAILING_TEST_POSTFIX"));
    place.user(ANN);
    let people = People::new(store);
    let (csv, broken) = people.csv();
    place.write("people.csv", csv);
    let began = reading();
    let line =
        format!("recipients import people.csv --as {ANN} --rejects rejects.csv --yes --json");
    let report = place.run(&line).ends(0).json();
    let imported = began.elapsed();
    assert_eq!(report["added"], people.count, "{report}");
    assert_eq!(report["rejected"], BROKEN, "{report}");
    assert_eq!(rejects(&place.read("rejects.csv")), broken);

    place.write("body.html", BODY);
    let line = format!(
        "messages create --as {ANN} --subject 'Новости для {{{{ recipient.full_name }}}}' \
         --body-file body.html --json"
    );
    let message = place.run(&line).ends(0).id();
    place.mailing(&message, "--all --now");
    let began = reading();
    let sent = place.run("send --json").ends(0).json();
    let took = began.elapsed();
    assert_eq!(sent["runs"].as_array().unwrap().len(), 1, "{sent}");
    adds_up(place, &sent["runs"][0], people.count);

    let mailboxes = people.mailboxes();
    for (index, mails) in mailboxes.iter().enumerate() {
        assert_eq!(mails.len(), 1, "{}", people.local(index));
        is_personal(&mails[0], &people.local(index), &People::name(index));
    }
    let again = place.run("send --json").ends(0).json();
    assert_eq!(again["runs"].as_array().unwrap().len(), 0, "{again}");
    let ledger = place.run("doctor --ledger --json").ends(0).json()["ledger"].clone();
    let rate = people.count as f64 / took.as_secs_f64();
    println!(
        "\n| {store} | {:.2} s | {BROKEN} | {:.2} s | {rate:.0}/s | {} of {} | {} |",
        imported.as_secs_f64(),
        took.as_secs_f64(),
        mailboxes.len(),
        people.count,
        ledger.as_str().unwrap(),
    );
}

/// The codes of rejected rows by line.
fn rejects(csv: &str) -> BTreeMap<u64, &str> {
    csv.lines()
        .skip(1)
        .map(|row| {
            let mut cells = row.trim_matches('"').split("\",\"");
            let line = cells.next().unwrap().parse().unwrap();
            let code = cells.nth(1).unwrap();
            assert!(!cells.next().unwrap().is_empty(), "a reason: {row}");
            (line, code)
        })
        .collect()
}

/// The run's sums, its rows and what `runs list` says are the same.
fn adds_up(place: &Place, run: &serde_json::Value, count: usize) {
    assert_eq!(run["planned"], count, "{run}");
    assert_eq!(run["delivered"], count, "{run}");
    for key in ["failed", "suppressed", "cancelled", "unknown", "pending"] {
        assert_eq!(run[key], 0, "{key}: {run}");
    }
    let listed = place
        .run(&format!("runs list --as {ANN} --json"))
        .ends(0)
        .lines();
    assert_eq!(listed[0]["delivered"], count);
    let id = run["id"].as_str().unwrap();
    let line = format!("deliveries list --run {id} --as {ANN} --json");
    let rows = place.run(&line).ends(0).lines();
    assert_eq!(rows.len(), count);
    assert!(
        rows.iter()
            .all(|row| row["state"] == "delivered" && row["code"] == 250)
    );
}

fn is_personal(mail: &[u8], local: &str, name: &str) {
    let mail = MessageParser::default().parse(mail).unwrap();
    assert_eq!(mail.subject(), Some(format!("Новости для {name}").as_str()));
    let to = mail.to().and_then(|to| to.first()?.address()).unwrap();
    assert_eq!(to, format!("{local}@example.test"));
    let greeting = format!("Здравствуйте, {name}!");
    let html = part(&mail, "html");
    assert!(
        html.contains(&greeting) && html.contains("<b>открыт</b>"),
        "{html}"
    );
    let text = part(&mail, "plain");
    assert!(text.contains(&greeting) && !text.contains('<'), "{text}");
}

/// The text of the part of this subtype, which must be in UTF-8.
fn part<'a>(mail: &'a Message<'_>, subtype: &str) -> &'a str {
    let is_wanted = |part: &&MessagePart<'_>| {
        part.content_type()
            .is_some_and(|kind| kind.c_type == "text" && kind.c_subtype.as_deref() == Some(subtype))
    };
    let part = mail.parts.iter().find(is_wanted).unwrap();
    let charset = part
        .content_type()
        .and_then(|kind| kind.attribute("charset"));
    assert!(charset.is_some_and(|charset| charset.eq_ignore_ascii_case("utf-8")));
    part.text_contents().unwrap()
}

/// Left out of `scripts/test --quick` by its name.
mod needs_postfix {
    use super::*;

    #[test]
    fn the_main_job_is_done_with_sqlite() {
        do_the_main_job(&mut Place::new(), "sqlite");
    }

    #[test]
    fn what_a_real_server_refuses_is_told_as_it_said_it() {
        let mut place = Place::with_owner();
        place.set("MAILING_MAIL__URL", &variable("MAILING_TEST_POSTFIX"));
        let tag = std::process::id();
        let of = |kind: &str| format!("{kind}-cli-{tag}@example.test");
        place.import(&format!(
            "email\n{}\n{}\n{}\n",
            of("good"),
            of("busy"),
            of("gone")
        ));
        let message = place.message("Hello", "Text\n");
        place.mailing(&message, "--all --now");
        let sent = place.run("send --json").ends(5).json();
        let run = &sent["runs"][0];
        for key in ["delivered", "failed", "pending"] {
            assert_eq!(run[key], 1, "{key}: {sent}");
        }
        let id = run["id"].as_str().unwrap();
        let line = format!("deliveries list --run {id} --as {ANN} --json");
        let rows = place.run(&line).ends(0).lines();
        let wanted = [
            ("good", "delivered", 250),
            ("busy", "deferred", 451),
            ("gone", "failed", 550),
        ];
        for (kind, state, code) in wanted {
            let row = rows
                .iter()
                .find(|row| row["recipient"] == of(kind))
                .unwrap();
            assert_eq!(row["state"], state, "{row}");
            assert_eq!(row["code"], code, "{row}");
        }
        place.run("doctor --ledger").ends(0);
    }
}

/// Left out of `scripts/test --quick` by its name.
#[cfg(feature = "postgres")]
mod needs_postgres {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;
    use std::process::Command;

    use super::*;

    /// A database that goes when the test leaves it.
    struct Database {
        server: String,
        name: String,
    }

    impl Database {
        fn new() -> Self {
            let made = Self {
                server: variable("MAILING_TEST_POSTGRES"),
                name: format!("mailing_main_job_{}", std::process::id()),
            };
            assert!(
                made.execute("CREATE DATABASE"),
                "{} cannot be made",
                made.name
            );
            made
        }

        fn execute(&self, verb: &str) -> bool {
            let statement = format!("{verb} {}", self.name);
            let ended = Command::new("psql")
                .args(["-qX", &self.server, "-c", &statement])
                .status();
            ended.is_ok_and(|status| status.success())
        }

        fn url(&self) -> String {
            let (server, _) = self.server.rsplit_once('/').unwrap();
            format!("{server}/{}", self.name)
        }
    }

    impl Drop for Database {
        fn drop(&mut self) {
            self.execute("DROP DATABASE");
        }
    }

    #[test]
    fn the_main_job_is_done_with_postgresql() {
        let database = Database::new();
        let mut place = Place::new();
        place.write("key", "ab".repeat(32));
        fs::set_permissions(place.path("key"), Permissions::from_mode(0o600)).unwrap();
        place.set("MAILING_SECRET__KEY_FILE", "key");
        place.set("MAILING_DATABASE__URL", &database.url());
        do_the_main_job(&mut place, "postgresql");
    }
}
