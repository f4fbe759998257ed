//! Other branches.

use takeback::{ids, write_tx};

use crate::support::{Talk, TestApp};

/// A message that answers `parent`.
async fn branch(app: &TestApp, talk: &Talk, parent: Option<&str>, role: &str, text: &str, at: i64) -> String {
    let id = ids::new("msg");
    write_tx!(app.db, "test: a branch", |tx| {
        sqlx::query(
            "INSERT INTO messages (id, conversation_id, parent_id, position, role, hidden, created_at) \
             SELECT $1, $2, CAST($3 AS TEXT), MAX(position) + 1, $4, 0, $5 FROM messages WHERE conversation_id = $2",
        )
        .bind(&id)
        .bind(&talk.id)
        .bind(parent)
        .bind(role)
        .bind(at)
        .execute(&mut *tx)
        .await?;
        let parts = serde_json::json!([{"type": "text", "text": text}]).to_string();
        sqlx::query("INSERT INTO message_bodies (message_id, parts) VALUES ($1, $2)").bind(&id).bind(parts).execute(tx).await?;
        Ok(())
    })
    .unwrap();
    id
}

#[tokio::test]
async fn a_sibling_s_newest_leaf_becomes_the_current_branch() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.talk(&owner.user, "Tree", &[("user", "question"), ("assistant", "first answer"), ("user", "thanks")]).await;
    let now = app.now();
    let second = branch(&app, &talk, Some(&talk.messages[0]), "assistant", "second answer", now).await;
    let old = branch(&app, &talk, Some(&second), "user", "older reply", now - 5).await;
    branch(&app, &talk, Some(&old), "assistant", "older end", now - 4).await;
    branch(&app, &talk, Some(&second), "user", "newest reply", now + 5).await;
    branch(&app, &talk, None, "user", "another question", now + 9).await;

    let page = owner.get(&format!("/c/{}", talk.id)).await.body;
    assert!(page.contains("first answer") && !page.contains("second answer") && page.contains("1/2"), "{page}");
    let choose = async |message: &str| owner.post_form(&format!("/c/{}/branch", talk.id), &[("message", message)]).await;
    let done = choose(&second).await;
    assert_eq!((done.status, done.location()), (303, format!("/c/{}#{second}", talk.id).as_str()));
    let page = owner.get(&format!("/c/{}", talk.id)).await.body;
    assert!(page.contains("second answer") && page.contains("newest reply"), "{page}");
    assert!(!page.contains("first answer") && !page.contains("older reply") && page.contains("2/2"), "{page}");
    // The first question has a sibling too: its versions are counted among those without a parent.
    assert!(page.contains("1/2"), "{page}");
    assert_eq!(choose(&talk.messages[0]).await.status, 303);
    assert_eq!(choose("msg_1111111111111111111111").await.status, 404);
}

#[tokio::test]
async fn a_message_of_another_conversation_is_no_branch_of_this_one() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let (one, two) = (app.small_talk(&owner.user).await, app.small_talk(&owner.user).await);
    assert_eq!(owner.post_form(&format!("/c/{}/branch", one.id), &[("message", &two.messages[1])]).await.status, 404);
}

#[tokio::test]
async fn a_link_keeps_the_branch_that_it_was_cut_from() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let link = app.share(&owner.user, &talk).await;
    let other = branch(&app, &talk, Some(&talk.messages[0]), "assistant", "Three minutes, rather.", app.now()).await;
    owner.post_form(&format!("/c/{}/branch", talk.id), &[("message", &other)]).await;
    assert!(owner.get(&format!("/c/{}", talk.id)).await.body.contains("Three minutes"));
    let shared = app.anonymous().get(&link.path()).await.body;
    assert!(shared.contains("Two minutes") && !shared.contains("Three minutes"));
}
