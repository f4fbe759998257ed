//! `takeback import --server`: into a server elsewhere, as the key's person.

use std::process::Stdio;

use serde_json::Value;
use tokio::process::Command;

use super::export::{bytes, chats, held, zip};
use crate::support::TestApp;

async fn run(server: &str, key: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let folder = tempfile::TempDir::new().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_takeback"));
    command.env_clear().env("TAKEBACK_API_KEY", key).env("TAKEBACK_SERVER", server).current_dir(folder.path());
    let output = command.arg("import").args(arguments).stdin(Stdio::null()).output().await.unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is made here");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[tokio::test]
async fn files_are_sent_and_it_is_said_what_was_taken() {
    let app = TestApp::start_with(|config| config.max_import_bytes = 4 << 20).await;
    let owner = app.owner().await;
    let (server, key) = (app.url(""), app.key_of(&owner.user, &["conversations:read", "conversations:write"]).await);
    let folder = tempfile::TempDir::new().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let export = file("export.zip", &zip(&[("conversations.json", &bytes(&chats(300)))]));
    let (code, out, err) = run(&server, &key, &[&export]).await;
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.contains("ChatGPT: 300 new conversations and 600 new messages taken.\nNothing was left out."), "{out}");
    assert_eq!(held(&app, &owner.user).await, (300, 600, 0));

    // One that can't be taken doesn't keep the next one out.
    let (notes, large) = (file("notes.txt", b"hello"), file("large.json", &vec![b' '; (4 << 20) + 1]));
    let missing = folder.path().join("missing.json").to_str().unwrap().to_owned();
    let itself = folder.path().to_str().unwrap();
    let (code, out, err) = run(&server, &key, &[&notes, &large, &missing, itself, &export]).await;
    assert_eq!(code, Some(1));
    for words in
        ["neither a ZIP nor a JSON file", "larger than 4 MB", "It can’t be read", "It is a folder", "300 conversations were here already."]
    {
        assert!(out.contains(words), "{words}: {out}");
    }
    assert!(err.contains("notes.txt") && err.contains("large.json") && !err.contains("export.zip"), "{err}");
    let (_, out, _) = run(&server, &key, &[&export, "--json"]).await;
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&answer["report"]["unchanged"], &answer["report"]["source"]), (&300.into(), &"ChatGPT".into()));
    assert_eq!(held(&app, &owner.user).await, (300, 600, 0));
}

/// However a server says that it isn't done, it isn't called done.
#[tokio::test]
async fn what_has_not_ended_well_is_no_success() {
    for (status, error) in [("failed", None), ("failed", Some("It is \u{1b}[2Jbroken.")), ("exploded", None), ("interrupted", None)] {
        let import = serde_json::json!({"id": "imp_x", "object": "import", "status": status, "error": error, "taken": {}});
        let router = axum::Router::new().fallback(async move || axum::Json(import));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = format!("http://{}", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("x.json");
        std::fs::write(&file, "[]").unwrap();
        let (code, out, err) = run(&server, "k", &[file.to_str().unwrap()]).await;
        assert!(code == Some(1) && err.contains("Not imported, or not to the end"), "{status}: {out} {err}");
        assert!(!out.contains('\u{1b}'), "{out}");
        serving.abort();
    }
}

#[tokio::test]
async fn a_key_that_may_not_says_so_and_what_makes_no_sense_is_explained() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let (server, key) = (app.url(""), app.key_of(&owner.user, &["conversations:read"]).await);
    let (code, out, err) = run(&server, &key, &["/dev/null"]).await;
    assert!(code == Some(1) && out.is_empty() && err.contains("conversations:write"), "{err}");
    let (code, _, err) = run(&server, &key, &["/dev/null", "--dry-run"]).await;
    assert!(code == Some(2) && err.contains("--dry-run"), "{err}");
}
