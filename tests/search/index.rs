//! What is written gets into the index, whoever wrote it, and once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use takeback::jobs::queue::{self, Kind};
use takeback::{ids, write_tx};

use super::{Shown, enqueue_only, search, shown};
use crate::support::{START, TestApp};

async fn count(app: &TestApp, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(app.db.reader()).await.unwrap()
}

#[tokio::test]
async fn every_way_into_the_server_leads_into_the_index() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    assert_eq!(owner.post_form("/sample", &[]).await.status, 303);
    app.finish_jobs().await;
    assert_eq!(search(&owner, "taking link back").await.titles.len(), 1, "the sample");

    let export = r#"[{"role": "user", "content": "pomegranate?"}, {"role": "assistant", "content": "tamarind"}]"#;
    let path = app.config.data.join("chat.json");
    std::fs::write(&path, export).unwrap();
    let opened = takeback::transfer::import::open(path.clone()).await.unwrap();
    let stop = tokio_util::sync::CancellationToken::new();
    takeback::transfer::import::run(&app, &owner.user, opened, false, &Arc::default(), &stop).await;
    app.finish_jobs().await;
    let found = search(&owner, "pomegranate").await;
    assert_eq!((found.titles.len(), found.messages.len()), (1, 1), "an import, with a title made of its first question");
    assert_eq!(search(&owner, "tamarind").await.messages.len(), 1);

    let talk = app.talk(&owner.user, "Shared", &[("user", "nectarine")]).await;
    let link = app.share(&owner.user, &talk).await;
    assert_eq!(other.post_form(&format!("{}/continue", link.path()), &[]).await.status, 303);
    app.finish_jobs().await;
    assert_eq!(search(&other, "nectarine").await.messages.len(), 1, "a copy that was continued");

    assert_eq!(owner.post_form(&format!("/c/{}/rename", talk.id), &[("title", "Renamed persimmon")]).await.status, 303);
    app.finish_jobs().await;
    assert_eq!(search(&owner, "persimmon").await.titles, std::slice::from_ref(&talk.id), "another title");
    assert_eq!(owner.post_form(&format!("/c/{}/rename", talk.id), &[("title", "Once more")]).await.status, 303);
    assert_eq!(search(&owner, "persimmon").await, Shown::default(), "the old title is not found any more, even before the index follows");
    app.finish_jobs().await;
    assert_eq!(search(&owner, "once").await.titles, [talk.id]);
}

#[tokio::test]
async fn what_is_said_later_is_found_and_nothing_twice() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let mut talk = app.indexed(&owner.user, "-", &[("user", "first")]).await;
    app.say(&mut talk, "assistant", "second").await;
    for _ in 0..3 {
        enqueue_only(&app, &talk.id).await;
    }
    app.finish_jobs().await;
    assert_eq!(search(&owner, "second").await.messages, [talk.messages[1].clone()]);
    assert_eq!(count(&app, "SELECT COUNT(*) FROM search_fresh").await, 2, "two messages; the title has no word");
    assert_eq!(count(&app, "SELECT COUNT(*) FROM search_pending").await, 0);
}

#[tokio::test]
async fn an_answer_is_found_when_it_is_whole_even_if_more_was_said_meanwhile() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.talk(&owner.user, "-", &[("user", "asked"), ("assistant", "halfanswer"), ("user", "meanwhile")]).await;
    write_tx!(app.db, "test: a running answer", |tx| {
        let query = "INSERT INTO answers (message_id, conversation_id, state, model_id, problem, read_from, input_tokens, output_tokens, \
                     started_at, finished_at, leased_until) VALUES ($1, $2, 'running', 'demo/demo', '', '', 0, 0, 1, 0, $3)";
        sqlx::query(query).bind(&talk.messages[1]).bind(&talk.id).bind(i64::MAX).execute(tx).await?;
        Ok(())
    })
    .unwrap();
    app.index(&talk.id).await;
    assert_eq!(search(&owner, "asked").await.messages.len(), 1);
    assert_eq!(search(&owner, "halfanswer").await, Shown::default());
    app.run("UPDATE answers SET state = 'done' WHERE message_id = $1", &talk.messages[1]).await;
    app.index(&talk.id).await;
    assert_eq!(search(&owner, "halfanswer").await.messages, [talk.messages[1].clone()]);
    assert_eq!(search(&owner, "meanwhile").await.messages, [talk.messages[2].clone()]);
}

