//! `GET /v1/audit_events`

use serde_json::{Value, json};
use takeback::accounts::people;
use takeback::audit::Via;

use crate::support::{Caller, TestApp};

/// The types of a list's events.
async fn types(program: &Caller, query: &str) -> Vec<String> {
    let list = program.get(&format!("/v1/audit_events{query}")).await.json();
    list["data"].as_array().unwrap_or_else(|| panic!("{list}")).iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_person_s_program_reads_what_they_did_and_what_was_done_to_their_account() {
    let app = TestApp::start().await;
    let (admin, owner, other) = (app.admin().await, app.owner().await, app.other().await);
    let link = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    app.share(&other.user, &app.small_talk(&other.user).await).await;
    people::set_role(&app, &admin.user.id, &owner.user.id, takeback::accounts::user::Role::Member, Via::Web).await.unwrap();
    let key = app.key_of(&owner.user, &["audit:read"]).await;
    let program = app.program(&key);
    let list = program.get("/v1/audit_events").await.json();
    let mut seen = types(&program, "").await;
    seen.sort();
    assert_eq!(seen, ["api_key.created", "shared_link.created", "user.made_member"]);
    assert_eq!((&list["object"], &list["has_more"]), (&json!("list"), &json!(false)));
    let made = list["data"].as_array().unwrap().iter().find(|event| event["type"] == "shared_link.created").unwrap();
    let mut facts = made.clone();
    let id = facts.as_object_mut().unwrap().remove("id").unwrap();
    assert!(id.as_str().unwrap().starts_with("evt_"));
    assert_eq!(
        facts,
        json!({"object": "audit_event", "created_at": 1_768_478_400, "type": "shared_link.created", "user_id": owner.user.id,
               "target_id": link.id, "client": "web", "address": null})
    );
    // What an administrator did to others is none of their business.
    let done: Value = list["data"].as_array().unwrap().iter().find(|event| event["type"] == "user.made_member").unwrap().clone();
    assert_eq!((&done["user_id"], &done["target_id"]), (&json!(admin.user.id), &json!(owner.user.id)));
    for query in ["?all=true", &format!("?user_id={}", other.user.id)] {
        let refused = program.get(&format!("/v1/audit_events{query}")).await;
        assert_eq!(refused.refusal().0, 403, "{query}");
    }
    assert_eq!(types(&program, &format!("?user_id={}", owner.user.id)).await.len(), 3);
}

#[tokio::test]
async fn an_administrator_s_program_reads_everybody_s() {
    let app = TestApp::start().await;
    let (admin, owner) = (app.admin().await, app.owner().await);
    app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    let program = app.program_of(&admin.user).await;
    assert_eq!(types(&program, "").await, ["api_key.created"]);
    assert_eq!(types(&program, "?all=true&kind=links").await, ["shared_link.created"]);
    assert_eq!(types(&program, "?all=false").await, ["api_key.created"]);
    assert_eq!(types(&program, &format!("?user_id={}", owner.user.id)).await, ["shared_link.created"]);
    assert_eq!(types(&program, "?user_id=user_nobody").await, Vec::<String>::new());
    let both = program.get(&format!("/v1/audit_events?all=true&user_id={}", owner.user.id)).await.refusal();
    assert_eq!((both.0, both.2.as_deref()), (400, Some("user_id")));
}

#[tokio::test]
async fn filters_narrow_and_pages_lose_nothing() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let mut links = Vec::new();
    for _ in 0..5 {
        // All of them at the same microsecond.
        links.push(app.share(&owner.user, &talk).await.id);
    }
    app.advance(std::time::Duration::from_secs(100));
    let program = app.program_of(&owner.user).await;
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let list = program.get(&format!("/v1/audit_events?limit=2{after}")).await.json();
        seen.extend(list["data"].as_array().unwrap().iter().map(|event| event["target_id"].as_str().unwrap().to_owned()));
        if list["has_more"] == false {
            break;
        }
        after = format!("&after={}", list["last_id"].as_str().unwrap());
    }
    assert_eq!(seen.len(), 6);
    let mut made = seen[1..].to_vec();
    made.sort();
    links.sort();
    assert_eq!(made, links);
    let oldest_first = program.get("/v1/audit_events?order=asc&limit=100").await.json();
    let reversed: Vec<&str> =
        oldest_first["data"].as_array().unwrap().iter().rev().map(|event| event["target_id"].as_str().unwrap()).collect();
    assert_eq!(reversed, seen);
    let last = oldest_first["last_id"].as_str().unwrap();
    assert_eq!(types(&program, &format!("?before={last}&order=asc")).await.len(), 5);

    assert_eq!(types(&program, "?type=shared_link.created").await.len(), 5);
    assert_eq!(types(&program, "?kind=keys").await, ["api_key.created"]);
    assert_eq!(types(&program, "?kind=keys&type=shared_link.created").await, Vec::<String>::new());
    assert_eq!(types(&program, &format!("?target_id={}", links[0])).await, ["shared_link.created"]);
    assert_eq!(types(&program, "?since=1768478401").await, ["api_key.created"]);
    assert_eq!(types(&program, "?until=1768478401").await.len(), 5);
    for (query, wrong) in [
        ("type=telepathy", "type"),
        ("kind=telepathy", "kind"),
        ("since=-1", "since"),
        ("until=soon", "until"),
        ("all=maybe", "all"),
        ("after=evt_nobody", "after"),
        ("owner=x", "owner"),
        ("limit=0", "limit"),
    ] {
        let refused = program.get(&format!("/v1/audit_events?{query}")).await.refusal();
        assert_eq!((refused.0, refused.2.as_deref()), (400, Some(wrong)), "{query}");
    }
    // Another's event is no cursor.
    let other = app.other().await;
    let of_other = app.program_of(&other.user).await;
    let first = program.get("/v1/audit_events").await.json()["first_id"].as_str().unwrap().to_owned();
    assert_eq!(of_other.get(&format!("/v1/audit_events?after={first}")).await.refusal().2.as_deref(), Some("after"));
}
