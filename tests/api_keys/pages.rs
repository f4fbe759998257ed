//! Settings › API keys.

use crate::support::{Actor, Reply, TestApp};

async fn make(owner: &Actor, fields: &[(&str, &str)]) -> Reply {
    owner.post_form("/settings/keys", fields).await
}

fn shown(page: &Reply) -> Option<&str> {
    page.body.split("id=\"made-key\" value=\"").nth(1)?.split('"').next()
}

fn first_id(page: &Reply) -> String {
    page.body.split("<tr id=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_key_is_made_shown_once_used_and_revoked() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    assert!(owner.get("/settings/keys").await.body.contains("id=\"no-keys\""));
    let page = make(&owner, &[("name", "Weekly <check>"), ("scope", "shared_links:read"), ("expires", "90")]).await;
    assert_eq!(page.status, 200);
    let key = shown(&page).unwrap().to_owned();
    assert_eq!((key.len(), &key[..3]), (53, "tb-"));
    assert_eq!(page.header("cache-control"), "no-store");

    let again = owner.get("/settings/keys").await;
    assert!(shown(&again).is_none() && !again.body.contains(&key), "it is shown once");
    assert!(again.body.contains("Weekly &#60;check&#62;") && again.body.contains(&key[49..]) && again.body.contains("ends 15 April 2026"));
    assert!(again.body.contains(">never<"), "{}", again.body);

    assert_eq!(app.program(&key).get("/v1/shared_links").await.status, 200);
    assert_eq!(app.program(&key).delete("/v1/shared_links?all=true").await.status, 403);
    assert!(!owner.get("/settings/keys").await.body.contains(">never<"));

    let id = first_id(&again);
    let question = owner.fragment(&format!("/settings/keys/{id}/revoke")).await;
    assert!(question.body.contains("Revoke this key?") && !question.body.contains("<html"));
    let done = owner.post_form(&format!("/settings/keys/{id}/revoke"), &[]).await;
    assert_eq!((done.status, done.location()), (303, "/settings/keys?done=revoked"));
    assert_eq!(app.program(&key).get("/v1/shared_links").await.status, 401);
    assert_eq!(owner.post_form(&format!("/settings/keys/{id}/revoke"), &[]).await.status, 404, "once");
    let events = app.rows().await;
    for action in ["api_key.created", "api_key.revoked"] {
        let found: Vec<&String> = events.iter().filter(|row| row.contains(action) && row.contains(&id)).collect();
        assert_eq!(found.len(), 1, "{action}");
        assert!(found[0].contains("client=Some(\"web\")"));
    }
}

#[tokio::test]
async fn what_is_wrong_with_the_form_is_said_beside_it_and_what_was_typed_is_kept() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    for (fields, words) in [
        (&[("name", ""), ("scope", "shared_links:read"), ("expires", "30")][..], "The name is empty"),
        (&[("name", "Mine"), ("expires", "30")], "at least one scope"),
        (&[("name", "Mine"), ("scope", "telepathy"), ("expires", "30")], "There is no scope"),
        (&[("name", "Mine"), ("scope", "shared_links:read"), ("expires", "0")], "1 to 3650 days"),
        (&[("name", "Mine"), ("scope", "shared_links:read"), ("expires", "soon")], "1 to 3650 days"),
        (&[("name", "Mine"), ("scope", "shared_links:read"), ("expires", "99999999999999999999")], "1 to 3650 days"),
        (&[], "at least one scope"),
    ] {
        let page = make(&owner, fields).await;
        assert_eq!(page.status, 400, "{fields:?}");
        assert!(page.body.contains(words), "{fields:?}");
        assert!(shown(&page).is_none());
        if fields.contains(&("name", "Mine")) {
            assert!(page.body.contains("value=\"Mine\""), "{fields:?}");
        }
    }
    assert!(!app.rows().await.iter().any(|row| row.starts_with("api_keys")));
    // Until it is revoked.
    let page = make(&owner, &[("name", "Mine"), ("scope", "shared_links:write"), ("expires", "")]).await;
    assert_eq!(page.status, 200);
    let row = page.body.split("<tr id=").nth(1).unwrap().split("</tr>").next().unwrap();
    assert!(!row.contains("ends "), "{row}");
}
