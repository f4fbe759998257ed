//! The list: nothing is lost between its stretches, marks are true. What a search finds: tests/search.

use std::collections::HashSet;
use std::time::Duration;

use takeback::accounts::user::User;
use takeback::audit::Via;
use takeback::links::revoke;
use takeback::{ids, write_tx};

use crate::support::{Client, START, TestApp};

const DAY: i64 = 86_400 * 1_000_000;

async fn conversation(app: &TestApp, owner: &User, title: &str, updated_at: i64) -> String {
    let id = ids::new("conv");
    write_tx!(app.db, "test: a conversation", |tx| {
        sqlx::query("INSERT INTO conversations (id, owner_id, title, title_key, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)")
            .bind(&id)
            .bind(&owner.id)
            .bind(title)
            .bind(title.to_lowercase())
            .bind(updated_at)
            .execute(tx)
            .await?;
        Ok(())
    })
    .unwrap();
    id
}

/// The ids in a fragment, in order, and the address of the next.
fn listed(body: &str) -> (Vec<String>, Option<String>) {
    let ids = body.split("id=\"chat-conv_").skip(1).map(|rest| format!("conv_{}", &rest[..22])).collect();
    let more = body.split_once("data-more").and_then(|(before, _)| before.rsplit_once("href=\""));
    (ids, more.map(|(_, href)| href.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&")))
}

async fn all(client: &Client, first: &str) -> Vec<Vec<String>> {
    let (mut stretches, mut next) = (Vec::new(), Some(first.to_owned()));
    while let Some(path) = next {
        let reply = client.get(&path).await;
        assert_eq!(reply.status, 200, "{path}");
        let (ids, more) = listed(&reply.body);
        stretches.push(ids);
        next = more;
    }
    stretches
}

#[tokio::test]
async fn equal_times_lose_nothing_between_stretches() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let mut expected = Vec::new();
    for n in 0..97 {
        // 90 of one moment, then some older ones.
        expected.push(conversation(&app, &owner.user, "Same", if n < 90 { START } else { START - n }).await);
    }
    conversation(&app, &other.user, "Not theirs", START).await;
    let stretches = all(&owner, "/conversations").await;
    assert_eq!(stretches.iter().map(Vec::len).collect::<Vec<_>>(), [40, 40, 17]);
    let seen: Vec<String> = stretches.concat();
    assert_eq!(seen.iter().collect::<HashSet<_>>(), expected.iter().collect::<HashSet<_>>());
    assert_eq!(seen.len(), 97);
    // The place where a stretch ended is found again when that conversation is gone.
    let first = owner.get("/conversations").await;
    let (ids, more) = listed(&first.body);
    owner.post_form(&format!("/c/{}/delete", ids[39]), &[]).await;
    assert_eq!(listed(&owner.get(&more.unwrap()).await.body).0, stretches[1]);
}

#[tokio::test]
async fn days_stand_above_their_conversations() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    for (title, ago) in [("a", 0), ("b", 1), ("c", 3), ("d", 14), ("e", 60)] {
        conversation(&app, &owner.user, title, START - ago * DAY).await;
    }
    let body = owner.get("/").await.body;
    let labels: Vec<&str> = body.split("data-group=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(labels, ["Today", "Yesterday", "Previous 7 days", "January", "November 2025"]);
    app.advance(Duration::from_hours(24));
    assert!(!owner.get("/").await.body.contains("data-group=\"Today\""));
}

#[tokio::test]
async fn a_made_up_cursor_is_refused_in_words() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let reply = owner.fragment("/conversations?after=conv_x").await;
    assert_eq!(reply.status, 400);
    assert!(reply.body.contains("Reload the page"), "{}", reply.body);
}

#[tokio::test]
async fn the_mark_says_whether_a_link_is_live() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let (talk, second) = (app.small_talk(&owner.user).await, app.small_talk(&owner.user).await);
    let marks = || async { owner.get("/conversations").await.body.matches("<span class=\"vh\">, shared</span>").count() };
    assert_eq!(marks().await, 0);
    let link = app.share(&owner.user, &talk).await;
    app.share(&owner.user, &second).await;
    assert_eq!(marks().await, 2);
    revoke::delete(&app, &owner.user.id, &link.id, Via::Web).await.unwrap();
    assert_eq!(marks().await, 1);
    revoke::delete_all(&app, &owner.user.id, Via::Web).await.unwrap();
    assert_eq!(marks().await, 0);
}

#[tokio::test]
async fn a_hostile_title_is_text() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    conversation(&app, &owner.user, "<img src=x onerror=alert(1)>\"'", START).await;
    let body = owner.get("/").await.body;
    assert!(!body.contains("<img src=x") && body.contains("&#60;img src=x") || body.contains("&lt;img src=x"), "{body}");
}

#[tokio::test]
async fn the_list_is_read_in_the_order_of_the_index() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let query = "SELECT c.id FROM conversations c WHERE c.owner_id = $1 AND (c.updated_at, c.id) < ($2, $3) \
                 ORDER BY c.updated_at DESC, c.id DESC LIMIT 41";
    write_tx!(app.db, "test: many conversations", |tx| {
        for n in 0..40_i64 {
            // 50 rows a statement.
            let rows: Vec<String> =
                (0..50).map(|m| format!("('c{n}-{m}', '{}', 't', 't', {at}, {at})", owner.user.id, at = n * 50 + m)).collect();
            let text =
                format!("INSERT INTO conversations (id, owner_id, title, title_key, created_at, updated_at) VALUES {}", rows.join(","));
            sqlx::query(sqlx::AssertSqlSafe(text)).execute(&mut *tx).await?;
        }
        Ok(())
    })
    .unwrap();
    let postgres = app.db.dialect() == takeback::storage::dialect::Dialect::Postgres;
    if postgres {
        sqlx::query("ANALYZE conversations").execute(app.db.reader()).await.unwrap();
    }
    let explain = format!("{} {query}", if postgres { "EXPLAIN" } else { "EXPLAIN QUERY PLAN" });
    let rows =
        sqlx::query(sqlx::AssertSqlSafe(explain)).bind(&owner.user.id).bind(i64::MAX).bind("").fetch_all(app.db.reader()).await.unwrap();
    let plan: Vec<String> = rows.iter().map(|row| sqlx::Row::get::<String, _>(row, if postgres { 0 } else { 3 })).collect();
    let plan = plan.join("\n");
    assert!(plan.contains("conversations_by_owner"), "{plan}");
    assert!(!plan.to_lowercase().contains("sort") && !plan.contains("TEMP B-TREE"), "{plan}");
}
