//! The server of the drills does what its script says, and the sink counts what it takes.

use mailing_transport_smtp::testing::{Script, Server, Sink, Taken};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Says all this in one write and reads until the server closes.
async fn say(port: u16, words: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(words.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

fn codes(answer: &str) -> Vec<&str> {
    let last = answer.lines().filter(|line| line.as_bytes()[3] == b' ');
    last.map(|line| &line[..3]).collect()
}

#[tokio::test]
async fn a_pattern_counts_each_address_by_itself() {
    let script: Script = "to busy-*@example.org first 1: reply 451 4.2.1 Busy"
        .parse()
        .unwrap();
    let server = Server::start(script).await.unwrap();
    let words = "EHLO a\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<busy-1@example.org>\r\n\
        RCPT TO:<busy-1@example.org>\r\nRCPT TO:<busy-2@example.org>\r\n\
        RCPT TO:<free@example.org>\r\nQUIT\r\n";
    let answer = say(server.address().port(), words).await;
    let wanted = ["220", "250", "250", "451", "250", "451", "250", "221"];
    assert_eq!(codes(&answer), wanted);
}

#[tokio::test]
async fn a_step_is_counted_over_all_connections() {
    let script: Script = "on mail every 2: reply 421 4.3.2 Restarting"
        .parse()
        .unwrap();
    let server = Server::start(script).await.unwrap();
    let words = "EHLO a\r\nMAIL FROM:<a@example.org>\r\nQUIT\r\n";
    let mut seen = Vec::new();
    for _ in 0..4 {
        let answer = say(server.address().port(), words).await;
        seen.push(codes(&answer)[2].to_owned());
    }
    assert_eq!(seen, ["250", "421", "250", "421"]);
}

#[tokio::test]
async fn a_telling_server_hands_on_each_message_and_keeps_none() {
    let (told, heard) = std::sync::mpsc::channel();
    let tell = move |received| told.send(received).unwrap();
    let server = Server::start_telling(0, Script::new(), tell).await.unwrap();
    let words = "EHLO me.example\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\n\
        DATA\r\nSubject: Hello\r\n\r\nText\r\n.\r\nQUIT\r\n";
    let answer = say(server.address().port(), words).await;
    let wanted = ["220", "250", "250", "250", "354", "250", "221"];
    assert_eq!(codes(&answer), wanted);
    let received = heard.recv().unwrap();
    assert_eq!(received.helo, "me.example");
    assert_eq!(received.to, "b@example.org");
    assert!(received.accepted);
    assert_eq!(server.received(), []);
    assert_eq!(server.commands(), []);
}

#[tokio::test]
async fn a_sink_counts_messages_however_they_are_cut() {
    let sink = Sink::start(0).await.unwrap();
    let port = sink.address().port();
    let one = "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n";
    let words = format!("EHLO a\r\n{one}Text\r\n..\r\n.\r\n{one}.\r\n{one}Last\r\n.\r\nQUIT\r\n");
    let whole = say(port, &words).await;
    assert_eq!(codes(&whole).len(), 15, "{whole}");
    let octets = sink.taken().octets;

    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.set_nodelay(true).unwrap();
    for byte in words.as_bytes() {
        stream.write_all(&[*byte]).await.unwrap();
    }
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert_eq!(answer, whole);
    let taken = Taken {
        messages: 6,
        octets: 2 * octets,
    };
    assert_eq!(sink.taken(), taken);
}
