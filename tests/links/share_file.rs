//! `takeback share FILE`: a file becomes public, and nothing but what is in it.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::command::run;
use crate::support::{Talk, TestApp};

/// A file of messages.
fn write(app: &TestApp, name: &str, content: &Value) -> PathBuf {
    let path = app.config.data.join(name);
    std::fs::write(&path, content.to_string()).unwrap();
    path
}

fn tea() -> Value {
    json!({"title": "Tea", "messages": [
        {"role": "system", "content": "You are zanzibarquokka."},
        {"role": "user", "content": "How long does it steep?"},
        {"role": "assistant", "content": "Two minutes."},
    ]})
}

/// The path of the link that the command printed.
fn path_of(out: &str) -> String {
    out.strip_prefix("https://chat.example.org").unwrap().trim_end().to_owned()
}

/// The conversation was imported before, and its owner went on with it here: what came later is nobody's business.
#[tokio::test]
async fn what_the_owner_said_since_an_import_is_not_shared_with_the_file() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let email = owner.user.email.as_str();
    let path = write(&app, "tea.json", &tea());
    let file = path.to_str().unwrap();
    let (code, _, err) = run(&app, &["import", file, "--user", email], "no token").await;
    assert_eq!(code, 0, "{err}");
    let imported: String = sqlx::query_scalar("SELECT id FROM conversations WHERE owner_id = $1")
        .bind(&owner.user.id)
        .fetch_one(app.db.reader())
        .await
        .unwrap();
    let messages = sqlx::query_scalar("SELECT id FROM messages WHERE conversation_id = $1 ORDER BY position");
    let messages = messages.bind(&imported).fetch_all(app.db.reader()).await.unwrap();
    let mut talk = Talk { id: imported.clone(), messages };
    app.say(&mut talk, "user", "My password is quokkazanzibar.").await;

    let (code, out, err) = run(&app, &["share", file, "--user", email, "--yes"], "no token").await;
    assert_eq!(code, 0, "{err}");
    let page = app.anonymous().get(&path_of(&out)).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Two minutes.") && !page.body.contains("quokkazanzibar") && !page.body.contains("zanzibarquokka"));
    let targets: Vec<String> = sqlx::query_scalar("SELECT target_id FROM links").fetch_all(app.db.reader()).await.unwrap();
    assert!(targets.len() == 1 && targets[0] != imported, "{targets:?}");
    // And updating that link to the latest messages shows none of it either.
    let token = path_of(&out).rsplit('/').next().unwrap().to_owned();
    let (code, _, err) = run(&app, &["links", "update", &token, "--latest"], &token).await;
    assert_eq!(code, 0, "{err}");
    assert!(!app.anonymous().get(&path_of(&out)).await.body.contains("quokkazanzibar"));
}

#[tokio::test]
async fn each_sharing_of_a_file_is_a_conversation_and_a_link_of_its_own() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let path = write(&app, "tea.json", &tea());
    let mut paths = Vec::new();
    for _ in 0..2 {
        let (code, out, err) = run(&app, &["share", path.to_str().unwrap(), "--user", &owner.user.email, "--yes"], "no token").await;
        assert_eq!(code, 0, "{err}");
        paths.push(path_of(&out));
    }
    let token = paths[0].rsplit('/').next().unwrap();
    assert_eq!(run(&app, &["links", "delete", token], token).await.0, 0);
    assert_eq!(app.anonymous().get(&paths[0]).await.status, 404);
    assert_eq!(app.anonymous().get(&paths[1]).await.status, 200);
}
