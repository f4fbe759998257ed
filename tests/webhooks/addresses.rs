//! No webhook leads where it should not.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use takeback::config::Config;
use takeback::providers::resolver::Lookup;
use takeback::providers::settings::Key;
use takeback::webhooks::send::{Answer, Clients, send};
use takeback::webhooks::{address, secret};

use super::{EVERYTHING, Scene, idle, pass};
use crate::support::{Fickle, Receiver, TestApp, Written, corpus};

const REFUSED: Answer = Answer::None("The address is one that this server may not connect to.");

async fn told(lookup: Arc<dyn Lookup>, config: &Config, url: &str) -> Answer {
    let secrets: [Key; 1] = [secret::mint()];
    send(&Clients::new(lookup), config, url, &secrets, "whd_x", 0, "{}").await.unwrap()
}

#[tokio::test]
async fn no_spelling_of_a_private_address_is_taken_or_asked() {
    let Some(hosts) = corpus("ssrf/ssrf-hosts.txt") else { return };
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let program = app.program_of(&owner.user).await;
    let hosts = std::fs::read_to_string(hosts).unwrap();
    let hosts: Vec<&str> = hosts.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    assert!(hosts.len() > 50);
    let mut by_name = 0;
    for host in hosts {
        for url in [host.to_owned(), host.replacen("http://", "https://", 1)] {
            assert_eq!(told(Arc::new(Written), &app.config, &url).await, REFUSED, "{url}");
            if address::check(&url, &app.config).is_ok() {
                // A name: what it stands for is seen when it is asked.
                by_name += 1;
                continue;
            }
            let reply = program.post("/v1/webhook_endpoints", &json!({"name": "x", "url": url, "event_types": EVERYTHING})).await;
            assert_eq!(reply.refusal(), (400, "invalid_request_error".to_owned(), Some("url".to_owned())), "{url}");
        }
    }
    assert!(by_name > 0);
}

/// The name is public when it is looked at, and this machine when it is asked.
#[tokio::test]
async fn a_name_that_changes_its_mind_is_not_followed_into_this_machine() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let url = format!("https://rebinding.example:{}/hook", receiver.address.port());
    assert!(address::check(&url, &app.config).is_ok());
    let lookup = Fickle::new(&["127.0.0.1"]);
    assert_eq!(told(lookup, &app.config, &url).await, REFUSED);
    assert!(receiver.all().is_empty());

    // The same name, for who may: so it was the check that held it back.
    let mut config = app.config.clone();
    config.private_webhooks = true;
    let url = url.replace("https://", "http://");
    assert_eq!(told(Fickle::new(&["127.0.0.1"]), &config, &url).await, Answer::Status(204));
    assert_eq!(receiver.all().len(), 1);
}

#[tokio::test]
async fn metadata_of_clouds_is_never_asked_for_not_even_where_private_addresses_are_allowed() {
    let app = super::start().await;
    for ip in ["169.254.169.254", "fe80::1", "fd00:ec2::254", "::ffff:169.254.169.254"] {
        assert_eq!(told(Fickle::new(&[ip]), &app.config, "http://metadata.example/").await, REFUSED, "{ip}");
        let bare = if ip.contains(':') { format!("[{ip}]") } else { ip.to_owned() };
        assert_eq!(told(Arc::new(Written), &app.config, &format!("http://{bare}/")).await, REFUSED, "{ip}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let scene = Scene::new().await;
    let elsewhere = Receiver::start().await;
    for (count, status) in (1..).zip([301, 302, 303, 307, 308]) {
        scene.receiver.redirect_next(status, &elsewhere.url());
        scene.share().await;
        scene.receiver.heard(count).await;
        idle(&scene.app).await;
        let list = scene.program.get(&format!("/v1/webhook_endpoints/{}/deliveries?limit=1", scene.id)).await.json();
        assert_eq!(list["data"][0]["status_code"], status);
        assert!(list["data"][0]["problem"].as_str().unwrap().contains("redirect"), "{list}");
        // So that what waits to be told again doesn't come between.
        scene.app.run("UPDATE webhook_endpoints SET failing_since = 0 WHERE id = $1", &scene.id).await;
        let query = "DELETE FROM webhook_deliveries WHERE endpoint_id = $1";
        scene.app.run(query, &scene.id).await;
        pass(&scene.app, Duration::from_secs(600));
        idle(&scene.app).await;
    }
    assert!(elsewhere.all().is_empty());
}

/// The server's setting may have changed since, or who wrote the row was another version.
#[tokio::test]
async fn an_address_is_checked_again_each_time_it_is_told_something() {
    let scene = Scene::new().await;
    let Scene { app, receiver, owner, id, .. } = scene;
    let app = app.restart_with(|config| config.private_webhooks = false).await;
    let program = app.program_of(&owner.user).await;
    let talk = app.small_talk(&owner.user).await;
    app.share(&owner.user, &talk).await;
    idle(&app).await;
    let list = program.get(&format!("/v1/webhook_endpoints/{id}/deliveries")).await.json();
    let delivery = &list["data"][0];
    assert_eq!((&delivery["status"], &delivery["attempts"], &delivery["status_code"]), (&json!("waiting"), &json!(1), &json!(null)));
    assert!(delivery["problem"].as_str().unwrap().contains("may not connect to"), "{list}");
    let test = program.post(&format!("/v1/webhook_endpoints/{id}/test"), &json!({"event_type": "shared_link.created"})).await;
    assert_eq!(test.refusal(), (422, "unprocessable".to_owned(), Some("url".to_owned())));
    assert!(receiver.all().is_empty());
}
