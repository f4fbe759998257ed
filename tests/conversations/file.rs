//! Pictures and attachments are their owner's alone, and never run.

use takeback::{ids, write_tx};

use crate::support::{Talk, TestApp};

async fn file(app: &TestApp, talk: &Talk, name: &str, media_type: &str) -> String {
    let id = ids::new("file");
    write_tx!(app.db, "test: a file", |tx| {
        sqlx::query("INSERT INTO files (id, conversation_id, name, media_type, bytes, created_at) VALUES ($1, $2, $3, $4, $5, 0)")
            .bind(&id)
            .bind(&talk.id)
            .bind(name)
            .bind(media_type)
            .bind(b"<script>alert(1)</script>".to_vec())
            .execute(tx)
            .await?;
        Ok(())
    })
    .unwrap();
    id
}

#[tokio::test]
async fn only_the_owner_gets_a_file() {
    let app = TestApp::start().await;
    let (owner, other, admin) = (app.owner().await, app.other().await, app.admin().await);
    let talk = app.small_talk(&owner.user).await;
    let id = file(&app, &talk, "cat.png", "image/png").await;
    let mine = owner.get(&format!("/files/{id}")).await;
    assert_eq!((mine.status, mine.header("content-type"), mine.header("x-content-type-options")), (200, "image/png", "nosniff"));
    assert_eq!(mine.header("content-security-policy"), "default-src 'none'; sandbox; frame-ancestors 'none'");
    assert_eq!(mine.header("cache-control"), "no-store");
    for client in [&other.client, &admin.client] {
        assert_eq!(client.get(&format!("/files/{id}")).await.status, 404);
    }
    assert_eq!(app.anonymous().get(&format!("/files/{id}")).await.status, 303);
    owner.post_form(&format!("/c/{}/delete", talk.id), &[]).await;
    assert_eq!(owner.get(&format!("/files/{id}")).await.status, 404);
}

#[tokio::test]
async fn what_is_no_picture_is_only_ever_saved() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    for media_type in ["text/html", "image/svg+xml", "application/pdf", "image/png; x", ""] {
        let id = file(&app, &talk, "a\"b\r\n.html", media_type).await;
        let reply = owner.get(&format!("/files/{id}")).await;
        assert_eq!((reply.status, reply.header("content-type")), (200, "application/octet-stream"), "{media_type}");
        assert_eq!(reply.header("content-disposition"), "attachment; filename*=UTF-8''a%22b%0D%0A.html");
    }
}
