//! `takeback share FILE` shows what will be public, and asks.

use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use super::command::run;
use crate::support::TestApp;

/// Writes a file beside the database; answers its path.
fn write(app: &TestApp, name: &str, content: &str) -> String {
    let path = app.config.data.join(name);
    std::fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

fn tea() -> Value {
    json!({"title": "Tea", "messages": [
        {"role": "system", "content": "You are zanzibarquokka."},
        {"role": "user", "content": "How long does\u{1b}[31m it steep?"},
        {"role": "assistant", "content": "Two minutes."},
    ]})
}

async fn links(app: &TestApp) -> i64 {
    sqlx::query_scalar("SELECT COUNT(*) FROM links").fetch_one(app.db.reader()).await.unwrap()
}

/// Runs a line of shell at a terminal of its own, and types an answer there; what the terminal shows comes back.
async fn at_a_terminal(app: &TestApp, line: &str, typed: &str) -> (i32, String) {
    let takeback = format!(
        "{} --public-url https://chat.example.org --database '{}' --data '{}'",
        env!("CARGO_BIN_EXE_takeback"),
        app.config.database,
        app.config.data.display()
    );
    let mut command = Command::new("script");
    command.env_clear().env("PATH", "/usr/bin:/bin").env("SHELL", "/bin/sh").current_dir(&app.config.data);
    command.args(["-q", "-e", "-c", &line.replace("takeback", &takeback), "/dev/null"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut keyboard = child.stdin.take().unwrap();
    keyboard.write_all(typed.as_bytes()).await.unwrap();
    let output = child.wait_with_output().await.unwrap();
    drop(keyboard);
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

#[tokio::test]
async fn where_nobody_can_be_asked_nothing_is_shared_without_yes() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let file = write(&app, "tea.json", &tea().to_string());
    let (code, out, err) = run(&app, &["share", &file, "--user", &owner.user.email], "no token").await;
    assert_eq!((code, out.as_str(), links(&app).await), (1, "", 0));
    assert_eq!(
        err,
        "This will be public, for everybody who has the link:\n\n  \
           Title     Tea\n  From      Chat Completions, 2 messages (1 by people)\n  By        nobody’s name on the page\n  \
           Left out  1 instruction or hidden message\n\n  Person    How long does[31m it steep?\n  Answer    Two minutes.\n\n\
         takeback: Nothing was shared: there is no terminal to ask at. If all of this may become public, say --yes.\n"
    );
    let (code, _, err) = run(&app, &["share", &file, "--user", &owner.user.email, "--yes"], "no token").await;
    assert_eq!((code, err.as_str(), links(&app).await), (0, "", 1));
}

#[tokio::test]
async fn at_a_terminal_only_a_yes_shares() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    write(&app, "tea.json", &tea().to_string());
    let line = format!("takeback share tea.json --user {} --named --title Chai", owner.user.email);
    for typed in ["n\n", "\n", "yesterday\n", "\u{4}"] {
        let (code, shown) = at_a_terminal(&app, &line, typed).await;
        assert!(code == 1 && shown.contains("Share it? [y/N]") && shown.contains("Nothing was shared."), "{typed:?}: {shown}");
    }
    assert_eq!(links(&app).await, 0);
    let (code, shown) = at_a_terminal(&app, &line, "y\n").await;
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("Chai") && shown.contains("Ada Quillfeather") && !shown.contains("zanzibarquokka"), "{shown}");
    let path = shown.split("https://chat.example.org").nth(1).unwrap().trim_end();
    assert!(app.anonymous().get(path).await.body.contains("Two minutes."));
}

/// Standard input is the file then, so the terminal itself is asked.
#[tokio::test]
async fn what_comes_through_a_pipe_is_asked_about_too() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    write(&app, "tea.json", &tea().to_string());
    let line = format!("cat tea.json | takeback share - --user {}", owner.user.email);
    let (code, shown) = at_a_terminal(&app, &line, "no\n").await;
    assert!(code == 1 && shown.contains("Nothing was shared.") && links(&app).await == 0, "{shown}");
    let (code, shown) = at_a_terminal(&app, &line, "YES\n").await;
    assert!(code == 0 && links(&app).await == 1, "{shown}");
}

#[tokio::test]
async fn what_can_t_be_read_is_said_to_be_left_out() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let whole = r#"{"messages":[{"role":"user","content":"How long?"},{"role":"assistant","content":"Two minutes."}]}"#;
    let cut = write(&app, "cut.json", &format!("{whole}\n{{\"messages\": [{{\"role\": \"user\", \"content\": \"And then"));
    let (code, _, err) = run(&app, &["share", &cut, "--user", &owner.user.email, "--yes"], "no token").await;
    assert_eq!((code, links(&app).await), (0, 1), "{err}");
    assert!(err.starts_with("takeback: Left out, as it can’t be read: The file is damaged at byte "), "{err}");

    let session = [
        r#"{"type":"user","sessionId":"s","uuid":"a","parentUuid":null,"message":{"role":"user","content":"How long?"}}"#,
        r#"{"type":"user","sessionId":"s","uuid":"b","parentUuid":"a","message":{"role" "user"}}"#,
        r#"{"type":"assistant","sessionId":"s","uuid":"c","parentUuid":"a","message":{"role":"assistant","content":[{"type":"text","text":"Two minutes."}]}}"#,
    ];
    let session = write(&app, "session.jsonl", &session.join("\n"));
    let (code, out, err) = run(&app, &["share", &session, "--user", &owner.user.email, "--yes"], "no token").await;
    assert!(code == 0 && err.contains("Left out, as it can’t be read: A line's JSON is damaged"), "{err}");
    assert!(app.anonymous().get(out.trim_end().strip_prefix("https://chat.example.org").unwrap()).await.body.contains("Two minutes."));
    for (content, words) in [("", "empty"), ("{}", "no chat export"), ("<html>", "web page"), (r#"{"messages": []}"#, "no conversation")] {
        let file = write(&app, "bad.json", content);
        let (code, out, err) = run(&app, &["share", &file, "--user", &owner.user.email, "--yes"], "no token").await;
        assert!(code == 1 && out.is_empty() && err.contains(words), "{content}: {err}");
    }
    let (code, _, err) = run(&app, &["share", "/no/such/file", "--user", &owner.user.email], "no token").await;
    assert!(code == 1 && err.contains("/no/such/file"), "{err}");
}
