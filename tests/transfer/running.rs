//! An import while it runs, and one that could not end.

use std::time::Duration;

use takeback::{ids, write_tx};

use super::export::{bytes, chats, held, import, over, tally};
use crate::support::{Actor, TestApp};

/// An import as a server that died leaves it.
async fn abandoned(app: &TestApp, person: &Actor) -> String {
    let id = ids::new("imp");
    write_tx!(app.db, "test: an import", |tx| {
        sqlx::query(
            "INSERT INTO imports (id, user_id, file_name, state, total_bytes, done_bytes, report, created_at, updated_at) \
             VALUES ($1, $2, 'export.zip', 'running', 1000, 370, '{\"source\": \"ChatGPT\", \"conversations\": 12}', $3, $3)",
        )
        .bind(&id)
        .bind(&person.user.id)
        .bind(app.now())
        .execute(tx)
        .await?;
        Ok(())
    })
    .unwrap();
    id
}

#[tokio::test]
async fn progress_shows_and_works_without_script() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let id = abandoned(&app, &owner).await;
    let page = owner.get(&format!("/import/{id}")).await;
    for words in ["http-equiv=\"refresh\"", "value=\"37\"", "37 %", "12 conversations", "export.zip"] {
        assert!(page.body.contains(words), "{words}\n{}", page.body);
    }
    assert!(!owner.fragment(&format!("/import/{id}")).await.body.contains("<html"));
    assert_eq!(other.get(&format!("/import/{id}")).await.status, 404);
}

#[tokio::test]
async fn a_second_import_of_the_same_person_waits_for_the_first() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    abandoned(&app, &owner).await;
    let refused = owner.upload("/import", "file", "export.json", bytes(&chats(1))).await;
    assert_eq!(refused.status, 400);
    assert!(refused.body.contains("Another import of yours is still running"), "{}", refused.body);
    assert_eq!(tally(&import(&other, "export.json", bytes(&chats(1))).await, "New conversations"), 1);
}

#[tokio::test]
async fn an_import_whose_server_died_is_interrupted_and_can_be_done_again() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let id = abandoned(&app, &owner).await;
    std::fs::create_dir_all(app.config.data.join("uploads")).unwrap();
    std::fs::write(app.config.data.join("uploads/.tmpLeft"), b"left behind").unwrap();
    app.advance(Duration::from_mins(1));
    let app = app.restart().await;
    let owner = app.owner().await;
    assert!(!app.config.data.join("uploads/.tmpLeft").exists());
    let state: String = sqlx::query_scalar("SELECT state FROM imports WHERE id = $1").bind(&id).fetch_one(app.db.reader()).await.unwrap();
    let page = owner.get(&format!("/import/{id}")).await.body;
    assert!(page.contains("Import the file again; nothing is doubled"), "{state}: {page}");
    assert_eq!(tally(&import(&owner, "export.json", bytes(&chats(5))).await, "New conversations"), 5);
}

#[tokio::test]
async fn a_stop_of_the_server_interrupts_and_the_rest_comes_with_the_next_import() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let export = bytes(&chats(4_000));
    let sent = owner.upload("/import", "file", "export.json", export.clone()).await;
    assert_eq!(sent.status, 303);
    let app = app.restart().await;
    let owner = app.owner().await;
    let page = over(&owner, sent.location()).await;
    let (came, _, _) = held(&app, &owner.user).await;
    assert!(page.body.contains("Import the file again; nothing is doubled") || came == 4_000, "{came}: {}", page.body);
    let report = import(&owner, "export.json", export).await;
    assert_eq!(tally(&report, "New conversations") + came, 4_000);
    assert_eq!(held(&app, &owner.user).await, (4_000, 8_000, 0));
}

#[tokio::test]
async fn others_write_while_an_import_runs() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let talk = app.small_talk(&other.user).await;
    let sent = owner.upload("/import", "file", "export.json", bytes(&chats(3_000))).await;
    let mut renamed = 0;
    while owner.fragment(sent.location()).await.body.contains("data-poll") {
        assert_eq!(other.post_form(&format!("/c/{}/rename", talk.id), &[("title", "Renamed")]).await.status, 303);
        renamed += 1;
    }
    assert!(renamed > 0);
    assert_eq!(held(&app, &owner.user).await.0, 3_000);
}

#[tokio::test]
async fn a_closed_account_gets_nothing_more() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let sent = owner.upload("/import", "file", "export.json", bytes(&chats(4_000))).await;
    assert_eq!(sent.status, 303);
    write_tx!(app.db, "test: disable", |tx| {
        sqlx::query("UPDATE users SET disabled_at = 1 WHERE id = $1").bind(&owner.user.id).execute(tx).await?;
        Ok(())
    })
    .unwrap();
    let (then, _, _) = held(&app, &owner.user).await;
    let app = app.restart().await;
    assert_eq!(held(&app, &owner.user).await.0, then);
}
