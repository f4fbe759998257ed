//! Who is at the other end: address and kind of browser.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;

use crate::app::App;

/// The client's address, seen through trusted proxies only.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// What limits count by: an IPv4 address, or the /64 that one IPv6 customer has.
    pub fn key(self) -> IpAddr {
        match self.0 {
            IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or_else(
                || {
                    let s = v6.segments();
                    IpAddr::from([s[0], s[1], s[2], s[3], 0, 0, 0, 0])
                },
                IpAddr::V4,
            ),
            v4 @ IpAddr::V4(_) => v4,
        }
    }

    /// The network around it, for events: of IPv4 a /24, of IPv6 a /48.
    pub fn network(self) -> String {
        match self.key() {
            IpAddr::V4(v4) => {
                let [a, b, c, _] = v4.octets();
                format!("{a}.{b}.{c}.0/24")
            }
            IpAddr::V6(v6) => {
                let [a, b, c, ..] = v6.segments();
                format!("{}/48", IpAddr::from([a, b, c, 0, 0, 0, 0, 0]))
            }
        }
    }

    /// Shortened for people and for storage: the last part of the address is nobody's business.
    pub fn shortened(self) -> String {
        match self.key() {
            IpAddr::V4(v4) => {
                let [a, b, c, _] = v4.octets();
                format!("{a}.{b}.{c}.0")
            }
            IpAddr::V6(v6) => format!("{v6}/64"),
        }
    }
}

impl FromRequestParts<App> for ClientAddress {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::from([0, 0, 0, 0]), |info| info.0.ip());
        Ok(Self(behind_proxies(&parts.headers, peer, &app.config.trusted_proxies)))
    }
}

/// Walks `X-Forwarded-For` from the right past the proxies we trust, and no further than it can be read; what stands
/// left of that is a client's own word.
fn behind_proxies(headers: &HeaderMap, peer: IpAddr, trusted: &[IpAddr]) -> IpAddr {
    // What is no text is a hop that can't be read, not one that isn't there.
    let lines = headers.get_all("x-forwarded-for").iter().map(|line| line.to_str().unwrap_or("unreadable"));
    let hops: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
    let mut hops = hops.into_iter().rev();
    let mut nearest = peer.to_canonical();
    while trusted.iter().any(|proxy| proxy.to_canonical() == nearest) {
        match hops.next().and_then(parse_hop) {
            Some(hop) => nearest = hop,
            None => break,
        }
    }
    nearest
}

/// An address, which some proxies write with a port: `192.0.2.7`, `192.0.2.7:443`, `2001:db8::1`, `[2001:db8::1]:443`.
fn parse_hop(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let plain = hop.strip_prefix('[').and_then(|hop| hop.strip_suffix(']')).unwrap_or(hop);
    let address = plain.parse().or_else(|_| hop.parse::<SocketAddr>().map(|address| address.ip()));
    address.ok().map(|address| address.to_canonical())
}

/// "Firefox on Linux", from the user agent; for the list of sessions.
pub fn describe(headers: &HeaderMap) -> String {
    let agent = headers.get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let first = |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    // Order matters: Edge and Opera also say Chrome, Chrome also says Safari, Android also says Linux.
    let browser = first(&[("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")]);
    let system = first(&[
        ("Windows", "Windows"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        _ => "Unknown browser".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let headers: HeaderMap =
            [("x-forwarded-for".parse().unwrap(), "6.6.6.6, 203.0.113.9, 10.0.0.2".parse().unwrap())].into_iter().collect();
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        assert_eq!(behind_proxies(&headers, ip("198.51.100.1"), &[ip("10.0.0.1")]), ip("198.51.100.1"));
        assert_eq!(behind_proxies(&headers, ip("10.0.0.1"), &[ip("10.0.0.1"), ip("10.0.0.2")]), ip("203.0.113.9"));
    }

    #[test]
    fn a_hop_that_can_t_be_read_ends_the_walk() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let trusted = [ip("10.0.0.1"), ip("::ffff:10.0.0.2"), ip("2001:db8::2")];
        let seen = |forwarded: &[u8]| {
            let value = axum::http::HeaderValue::from_bytes(forwarded).unwrap();
            let headers: HeaderMap = [("x-forwarded-for".parse().unwrap(), value)].into_iter().collect();
            behind_proxies(&headers, ip("::ffff:10.0.0.1"), &trusted).to_string()
        };
        assert_eq!(seen(b"6.6.6.6, unknown"), "10.0.0.1");
        assert_eq!(seen(b"6.6.6.6, , 10.0.0.2"), "10.0.0.2");
        assert_eq!(seen(b"6.6.6.6, \xff"), "10.0.0.1");
        assert_eq!(seen(b"6.6.6.6, 203.0.113.9:4711, 10.0.0.2:80, [2001:db8::2]:443"), "203.0.113.9");
        assert_eq!(seen(b"6.6.6.6, [2001:db8::9]:4711"), "2001:db8::9");
        assert_eq!(seen(b"6.6.6.6, [2001:db8::9], ::ffff:10.0.0.2"), "2001:db8::9");
        assert_eq!(seen(b"10.0.0.2"), "10.0.0.2");
    }

    #[test]
    fn a_network_names_nobody_in_it() {
        let network = |text: &str| ClientAddress(text.parse().unwrap()).network();
        assert_eq!(network("203.0.113.77"), "203.0.113.0/24");
        assert_eq!(network("::ffff:203.0.113.77"), "203.0.113.0/24");
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1::/48");
    }

    #[test]
    fn one_ipv6_customer_counts_once() {
        let key = |text: &str| ClientAddress(text.parse().unwrap()).key();
        assert_eq!(key("2001:db8:1:2:3:4:5:6"), key("2001:db8:1:2:ffff::1"));
        assert_eq!(key("::ffff:192.0.2.7"), key("192.0.2.7"));
    }
}
