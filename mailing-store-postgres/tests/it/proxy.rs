//! A TCP proxy before the server: cuts connections, goes away, loses an answer.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What the proxy does to connections.
#[derive(Debug, Default)]
struct Orders {
    is_away: bool,
    /// The answer to a client's packet with these bytes is lost, and with it the connection.
    lose_answer_to: Option<&'static [u8]>,
    /// So many connections break without a word at a client's packet with these bytes.
    fall_silent_at: Option<(&'static [u8], usize)>,
}

/// A proxy before one server.
pub(crate) struct Proxy {
    port: u16,
    orders: Mutex<Orders>,
    /// Moves with each cut: all connections made before end.
    cuts: watch::Sender<u64>,
}

impl Proxy {
    /// A proxy on a free port.
    pub(crate) async fn before(server: SocketAddr) -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = Arc::new(Self {
            port: listener.local_addr().unwrap().port(),
            orders: Mutex::default(),
            cuts: watch::channel(0).0,
        });
        let accepting = Arc::clone(&proxy);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let proxy = Arc::clone(&accepting);
                tokio::spawn(async move { proxy.carry(client, server).await });
            }
        });
        proxy
    }

    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    /// Ends all connections.
    pub(crate) fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// Ends all connections and each new one at once.
    pub(crate) fn go_away(&self) {
        self.orders.lock().unwrap().is_away = true;
        self.cut();
    }

    pub(crate) fn come_back(&self) {
        self.orders.lock().unwrap().is_away = false;
    }

    /// The next packet with these bytes reaches the server; its answer does not reach the client.
    pub(crate) fn cut_at_answer_to(&self, bytes: &'static [u8]) {
        self.orders.lock().unwrap().lose_answer_to = Some(bytes);
    }

    /// So many connections break without a word when they are to carry these bytes: for the
    /// client they stay open, and nothing goes through any more.
    pub(crate) fn fall_silent_at(&self, bytes: &'static [u8], connections: usize) {
        self.orders.lock().unwrap().fall_silent_at = Some((bytes, connections));
    }

    /// How many connections are still to break.
    pub(crate) fn silences_left(&self) -> usize {
        let orders = self.orders.lock().unwrap();
        orders.fall_silent_at.map_or(0, |(_, left)| left)
    }

    async fn carry(&self, mut client: TcpStream, server: SocketAddr) {
        if self.orders.lock().unwrap().is_away {
            return;
        }
        let mut cut = self.cuts.subscribe();
        let mut server = TcpStream::connect(server).await.unwrap();
        let (mut asked, mut answered) = (vec![0; 65_536], vec![0; 65_536]);
        let mut loses_answer = false;
        loop {
            tokio::select! {
                _ = cut.changed() => return,
                read = client.read(&mut asked) => {
                    let Ok(length @ 1..) = read else { return };
                    if self.is_to_fall_silent(&asked[..length]) {
                        // The server has looked and given it up; the client does not know.
                        drop(server);
                        let _ = cut.changed().await;
                        return;
                    }
                    loses_answer |= self.is_to_lose(&asked[..length]);
                    if server.write_all(&asked[..length]).await.is_err() {
                        return;
                    }
                }
                read = server.read(&mut answered) => {
                    let Ok(length @ 1..) = read else { return };
                    if loses_answer || client.write_all(&answered[..length]).await.is_err() {
                        return;
                    }
                }
            }
        }
    }

    fn is_to_fall_silent(&self, packet: &[u8]) -> bool {
        let mut orders = self.orders.lock().unwrap();
        let Some((_, left)) = orders
            .fall_silent_at
            .as_mut()
            .filter(|(bytes, left)| *left > 0 && contains(packet, bytes))
        else {
            return false;
        };
        *left -= 1;
        true
    }

    fn is_to_lose(&self, packet: &[u8]) -> bool {
        let mut orders = self.orders.lock().unwrap();
        let is_it = orders
            .lose_answer_to
            .is_some_and(|bytes| contains(packet, bytes));
        if is_it {
            orders.lose_answer_to = None;
        }
        is_it
    }
}

fn contains(packet: &[u8], bytes: &[u8]) -> bool {
    packet.windows(bytes.len()).any(|part| part == bytes)
}
