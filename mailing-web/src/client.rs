//! Where a request came from: the peer, or what proxies that we trust say of it (S3).

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use poem::Request;
use poem::http::HeaderMap;

/// The block of addresses of the client: one of IPv4, a /64 of IPv6. `trusted` are the proxies whose
/// `X-Forwarded-For` is believed; anybody else's is not read.
pub(crate) fn block(req: &Request, trusted: &[IpAddr]) -> String {
    peer(req).map_or_else(
        || "unknown".to_owned(),
        |peer| text(behind(peer, req.headers(), trusted)),
    )
}

/// True when a proxy that we trust says that it was asked without encryption.
pub(crate) fn came_in_the_clear(req: &Request, trusted: &[IpAddr]) -> bool {
    peer(req).is_some_and(|peer| asked_in_the_clear(peer, req.headers(), trusted))
}

fn asked_in_the_clear(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> bool {
    trusted.contains(&peer) && values(headers, "x-forwarded-proto").last() == Some(&"http")
}

fn peer(req: &Request) -> Option<IpAddr> {
    let peer = req.remote_addr().as_socket_addr().map(SocketAddr::ip)?;
    Some(peer.to_canonical())
}

/// The values of a header that is a list, or stands several times.
fn values<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect()
}

/// The first address, from our end, that is none of our proxies. Each of them adds its peer at the
/// end, so what stands before that may be forged.
fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let mut client = peer;
    for hop in values(headers, "x-forwarded-for").iter().rev() {
        if !trusted.contains(&client) {
            break;
        }
        match hop.parse::<IpAddr>() {
            Ok(address) => client = address.to_canonical(),
            Err(_) => break,
        }
    }
    client
}

/// An address of IPv4, the /64 of one of IPv6.
pub(crate) fn text(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let prefix = u128::from(address) >> 64 << 64;
            format!("{}/64", Ipv6Addr::from(prefix))
        }
    }
}

#[cfg(test)]
mod tests {
    use poem::http::HeaderValue;

    use super::*;

    fn headers(name: &'static str, values: &[&'static str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name, HeaderValue::from_static(value));
        }
        headers
    }

    fn client(peer: &str, forwarded: &[&'static str], trusted: &[&str]) -> String {
        let trusted: Vec<_> = trusted
            .iter()
            .map(|address| address.parse().unwrap())
            .collect();
        let headers = headers("x-forwarded-for", forwarded);
        text(behind(peer.parse().unwrap(), &headers, &trusted))
    }

    #[test]
    fn a_forged_header_is_not_read() {
        let forged = ["203.0.113.9"];
        assert_eq!(client("192.0.2.1", &forged, &[]), "192.0.2.1");
        assert_eq!(client("192.0.2.1", &forged, &["192.0.2.2"]), "192.0.2.1");
    }

    #[test]
    fn behind_our_proxies_the_last_address_that_is_not_theirs_counts() {
        let trusted = ["10.0.0.1", "10.0.0.2"];
        for (forwarded, expected) in [
            (&["203.0.113.9"][..], "203.0.113.9"),
            (&["1.1.1.1, 203.0.113.9", "10.0.0.2"], "203.0.113.9"),
            (&["1.1.1.1, rubbish"], "10.0.0.1"),
            (&[], "10.0.0.1"),
            (&["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
            (&["::ffff:203.0.113.9"], "203.0.113.9"),
        ] {
            assert_eq!(client("10.0.0.1", forwarded, &trusted), expected);
        }
    }

    #[test]
    fn only_our_proxy_tells_that_it_was_asked_in_the_clear() {
        let ours: IpAddr = "10.0.0.1".parse().unwrap();
        let other: IpAddr = "192.0.2.1".parse().unwrap();
        let clear = headers("x-forwarded-proto", &["http"]);
        assert!(asked_in_the_clear(ours, &clear, &[ours]));
        assert!(!asked_in_the_clear(other, &clear, &[ours]));
        let secure = headers("x-forwarded-proto", &["http", "https"]);
        assert!(!asked_in_the_clear(ours, &secure, &[ours]));
        assert!(!asked_in_the_clear(ours, &HeaderMap::new(), &[ours]));
    }
}
