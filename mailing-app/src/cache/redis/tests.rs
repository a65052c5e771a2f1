//! Servers that are there, gone, stalled, full, and none at all.

use chrono::DateTime;
use mailing_core::testing::VirtualClock;
use mailing_core::testing::builders::{id, start};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

use super::*;

const MINUTE: Duration = Duration::from_secs(60);

fn clock() -> VirtualClock {
    VirtualClock::at(DateTime::UNIX_EPOCH)
}

fn cache_at(port: u16, database: DatabaseId, clock: &VirtualClock) -> RedisCache {
    let url = SecretUrl::new(format!("redis://127.0.0.1:{port}/0"));
    RedisCache::new(url, database, Arc::new(clock.clone()))
}

/// A server that says this to everybody, and nothing more.
async fn babbler(words: &'static [u8]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let mut callers = Vec::new();
        while let Ok((mut caller, _)) = listener.accept().await {
            let _ = caller.write_all(words).await;
            callers.push(caller);
        }
    });
    port
}

/// Asks until the server is used.
async fn until_there(cache: &RedisCache) {
    let asked = async {
        while cache.statistics().is_away {
            cache.load("anything").await;
            tokio::task::yield_now().await;
        }
        Ok(())
    };
    in_time(Duration::from_secs(20), asked).await.unwrap();
}

#[tokio::test]
async fn a_server_that_answers_garbage_or_nothing_breaks_nothing() {
    for words in [&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], b"$-7\r\n", b""] {
        let cache = cache_at(babbler(words).await, id(start()), &clock());
        assert_eq!(cache.load("home").await, None);
        cache.store("home", b"1".to_vec(), MINUTE).await;
        assert_eq!(cache.load("home").await.as_deref(), Some(&b"1"[..]));
        cache.forget("home").await;
        assert_eq!(cache.load("home").await, None);
        assert!(cache.statistics().is_away);
    }
}

#[tokio::test]
async fn what_cannot_be_forgotten_now_is_forgotten_before_the_server_is_believed() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = nobody.local_addr().unwrap().port();
    drop(nobody);
    let cache = cache_at(port, id(start()), &clock());
    for number in 0..=FORGOTTEN_MAX {
        cache.forget(&number.to_string()).await;
    }
    assert!(matches!(cache.shared.link().forgotten, Forgotten::All));
    cache.forget("one more").await;
    assert!(matches!(cache.shared.link().forgotten, Forgotten::All));
}

mod needs_redis {
    use std::process::Stdio;

    use tokio::io::{AsyncBufReadExt as _, BufReader};
    use tokio::process::{Child, Command};

    use super::*;

    /// A server of the test's own; it goes with the value.
    struct Server {
        port: u16,
        process: Child,
    }

    impl Server {
        async fn start(options: &[&str]) -> Self {
            let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let port = free.local_addr().unwrap().port();
            drop(free);
            let process = Self::run(port, options).await;
            Self { port, process }
        }

        async fn run(port: u16, options: &[&str]) -> Child {
            let mut process = Command::new("redis-server")
                .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
                .args(["--save", "", "--appendonly", "no", "--dir", "/tmp"])
                .args(options)
                .stdout(Stdio::piped())
                .kill_on_drop(true)
                .spawn()
                .expect("redis-server is not installed: run scripts/setup");
            let mut said = BufReader::new(process.stdout.take().unwrap()).lines();
            loop {
                let line = said.next_line().await.unwrap();
                let line = line.expect("redis-server ended at its start");
                if line.contains("Ready to accept connections") {
                    break;
                }
            }
            // What it says later must not stop it.
            tokio::spawn(async move { while let Ok(Some(_)) = said.next_line().await {} });
            process
        }

        async fn kill(&mut self) {
            self.process.kill().await.unwrap();
        }

        async fn restart(&mut self) {
            self.process = Self::run(self.port, &[]).await;
        }

        fn signal(&self, signal: rustix::process::Signal) {
            let pid = i32::try_from(self.process.id().unwrap()).unwrap();
            let pid = rustix::process::Pid::from_raw(pid).unwrap();
            rustix::process::kill_process(pid, signal).unwrap();
        }

        /// What its own client answers.
        async fn client(&self, words: &[&str]) -> String {
            let told = Command::new("redis-cli")
                .args(["-p", &self.port.to_string(), "--raw"])
                .args(words)
                .output()
                .await
                .unwrap();
            String::from_utf8(told.stdout).unwrap().trim().to_owned()
        }
    }

