//! A clean-up never keeps people who write at the same time waiting.

use std::collections::HashSet;

use takeback::jobs::queue::{self, Kind};
use takeback::write_tx;

use crate::support::TestApp;

/// A conversation with this many messages of about 2 kB.
async fn long_talk(app: &TestApp, owner_id: &str, messages: i64) -> String {
    let id = takeback::ids::new("conv");
    let words = format!("[{{\"type\":\"text\",\"text\":\"{}\"}}]", "word ".repeat(400));
    let made: Result<(), takeback::error::Error> = write_tx!(app.db, "test: a long conversation", |tx| {
        sqlx::query(
            "INSERT INTO conversations (id, owner_id, title, title_key, created_at, updated_at) VALUES ($1, $2, 'Long', 'long', 1, 1)",
        )
        .bind(&id)
        .bind(owner_id)
        .execute(&mut *tx)
        .await?;
        for position in 0..messages {
            let message = takeback::ids::new("msg");
            sqlx::query("INSERT INTO messages (id, conversation_id, position, role, hidden, created_at) VALUES ($1, $2, $3, 'user', 0, 1)")
                .bind(&message)
                .bind(&id)
                .bind(position)
                .execute(&mut *tx)
                .await?;
            let body = sqlx::query("INSERT INTO message_bodies (message_id, parts) VALUES ($1, $2)");
            body.bind(&message).bind(&words).execute(&mut *tx).await?;
        }
        Ok(())
    });
    made.unwrap();
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_clean_up_lets_others_write_between_its_batches() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let id = long_talk(&app, &owner.user.id, 20_000).await;
    let now = app.now();
    let left: Result<(), takeback::error::Error> = write_tx!(app.db, "test: delete it", |tx| {
        sqlx::query("UPDATE conversations SET owner_id = NULL WHERE id = $1").bind(&id).execute(&mut *tx).await?;
        queue::enqueue(tx, Kind::PurgeConversation, &id, now).await
    });
    left.unwrap();
    app.jobs.wake();
    let mut left = HashSet::new();
    loop {
        app.run("UPDATE users SET name = name WHERE id = $1", &owner.user.id).await;
        let messages: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM messages").fetch_one(app.db.reader()).await.unwrap();
        left.insert(messages);
        let jobs: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM jobs").fetch_one(app.db.reader()).await.unwrap();
        if jobs == 0 {
            break;
        }
    }
    assert!(left.len() > 10, "who wrote meanwhile saw {left:?} messages left");
}