/// So many messages that they fill blocks, in one conversation and in many.
#[tokio::test]
async fn blocks_and_rows_answer_as_one() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let other = app.other().await;
    let mut long = String::new();
    for conversation in 0..60_i64 {
        let id = ids::new("conv");
        let messages = if conversation == 7 { 5_000 } else { 50 };
        if conversation == 7 {
            long.clone_from(&id);
        }
        write_tx!(app.db, "test: a long conversation", |tx| {
            sqlx::query("INSERT INTO conversations (id, owner_id, title, title_key, created_at, updated_at) VALUES ($1, $2, $3, $3, $4, $4)")
                .bind(&id)
                .bind(&owner.user.id)
                .bind(format!("title{conversation} all"))
                .bind(START + conversation)
                .execute(&mut *tx)
                .await?;
            for chunk in (0..messages).collect::<Vec<i64>>().chunks(500) {
                let rows: Vec<String> = chunk
                    .iter()
                    .map(|n| format!("('msg_{conversation}_{n}', '{id}', NULL, {n}, 'user', 0, {})", START + conversation * 10_000 + n))
                    .collect();
                let query = format!("INSERT INTO messages (id, conversation_id, parent_id, position, role, hidden, created_at) VALUES {}", rows.join(","));
                sqlx::query(sqlx::AssertSqlSafe(query)).execute(&mut *tx).await?;
                let bodies: Vec<String> = chunk
                    .iter()
                    .map(|n| {
                        let half = if n % 2 == 0 { "even" } else { "odd" };
                        format!("('msg_{conversation}_{n}', '[{{\"type\":\"text\",\"text\":\"all {half} talk{conversation}x talk{conversation}n{n}x\"}}]')")
                    })
                    .collect();
                let query = format!("INSERT INTO message_bodies (message_id, parts) VALUES {}", bodies.join(","));
                sqlx::query(sqlx::AssertSqlSafe(query)).execute(&mut *tx).await?;
            }
            Ok(())
        })
        .unwrap();
        enqueue_only(&app, &id).await;
    }
    app.finish_jobs().await;
    assert!(count(&app, "SELECT COUNT(*) FROM search_blocks").await >= 2);
    assert!(count(&app, "SELECT COUNT(*) FROM search_fresh").await < 1_024);

    assert_eq!(search(&owner, "talk7n4321x").await.messages, ["msg_7_4321"]);
    assert_eq!(search(&owner, "talk7n432").await.messages, ["msg_7_4329"], "the newest that begins so");
    assert_eq!(search(&owner, "even talk59n49x").await, Shown::default());
    assert_eq!(search(&owner, "all odd talk59n49x").await.messages, ["msg_59_49"]);
    assert_eq!(search(&owner, "title31").await.titles.len(), 1);
    // One for each conversation, the newest first, over all pages.
    for question in ["all", "a", "even", "al even", "t"] {
        let mut found = search(&owner, question).await;
        let mut all = std::mem::take(&mut found.messages);
        while let Some(path) = found.more_messages {
            found = shown(&owner, &path).await;
            all.extend(std::mem::take(&mut found.messages));
        }
        let newest = |conversation| match (conversation, question.ends_with("even")) {
            (7, true) => 4_998,
            (7, false) => 4_999,
            (_, true) => 48,
            (_, false) => 49,
        };
        let expected: Vec<String> = (0..60).rev().map(|n| format!("msg_{n}_{}", newest(n))).collect();
        if question.starts_with("al ") {
            assert!(all.is_empty(), "only the last word may be begun");
        } else {
            assert_eq!(all, expected, "{question}");
        }
    }
    assert_eq!(search(&other, "all").await, Shown::default());

    // No random id contains these words: ids are without the letter l.
    // Erased word by word, out of blocks that others share.
    let reply = owner.post_form(&format!("/c/{long}/delete"), &[]).await;
    assert_eq!(reply.status, 303);
    app.finish_jobs().await;
    assert_eq!(search(&owner, "talk7n4321x").await, Shown::default());
    assert_eq!(search(&owner, "talk8n41x").await.messages, ["msg_8_41"]);
    assert_eq!(super::erase::left(&app, "talk7n").await, 0);
    assert!(super::erase::left(&app, "talk8n").await > 0);
}