    #[tokio::test]
    async fn what_one_process_keeps_another_one_of_the_same_database_finds() {
        let server = Server::start(&[]).await;
        let (clock, database) = (clock(), id(start()));
        let one = cache_at(server.port, database, &clock);
        let two = cache_at(server.port, database, &clock);
        let stranger = cache_at(server.port, id(start()), &clock);
        for cache in [&one, &two, &stranger] {
            until_there(cache).await;
        }
        let value = vec![0, 255, b'\r', b'\n'];
        one.store("home", value.clone(), MINUTE).await;
        assert_eq!(two.load("home").await, Some(value));
        assert_eq!(stranger.load("home").await, None);
        two.forget("home").await;
        assert_eq!(one.load("home").await, None);
    }

    #[tokio::test]
    async fn each_value_has_its_own_time() {
        let server = Server::start(&[]).await;
        let cache = cache_at(server.port, id(start()), &clock());
        until_there(&cache).await;
        cache.store("long", b"1".to_vec(), MINUTE * 60).await;
        cache.store("short", b"1".to_vec(), MINUTE).await;
        let mut left = Vec::new();
        for name in ["*short", "*long"] {
            let key = server.client(&["KEYS", name]).await;
            let seconds = server.client(&["TTL", &key]).await;
            left.push(seconds.parse::<i64>().unwrap());
        }
        assert!((1..=60).contains(&left[0]), "{left:?}");
        assert!((61..=3_600).contains(&left[1]), "{left:?}");
    }

    #[tokio::test]
    async fn a_server_that_dies_stops_nothing_and_is_used_when_it_is_back() {
        let mut server = Server::start(&[]).await;
        let clock = clock();
        let cache = cache_at(server.port, id(start()), &clock);
        until_there(&cache).await;
        cache.store("home", b"1".to_vec(), MINUTE).await;
        server.kill().await;
        assert_eq!(cache.load("home").await, None);
        assert!(cache.statistics().is_away);
        cache.store("home", b"2".to_vec(), MINUTE).await;
        assert_eq!(cache.load("home").await.as_deref(), Some(&b"2"[..]));
        server.restart().await;
        clock.advance(PAUSE);
        until_there(&cache).await;
        cache.store("home", b"3".to_vec(), MINUTE).await;
        assert!(!server.client(&["KEYS", "*home"]).await.is_empty());
        server.kill().await;
        assert_eq!(cache.load("home").await, None);
        assert_eq!(cache.load("home").await, None, "the outage before is over");
    }

    #[tokio::test]
    async fn a_server_that_stalls_forgets_what_was_forgotten_meanwhile() {
        let server = Server::start(&[]).await;
        let clock = clock();
        let cache = cache_at(server.port, id(start()), &clock);
        until_there(&cache).await;
        for key in ["stays", "goes"] {
            cache.store(key, b"1".to_vec(), MINUTE).await;
        }
        server.signal(rustix::process::Signal::STOP);
        assert_eq!(cache.load("stays").await, None);
        assert!(cache.statistics().is_away);
        cache.forget("goes").await;
        server.signal(rustix::process::Signal::CONT);
        clock.advance(PAUSE);
        until_there(&cache).await;
        assert_eq!(cache.load("goes").await, None);
        assert_eq!(cache.load("stays").await.as_deref(), Some(&b"1"[..]));
    }

    #[tokio::test]
    async fn a_full_server_keeps_answering() {
        let server = Server::start(&["--maxmemory", "3mb"]).await;
        let cache = cache_at(server.port, id(start()), &clock());
        until_there(&cache).await;
        cache.store("small", b"1".to_vec(), MINUTE).await;
        server.client(&["CONFIG", "SET", "maxmemory", "1"]).await;
        cache.store("more", vec![b'x'; 1_000], MINUTE).await;
        assert_eq!(cache.load("more").await, None);
        assert_eq!(cache.load("small").await.as_deref(), Some(&b"1"[..]));
        assert!(!cache.statistics().is_away);
    }

    #[tokio::test]
    async fn a_value_of_another_form_is_no_value() {
        let server = Server::start(&[]).await;
        let cache = cache_at(server.port, id(start()), &clock());
        until_there(&cache).await;
        cache.store("home", b"1".to_vec(), MINUTE).await;
        let key = server.client(&["KEYS", "*home"]).await;
        server.client(&["SET", &key, "{\"old\":1}"]).await;
        assert_eq!(cache.load("home").await, None);
        assert!(!cache.statistics().is_away);
    }
}
