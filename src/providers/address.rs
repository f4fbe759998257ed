//! Which addresses a provider may have. What is checked is the address that a socket connects to, never the name
//! alone: [`super::resolver`] asks here for every name, and [`check`] for addresses that are written as numbers.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use reqwest::Url;

/// How far a provider's address may lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// On the public internet alone: for what is typed on a page.
    Public,
    /// In this machine and its network too: for what is said by who runs the machine.
    Private,
}

/// Why an address is refused. The words are for the administrator who typed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is no address of a server.
    #[error("That isn’t the address of a server. It looks like https://api.example.org/v1.")]
    NoAddress,
    /// It names a person and a password.
    #[error("An address with a name or password in it can’t be used. Give the key in its own field.")]
    Credentials,
    /// It lies in this machine or its network.
    #[error(
        "That address lies in this machine or its own network. To allow it, write private_providers = true into takeback.toml \
         (or set TAKEBACK_PRIVATE_PROVIDERS=true) and restart; or add the provider to takeback.toml itself."
    )]
    Private,
    /// It is one at which clouds tell their machines' secrets.
    #[error("That address is never asked: it is one of those at which clouds keep their machines’ secrets.")]
    Forbidden,
}

/// Reads an address, and checks it as far as that goes without asking for its name.
///
/// # Errors
/// [`Refused`]
pub fn check(url: &str, reach: Reach) -> Result<Url, Refused> {
    let url = url.trim();
    // Programs read these in different ways, and so might somebody who looks at the address.
    if url.contains(['\\', '?', '#']) || url.contains(char::is_whitespace) {
        return Err(Refused::NoAddress);
    }
    let url = Url::parse(url).map_err(|_| Refused::NoAddress)?;
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or(Refused::NoAddress)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Refused::NoAddress);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Refused::Credentials);
    }
    // The parser has turned every spelling of a number (0x7f.1, 2130706433, ①②⑦.⓪.⓪.①) into the usual one.
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(ip) = bare.parse::<IpAddr>() {
        allowed(ip, reach)?;
    }
    Ok(url)
}

/// Whether a socket may connect to this.
///
/// # Errors
/// [`Refused::Private`] or [`Refused::Forbidden`].
pub fn allowed(ip: IpAddr, reach: Reach) -> Result<(), Refused> {
    let embedded = match ip {
        IpAddr::V4(ip) => Some(ip),
        IpAddr::V6(ip) => embedded(ip),
    };
    if embedded.is_some_and(is_metadata_4) || matches!(ip, IpAddr::V6(ip) if is_metadata_6(ip)) {
        return Err(Refused::Forbidden);
    }
    let public = match (ip, embedded) {
        (_, Some(ip)) => is_public_4(ip),
        (IpAddr::V6(ip), None) => is_public_6(ip),
        (IpAddr::V4(_), None) => false,
    };
    if public || reach == Reach::Private { Ok(()) } else { Err(Refused::Private) }
}

/// The IPv4 address that an IPv6 one stands for: mapped, translated (NAT64), or of old (compatible).
fn embedded(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let of = |high: u16, low: u16| Some(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)));
    match ip.segments() {
        // `::` and `::1` are addresses of their own.
        [0, 0, 0, 0, 0, 0, 0, _] => None,
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] | [0, 0, 0, 0, 0xffff, 0, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            of(high, low)
        }
        // 6to4
        [0x2002, high, low, ..] => of(high, low),
        _ => None,
    }
}

/// Link-local, where most clouds have them, and the few that are elsewhere.
fn is_metadata_4(ip: Ipv4Addr) -> bool {
    const ELSEWHERE: [Ipv4Addr; 3] = [
        Ipv4Addr::new(100, 100, 100, 200), // Alibaba
        Ipv4Addr::new(192, 0, 0, 192),     // Oracle
        Ipv4Addr::new(168, 63, 129, 16),   // Azure
    ];
    ip.is_link_local() || ELSEWHERE.contains(&ip)
}

fn is_metadata_6(ip: Ipv6Addr) -> bool {
    let elsewhere = [
        Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254), // Amazon
        Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254),  // Google
    ];
    ip.is_unicast_link_local() || elsewhere.contains(&ip)
}

fn is_public_4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || matches!((a, b, c), (0 | 224.., ..) | (100, 64..=127, _) | (192, 0, 0) | (192, 88, 99) | (198, 18 | 19, _)))
}

/// Of what was given out (`2000::/3`), without what has a meaning of its own.
fn is_public_6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    a & 0xe000 == 0x2000 && !matches!((a, b), (0x2001, 0..=0x1ff | 0xdb8) | (0x2002, _) | (0x3fff, 0..=0xfff))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(ip: &str, reach: Reach) -> Result<(), Refused> {
        allowed(ip.parse().unwrap(), reach)
    }

    #[test]
    fn what_is_not_public_is_refused_in_every_form() {
        for ip in [
            "0.0.0.0",
            "127.0.0.1",
            "10.1.2.3",
            "172.31.0.1",
            "192.168.1.1",
            "100.64.0.1",
            "198.19.0.1",
            "192.0.0.8",
            "203.0.113.5",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::ffff:0:127.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "fec0::1",
            "3fff::1",
        ] {
            assert_eq!(verdict(ip, Reach::Public), Err(Refused::Private), "{ip}");
            assert_eq!(verdict(ip, Reach::Private), Ok(()), "{ip}");
        }
        for ip in ["8.8.8.8", "2606:4700::1111", "2001:4860:4860::8888", "64:ff9b::808:808", "::ffff:8.8.8.8"] {
            assert_eq!(verdict(ip, Reach::Public), Ok(()), "{ip}");
        }
    }

    #[test]
    fn where_clouds_keep_secrets_nobody_is_sent_not_even_by_who_runs_the_machine() {
        for ip in [
            "169.254.169.254",
            "169.254.170.2",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "2002:a9fe:a9fe::",
            "fe80::1",
            "fd00:ec2::254",
            "fd20:ce::254",
            "100.100.100.200",
            "192.0.0.192",
            "168.63.129.16",
        ] {
            assert_eq!(verdict(ip, Reach::Private), Err(Refused::Forbidden), "{ip}");
        }
    }

    #[test]
    fn an_address_is_read_as_a_browser_reads_it() {
        for url in ["http://0x7f.1", "http://2130706433/", "http://①②⑦.⓪.⓪.①/", "http://[::1]:80/"] {
            assert_eq!(check(url, Reach::Public).unwrap_err(), Refused::Private, "{url}");
        }
        assert_eq!(check("https://ada:pw@example.org", Reach::Public).unwrap_err(), Refused::Credentials);
        for url in [
            "",
            "example.org",
            "file:///etc/passwd",
            "http://",
            "unix:/x",
            "http://127.0.0.1%2f.example.org/",
            "http://127.0.0.1\\@api.openai.com/",
        ] {
            assert_eq!(check(url, Reach::Private).unwrap_err(), Refused::NoAddress, "{url}");
        }
        assert!(check("https://api.openai.com/v1", Reach::Public).is_ok());
    }
}