#[tokio::test]
async fn a_database_from_before_is_indexed_by_the_first_server_that_runs() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.talk(&owner.user, "Old times", &[("user", "persimmon")]).await;
    // What the migration leaves, said again.
    write_tx!(app.db, "test: as after the migration", |tx| {
        let migration = include_str!("../../src/storage/migrations/0003_search.sql");
        let statements = migration.split_once("-- What is there already").unwrap().1.split_once('\n').unwrap().1;
        for statement in statements.split(';').filter(|statement| !statement.trim().is_empty()) {
            sqlx::query(sqlx::AssertSqlSafe(statement.to_owned())).execute(&mut *tx).await?;
        }
        Ok(())
    })
    .unwrap();
    app.finish_jobs().await;
    let found = search(&owner, "persimmon").await;
    assert_eq!(found.messages, talk.messages);
    assert_eq!(search(&owner, "old").await.titles, [talk.id]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_writes_while_the_index_is_made_or_cleaned_comes_in_between() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let mut talks = Vec::new();
    for conversation in 0..20 {
        let id = ids::new("conv");
        write_tx!(app.db, "test: a conversation", |tx| {
            sqlx::query(
                "INSERT INTO conversations (id, owner_id, title, title_key, created_at, updated_at) VALUES ($1, $2, 'x', 'x', 1, 1)",
            )
            .bind(&id)
            .bind(&owner.user.id)
            .execute(&mut *tx)
            .await?;
            for chunk in (0..500).collect::<Vec<i64>>().chunks(250) {
                let row = |n: &i64| format!("('msg_{conversation}_{n}', '{id}', {n}, 'user', 0, {n})");
                let rows: Vec<String> = chunk.iter().map(row).collect();
                let query =
                    format!("INSERT INTO messages (id, conversation_id, position, role, hidden, created_at) VALUES {}", rows.join(","));
                sqlx::query(sqlx::AssertSqlSafe(query)).execute(&mut *tx).await?;
                let words =
                    |n: i64| (0..60).map(|m| format!("w{}", (n * 7 + m * 31 + conversation * 13) % 9_000)).collect::<Vec<_>>().join(" ");
                let body = |n: &i64| format!("('msg_{conversation}_{n}', '[{{\"type\":\"text\",\"text\":\"{}\"}}]')", words(*n));
                let rows: Vec<String> = chunk.iter().map(body).collect();
                let query = format!("INSERT INTO message_bodies (message_id, parts) VALUES {}", rows.join(","));
                sqlx::query(sqlx::AssertSqlSafe(query)).execute(&mut *tx).await?;
            }
            Ok(())
        })
        .unwrap();
        enqueue_only(&app, &id).await;
        talks.push(id);
    }
    write_meanwhile(&app, &owner.user.id).await;
    assert!(count(&app, "SELECT COUNT(*) FROM search_blocks").await >= 2);
    let now = app.now();
    write_tx!(app.db, "test: delete half of them", |tx| {
        for id in &talks[..10] {
            takeback::conversations::store::disown(tx, &owner.user.id, id).await?;
            queue::enqueue(tx, Kind::PurgeConversation, id, now).await?;
        }
        Ok(())
    })
    .unwrap();
    write_meanwhile(&app, &owner.user.id).await;
    assert_eq!(search(&owner, "w7").await.messages.len(), 10);
}

/// Writes again and again until the queue of jobs is empty. None of the writes waits for half of the work, which one
/// transaction for all of it would take.
async fn write_meanwhile(app: &TestApp, user_id: &str) {
    app.jobs.wake();
    let (began, mut writes, mut longest) = (Instant::now(), 0, Duration::ZERO);
    while count(app, "SELECT COUNT(*) FROM jobs").await > 0 {
        let asked = Instant::now();
        app.run("UPDATE users SET name = name WHERE id = $1", user_id).await;
        longest = longest.max(asked.elapsed());
        writes += 1;
    }
    assert!(writes > 10 && longest < began.elapsed() / 2, "{writes} writes, one of {longest:?} in {:?}", began.elapsed());
}
