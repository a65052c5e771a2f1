//! What real mail servers say is understood (docs/replies.md).

use std::collections::BTreeMap;

use mailing_core::delivery::{Cause, Reply, Stage};

const CORPUS: &str = include_str!("../corpus/replies.tsv");

/// A line of the corpus.
struct Example {
    server: &'static str,
    stage: Stage,
    reply: Reply,
    cause: Cause,
    passing: bool,
}

fn corpus() -> Vec<Example> {
    let lines = CORPUS.lines().filter(|line| !line.starts_with('#'));
    lines.map(example).collect()
}

fn example(line: &'static str) -> Example {
    let columns: Vec<_> = line.split('\t').collect();
    let [server, stage, code, enhanced, text, cause, lasting] = columns[..] else {
        panic!("seven columns: {line}");
    };
    let said = match enhanced {
        "-" => text.to_owned(),
        code => format!("{code} {text}"),
    };
    let reply = Reply::new(code.parse().unwrap(), &said);
    let kept = reply.enhanced.map(|code| code.to_string());
    assert_eq!(kept.as_deref().unwrap_or("-"), enhanced, "{line}");
    assert_eq!(reply.text, text, "cut or escaped: {line}");
    Example {
        server,
        stage: Stage::from_name(stage).unwrap_or_else(|| panic!("no such stage: {line}")),
        reply,
        cause: Cause::from_name(cause).unwrap_or_else(|| panic!("no such cause: {line}")),
        passing: match lasting {
            "now" => true,
            "good" => false,
            _ => panic!("now or good: {line}"),
        },
    }
}

/// The aim: at least 95 % of at least 200 replies get their plain cause. Unknown is said of
/// the rest rather than something wrong.
#[test]
fn nearly_all_replies_of_the_corpus_get_their_plain_cause() {
    let corpus = corpus();
    let (mut right, mut unnamed) = (0, 0);
    let mut wrong = Vec::new();
    for example in &corpus {
        let found = Cause::of(example.stage, &example.reply);
        if found == Cause::NotRecognised {
            unnamed += 1;
        } else if found == example.cause {
            right += 1;
        } else {
            let (server, reply, expected) = (example.server, &example.reply, example.cause);
            wrong.push(format!("{server}: {reply}\n  {found:?} for {expected:?}"));
        }
    }
    let of = |part: usize| part as f64 * 100.0 / corpus.len() as f64;
    println!(
        "{} replies: {:.1} % with their cause, {:.1} % not recognised, {:.1} % mistaken\n{}",
        corpus.len(),
        of(right),
        of(unnamed),
        of(wrong.len()),
        wrong.join("\n"),
    );
    assert!(corpus.len() >= 220, "{} replies", corpus.len());
    assert!(of(right) >= 95.0, "{:.1} % with their cause", of(right));
    assert!(of(wrong.len()) <= 2.0, "{}", wrong.join("\n"));
}

#[test]
fn what_says_nothing_is_not_recognised() {
    for example in corpus().iter().filter(|e| e.cause == Cause::NotRecognised) {
        let text = &example.reply.text;
        assert!(!text.is_empty(), "the raw text is what is left to read");
        let found = Cause::of(example.stage, &example.reply);
        let said_more = text.len() > 30;
        assert!(said_more || found == Cause::NotRecognised, "{text}");
    }
}

#[test]
fn each_cause_of_the_corpus_passes_by_itself_or_stays_as_judged() {
    for example in corpus() {
        let (passing, reply) = (example.passing, &example.reply);
        assert_eq!(example.cause.is_passing(), passing, "{reply}");
    }
}

/// An address is condemned only by replies that speak of the address: the next reader of the corpus
/// sees whom a wrong word would put on a suppression list.
#[test]
fn no_address_is_condemned_for_what_the_server_holds_against_us() {
    let ours = [
        Cause::BlockListed,
        Cause::Unauthenticated,
        Cause::Policy,
        Cause::Content,
        Cause::RelayDenied,
        Cause::SenderRefused,
        Cause::TryLater,
        Cause::ServerTrouble,
    ];
    for example in corpus().iter().filter(|e| ours.contains(&e.cause)) {
        let found = Cause::of(example.stage, &example.reply);
        assert!(!found.condemns_the_address(), "{}", example.reply);
    }
}

#[test]
fn the_corpus_has_every_cause_that_a_reply_can_have_and_many_servers() {
    let mut servers: BTreeMap<_, usize> = BTreeMap::new();
    let mut causes: BTreeMap<_, usize> = BTreeMap::new();
    for example in corpus() {
        *servers.entry(example.server).or_default() += 1;
        *causes.entry(example.cause).or_default() += 1;
    }
    assert!(servers.len() >= 40, "{servers:?}");
    let without_reply = [
        Cause::NotBuilt,
        Cause::GaveUp,
        Cause::ConnectionLost,
        Cause::DomainRefuses,
    ];
    for cause in Cause::ALL.iter().filter(|c| !without_reply.contains(c)) {
        assert!(causes.contains_key(cause), "{cause:?}");
    }
}
