//! A secret is shown once, and stands nowhere else.

use serde_json::json;
use tempfile::TempDir;

use super::{Scene, idle};
use crate::support::{Program, Receiver};

#[tokio::test]
async fn a_secret_is_shown_once_and_lies_sealed() {
    let scene = Scene::new().await;
    scene.share().await;
    scene.receiver.heard(1).await;
    idle(&scene.app).await;
    let bare = scene.secret.strip_prefix("whsec_").unwrap();
    let path = format!("/v1/webhook_endpoints/{}", scene.id);
    let mut seen = Vec::new();
    for path in [&path, "/v1/webhook_endpoints", &format!("{path}/deliveries")] {
        seen.push(scene.program.get(path).await.body);
    }
    seen.push(scene.program.post(&path, &json!({"name": "Other"})).await.body);
    seen.push(scene.program.post(&format!("{path}/test"), &json!({"event_type": "shared_link.created"})).await.body);
    for path in ["", "/secret", "/delete"] {
        seen.push(scene.owner.get(&format!("/settings/webhooks/{}{path}", scene.id)).await.body);
    }
    seen.push(scene.owner.get("/settings/webhooks").await.body);
    seen.extend(scene.app.all_rows().await);
    seen.extend(scene.receiver.all().iter().map(|heard| format!("{heard:?}")));
    let found: Vec<&String> = seen.iter().filter(|text| text.contains(bare)).collect();
    assert!(found.is_empty(), "{found:?}");
    // Its ends tell it from another.
    let hint = scene.program.get(&path).await.json()["signing_secret_hint"].as_str().unwrap().to_owned();
    let (first, last) = hint.split_once('…').unwrap();
    assert!(scene.secret.starts_with(first) && scene.secret.ends_with(last) && hint.chars().count() < 20, "{hint}");
}

#[tokio::test]
async fn neither_secret_nor_address_nor_signature_is_logged_at_any_level() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("takeback.toml"), "private_webhooks = true\n").unwrap();
    let program = Program::resume(folder.path(), "trace");
    let (owner, _) = program.set_up_owner().await;
    let receiver = Receiver::start().await;
    receiver.answer_next(&[204, 500]);
    let url = format!("{}?token=CANARY-ADDRESS", receiver.url());
    let fields =
        [("name", "CANARY-NAME"), ("url", url.as_str()), ("event_types", "shared_link.created"), ("event_types", "shared_link.deleted")];
    let page = owner.post_form("/settings/webhooks", &fields).await;
    let secret = page.body.split("id=\"secret\" value=\"").nth(1).unwrap().split('"').next().unwrap().replace("&#61;", "=");
    let id = page.body.split("/settings/webhooks/whe_").nth(1).unwrap().split('/').next().unwrap();
    let tested = owner.post_form(&format!("/settings/webhooks/whe_{id}/test"), &[("event_type", "shared_link.deleted")]).await;
    assert!(tested.body.contains("It answered 204"), "{}", tested.body);
    assert!(receiver.heard(1).await[0].is_signed_with(&secret));
    assert_eq!(owner.post_form("/sample", &[]).await.status, 303);
    let home = owner.get("/").await.body;
    let talk = home.split("href=\"/c/conv_").nth(1).unwrap().split(['"', '/', '?']).next().unwrap().to_owned();
    assert_eq!(owner.post_form(&format!("/c/conv_{talk}/share"), &[("title", "x"), ("author", "name")]).await.status, 200);
    let heard = receiver.heard(2).await.remove(1);
    assert!(heard.is_signed_with(&secret));
    let log = program.stop().await;
    assert!(log.contains("\"level\":\"TRACE\"") && log.contains("/settings/webhooks/{id}/test"));
    let link = heard.json()["data"]["id"].as_str().unwrap().to_owned();
    let token = link.strip_prefix("link_").unwrap().to_owned();
    let signature = heard.header("webhook-signature").strip_prefix("v1,").unwrap().to_owned();
    let canaries = ["CANARY", secret.strip_prefix("whsec_").unwrap(), &token, &signature];
    let found: Vec<&str> = log.lines().filter(|line| canaries.iter().any(|canary| line.contains(canary))).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}
