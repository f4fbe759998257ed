//! The server never asks what it should not.

use std::sync::Arc;
use std::time::Duration;

use takeback::providers::address::{self, Reach};
use takeback::providers::provider::Provider;
use takeback::providers::remote::Remote;
use takeback::providers::resolver::{Checked, Lookup, System};
use takeback::providers::settings::{Kind, ProviderSettings};

use super::{remote, told};
use crate::support::{Fickle, Script, Upstream, Written, corpus};

fn at(url: &str, kind: Kind, reach: Reach, lookup: Arc<dyn Lookup>) -> Remote {
    Remote::new(ProviderSettings::new("Lab", kind, url, Some("sk-test")), reach, lookup, Duration::from_secs(5))
}

#[tokio::test]
async fn no_spelling_of_a_private_address_is_asked() {
    let Some(hosts) = corpus("ssrf/ssrf-hosts.txt") else { return };
    let hosts = std::fs::read_to_string(hosts).unwrap();
    let hosts: Vec<&str> = hosts.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    assert!(hosts.len() > 50);
    for host in hosts {
        for kind in Kind::ALL {
            let provider = at(host, kind, Reach::Public, Arc::new(Written));
            let problem = told(&provider, "Hello").await.1;
            assert!(problem.contains("may not connect to"), "{host} as {kind:?}: {problem}");
            let problem = provider.models().await.unwrap_err().words;
            assert!(problem.contains("may not connect to"), "{host} as {kind:?}: {problem}");
        }
    }
}

/// The name is public when it is looked at, and this machine when it is asked.
#[tokio::test]
async fn a_name_that_changes_its_mind_is_not_followed_into_this_machine() {
    let upstream = Upstream::start().await;
    let url = format!("http://rebinding.example:{}", upstream.address().port());
    let lookup = Fickle::new(&["8.8.8.8", "127.0.0.1"]);
    let resolver = Checked { lookup: lookup.clone(), reach: Reach::Public };
    let host = address::check(&url, Reach::Public).unwrap();
    assert!(resolver.addresses(host.host_str().unwrap()).await.is_ok(), "a public address by first look");
    let provider = at(&url, Kind::Compatible, Reach::Public, lookup);
    assert!(told(&provider, "Hello").await.1.contains("may not connect to"));
    assert!(provider.models().await.unwrap_err().words.contains("may not connect to"));
    assert!(upstream.requests().is_empty() && upstream.list_requests().is_empty());

    // The same name, for who may: so it was the check that held it back.
    let allowed = at(&url, Kind::Compatible, Reach::Private, Fickle::new(&["127.0.0.1"]));
    assert_eq!(told(&allowed, "Hello").await.0, "A scripted answer.");
}

#[tokio::test]
async fn metadata_of_clouds_is_never_asked_for_not_even_by_who_runs_the_machine() {
    for ip in ["169.254.169.254", "fe80::1", "fd00:ec2::254", "::ffff:169.254.169.254"] {
        let by_name = at("http://metadata.example", Kind::Compatible, Reach::Private, Fickle::new(&[ip]));
        assert!(told(&by_name, "Hello").await.1.contains("may not connect to"), "{ip}");
        let bare = if ip.contains(':') { format!("[{ip}]") } else { ip.to_owned() };
        let by_number = at(&format!("http://{bare}/v1"), Kind::Compatible, Reach::Private, Arc::new(System));
        assert!(told(&by_number, "Hello").await.1.contains("may not connect to"), "{ip}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (upstream, elsewhere) = (Upstream::start().await, Upstream::start().await);
    for kind in Kind::ALL {
        for status in [301, 302, 307, 308] {
            let there = elsewhere.base_url(kind);
            upstream.answer_next(Script::refuses(status, "moved").header("location", &there));
            upstream.answer_list(Script::refuses(status, "moved").header("location", &there));
            assert!(told(&remote(&upstream, kind), "Hello").await.1.contains("leads elsewhere"));
            assert!(remote(&upstream, kind).models().await.unwrap_err().words.contains("leads elsewhere"));
        }
    }
    assert!(elsewhere.requests().is_empty() && elsewhere.list_requests().is_empty());
}
