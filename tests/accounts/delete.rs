//! Deleting an account: links at once, words by the clean-up.

use std::path::Path;

use takeback::jobs::queue::{self, Kind};
use takeback::storage::dialect::Dialect;
use takeback::write_tx;

use super::{ANOTHER, count, is_in, sign_in};
use crate::support::{PASSWORD, TestApp};

const ADA: &str = "ada.quillfeather@example.org";

/// What only the owner ever wrote; their own name and address are such words too.
const CANARIES: [&str; 6] = ["zanzibarquokka", "marmaladevortex", "tangerineobelisk", "Quillfeather", "quillfeather", "VIOLETGLACIER"];

#[tokio::test]
async fn the_links_of_a_deleted_account_end_at_once_and_its_words_are_in_no_file_after_the_clean_up() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let kept = app.small_talk(&other.user).await;
    let kept_link = app.share(&other.user, &kept).await.path();
    let mut links = Vec::new();
    for n in 0..30 {
        let title = format!("tangerineobelisk {n}");
        let long = format!("VIOLETGLACIER {}", "marmaladevortex ".repeat(40 * n));
        let talk = app.talk(&owner.user, &title, &[("user", "zanzibarquokka"), ("assistant", &long)]).await;
        links.push(app.share(&owner.user, &talk).await.path());
        app.index(&talk.id).await;
        app.small_talk(&other.user).await;
    }
    assert_eq!(app.anonymous().get(&links[0]).await.status, 200);

    let page = owner.get("/settings/delete-account").await;
    assert!(page.body.contains("30 shared links stop") && page.body.contains("30 conversations are"), "{}", page.body);
    assert_eq!(owner.post_form("/settings/delete-account", &[("password", ANOTHER)]).await.status, 400);
    assert_eq!(app.anonymous().get(&links[0]).await.status, 200, "a wrong password deletes nothing");

    let reply = owner.post_form("/settings/delete-account", &[("password", PASSWORD)]).await;
    assert_eq!(reply.location(), "/signin?deleted=true");
    let never = app.anonymous().get("/share/3bXkQ2mN7pRs5tUvWxYzAa").await;
    for link in &links {
        let page = app.anonymous().get(link).await;
        assert_eq!((page.status, &page.body), (404, &never.body));
    }
    assert!(!is_in(&owner).await);
    assert_eq!(sign_in(&app, ADA, PASSWORD).await.1.status, 400);
    let named = "SELECT COUNT(*) FROM users WHERE email <> '' OR name <> '' OR password_hash <> '' OR email_key IS NOT NULL";
    assert_eq!(count(&app, named).await, 1, "who it was goes with the delete, before the clean-up");

    app.finish_jobs().await;
    assert_eq!(count(&app, "SELECT COUNT(*) FROM users").await, 1);
    assert_eq!(count(&app, "SELECT COUNT(*) FROM conversations").await, 31);
    assert_eq!(count(&app, "SELECT COUNT(*) FROM message_bodies").await, 62);
    assert_eq!(count(&app, "SELECT COUNT(*) FROM snapshots").await, 1);
    assert_eq!(app.anonymous().get(&kept_link).await.status, 200);
    for canary in CANARIES {
        assert_eq!(files_with(&app, canary), Vec::<String>::new(), "{canary}");
        assert_eq!(tables_with(&app, canary).await, Vec::<String>::new(), "{canary}");
    }
    assert_eq!(tables_with(&app, "Umbermoor").await, ["users"], "the search finds what is there");
    if app.db.dialect() == Dialect::Sqlite {
        assert!(!files_with(&app, "Umbermoor").is_empty(), "the search finds what is there");
    }
    // The address is free again.
    let again = app.person("Ada Again", ADA, "member").await;
    assert_ne!(again.user.id, owner.user.id);
}

/// Files under the server's folder that hold this text.
fn files_with(app: &TestApp, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    search(app.config.data.parent().unwrap(), text.as_bytes(), &mut found);
    found
}

/// Tables in which this text is, as text or in bytes: all there is to see where the files are another server's.
async fn tables_with(app: &TestApp, text: &str) -> Vec<String> {
    let bytes = format!("{:02x?}", text.as_bytes());
    let bytes = bytes.trim_matches(['[', ']']);
    let mut rows = app.all_rows().await;
    rows.retain(|row| row.contains(text) || row.contains(bytes));
    rows.iter().map(|row| row.split(':').next().unwrap_or_default().to_owned()).collect()
}

