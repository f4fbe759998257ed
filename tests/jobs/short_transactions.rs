//! A clean-up never keeps people who write at the same time waiting.

use std::time::{Duration, Instant};

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
async fn who_writes_during_a_clean_up_waits_less_than_a_quarter_of_a_second() {
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
    let mut waits = Vec::new();
    loop {
        let began = Instant::now();
        app.run("UPDATE users SET name = name WHERE id = $1", &owner.user.id).await;
        waits.push(began.elapsed());
        let jobs: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM jobs").fetch_one(app.db.reader()).await.unwrap();
        if jobs == 0 {
            break;
        }
    }
    waits.sort_unstable();
    let (median, longest) = (waits[waits.len() / 2], waits[waits.len() - 1]);
    println!("{} writes during the clean-up: median {median:?}, longest {longest:?}", waits.len());
    assert!(waits.len() > 10, "the clean-up was one transaction: {waits:?}");
    assert!(longest < Duration::from_millis(250), "median {median:?}, longest {longest:?}");
}
