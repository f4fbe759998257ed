//! What is deleted leaves no word in the index.

use super::{enqueue_only, search};
use crate::support::{PASSWORD, TestApp};

/// How many rows of the index have this text in them.
pub(super) async fn left(app: &TestApp, text: &str) -> usize {
    let has = |bytes: &[u8]| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    let words: Vec<(String, Vec<u8>)> = sqlx::query_as("SELECT head, entries FROM search_words").fetch_all(app.db.reader()).await.unwrap();
    let members: Vec<(Vec<u8>,)> = sqlx::query_as("SELECT members FROM search_blocks").fetch_all(app.db.reader()).await.unwrap();
    let fresh: Vec<(String, String)> =
        sqlx::query_as("SELECT words, conversation_id FROM search_fresh").fetch_all(app.db.reader()).await.unwrap();
    let titles: Vec<(String, String)> =
        sqlx::query_as("SELECT title, conversation_id FROM search_conversations").fetch_all(app.db.reader()).await.unwrap();
    let rows = words.iter().filter(|(head, entries)| has(head.as_bytes()) || has(entries)).count();
    let rest = fresh.iter().chain(&titles).filter(|(one, other)| has(one.as_bytes()) || has(other.as_bytes())).count();
    rows + rest + members.iter().filter(|(members,)| has(members)).count()
}

#[tokio::test]
async fn a_deleted_conversation_leaves_no_word_in_the_index() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.indexed(&owner.user, "Tangerineobelisk", &[("user", "zanzibarquokka tea")]).await;
    let kept = app.indexed(&owner.user, "Kept", &[("user", "marmaladevortex tea")]).await;
    assert!(left(&app, "zanzibarquokka").await > 0 && left(&app, "tangerineobelisk").await > 0);
    assert_eq!(owner.post_form(&format!("/c/{}/delete", talk.id), &[]).await.status, 303);
    app.finish_jobs().await;
    for gone in ["zanzibarquokka", "tangerineobelisk", &talk.id] {
        assert_eq!(left(&app, gone).await, 0, "{gone}");
    }
    assert_eq!(search(&owner, "tea").await.messages, kept.messages);
}

#[tokio::test]
async fn a_deleted_account_leaves_nothing_in_the_index() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    // Enough for blocks, and some that stand by themselves, and one that is still pending.
    for n in 0..30 {
        let texts: Vec<String> = (0..50).map(|m| format!("zanzibarquokka n{n}m{m}")).collect();
        let messages: Vec<(&str, &str)> = texts.iter().map(|text| ("user", text.as_str())).collect();
        let talk = app.talk(&owner.user, "Tangerineobelisk", &messages).await;
        enqueue_only(&app, &talk.id).await;
    }
    app.finish_jobs().await;
    assert!(left(&app, "zanzibarquokka").await > 0);
    app.indexed(&other.user, "Kept", &[("user", "marmaladevortex")]).await;
    let late = app.talk(&owner.user, "Late", &[("user", "violetglacier")]).await;
    assert_eq!(owner.post_form("/settings/delete-account", &[("password", PASSWORD)]).await.location(), "/signin?deleted=true");
    enqueue_only(&app, &late.id).await;
    app.finish_jobs().await;
    for gone in ["zanzibarquokka", "tangerineobelisk", "violetglacier", &late.id] {
        assert_eq!(left(&app, gone).await, 0, "{gone}");
    }
    for table in ["search_blocks", "search_words", "search_places", "search_pending"] {
        let count: i64 =
            sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"))).fetch_one(app.db.reader()).await.unwrap();
        assert_eq!(count, 0, "{table}");
    }
    assert_eq!(search(&other, "marmaladevortex").await.messages.len(), 1);
}