fn search(folder: &Path, text: &[u8], found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            search(&path, text, found);
        } else if std::fs::read(&path).unwrap().windows(text.len()).any(|window| window == text) {
            found.push(path.display().to_string());
        }
    }
}

#[tokio::test]
async fn a_clean_up_that_runs_twice_or_by_mistake_takes_nothing_else() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let (mine, theirs) = (app.small_talk(&owner.user).await, app.small_talk(&other.user).await);
    app.share(&other.user, &theirs).await;
    let now = app.now();
    write_tx!(app.db, "test: jobs by mistake", |tx| {
        for _ in 0..2 {
            queue::enqueue(tx, Kind::PurgeUser, &other.user.id, now).await?;
            queue::enqueue(tx, Kind::PurgeLinks, &other.user.id, now).await?;
            queue::enqueue(tx, Kind::PurgeConversation, &mine.id, now).await?;
        }
        Ok(())
    })
    .unwrap();
    app.finish_jobs().await;
    assert_eq!(count(&app, "SELECT COUNT(*) FROM users").await, 2);
    assert_eq!(count(&app, "SELECT COUNT(*) FROM messages").await, 4);
    assert_eq!(count(&app, "SELECT COUNT(*) FROM links").await, 1);
}

#[tokio::test]
async fn a_deleted_conversation_is_removed_by_the_clean_up() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let (gone, kept) = (app.small_talk(&owner.user).await, app.small_talk(&owner.user).await);
    let now = app.now();
    write_tx!(app.db, "test: a deleted conversation", |tx| {
        sqlx::query("UPDATE conversations SET owner_id = NULL WHERE id = $1").bind(&gone.id).execute(&mut *tx).await?;
        queue::enqueue(tx, Kind::PurgeConversation, &gone.id, now).await
    })
    .unwrap();
    app.jobs.wake();
    app.finish_jobs().await;
    let left: Vec<String> = sqlx::query_scalar("SELECT conversation_id FROM messages").fetch_all(app.db.reader()).await.unwrap();
    assert_eq!(left, [kept.id.clone(), kept.id]);
}

#[tokio::test]
async fn a_sign_in_that_races_with_the_delete_leaves_no_session() {
    let app = TestApp::start_with(|config| config.sign_in_attempts_per_minute = 10_000).await;
    let owner = app.owner().await;
    let tries = (0..4).map(|_| sign_in(&app, ADA, PASSWORD));
    let (_, _) =
        tokio::join!(futures_util::future::join_all(tries), owner.post_form("/settings/delete-account", &[("password", PASSWORD)]));
    let left = "SELECT COUNT(*) FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.deleted_at IS NOT NULL";
    assert_eq!(count(&app, left).await, 0);
    app.finish_jobs().await;
    assert_eq!(count(&app, "SELECT COUNT(*) FROM sessions").await, 0);
}

#[tokio::test]
async fn a_password_that_was_changed_meanwhile_confirms_nothing_any_more() {
    let app = TestApp::start().await;
    let doors: [(&str, &[(&str, &str)]); 2] = [
        ("/settings/delete-account", &[("password", PASSWORD)]),
        ("/settings/profile", &[("name", "Ada"), ("email", "new@example.org"), ("confirm", PASSWORD)]),
    ];
    for (at, (door, fields)) in doors.into_iter().enumerate() {
        let owner = app.person("Ada", &format!("ada{at}@example.org"), "member").await;
        // What the door writes waits for this transaction; what it compares with was there before.
        let mut change = app.db.begin_write().await.unwrap();
        let query = "UPDATE users SET password_hash = 'another' WHERE id = $1";
        sqlx::query(query).bind(&owner.user.id).execute(&mut *change).await.unwrap();
        let (free, client) = (app.hashing.clone(), owner.client.clone());
        let knocking = tokio::spawn(async move { client.post_form(door, fields).await });
        for _ in 0..20_000 {
            if free.available_permits() < 2 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        change.commit().await.unwrap();
        let reply = knocking.await.unwrap();
        assert_eq!(reply.status, 400, "{door}");
        assert!(reply.body.contains("changed meanwhile"), "{door}: {}", reply.body);
    }
    assert_eq!(count(&app, "SELECT COUNT(*) FROM users WHERE deleted_at IS NULL AND email LIKE 'ada_@example.org'").await, 2);
}
