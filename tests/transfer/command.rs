//! `takeback import` at a terminal.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::process::Command;

use super::export::{bytes, chat, chats, held, zip};
use crate::support::{Actor, TestApp};

/// Runs `takeback import … --user …`; answers the exit code, standard output and standard error.
async fn run(app: &TestApp, person: &Actor, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_takeback"));
    command.env_clear().args(["--database", &app.config.database, "--data"]).arg(&app.config.data);
    command.arg("import").args(arguments).args(["--user", &person.user.email]).stdin(Stdio::null());
    let output = command.output().await.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn write(app: &TestApp, name: &str, bytes: &[u8]) -> PathBuf {
    let path = app.config.data.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[tokio::test]
async fn it_says_what_was_taken_and_a_second_time_that_it_is_here() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let path = write(&app, "export.json", &bytes(&chats(30)));
    let (code, out, err) = run(&app, &owner, &[text(&path)]).await;
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("ChatGPT: 30 new conversations and 60 new messages taken.\nNothing was left out."), "{out}");
    let (code, out, _) = run(&app, &owner, &[text(&path)]).await;
    assert_eq!(code, Some(0));
    assert!(out.contains("0 new conversations and 0 new messages taken.\n30 conversations were here already."), "{out}");
    assert_eq!(held(&app, &owner.user).await, (30, 60, 0));
    // What brought nothing is no event.
    let events = "SELECT COUNT(*) FROM audit_events WHERE action = 'conversations.imported' AND client = 'cli' AND user_id = $1";
    let events: i64 = sqlx::query_scalar(events).bind(&owner.user.id).fetch_one(app.db.reader()).await.unwrap();
    assert_eq!(events, 1);
}

#[tokio::test]
async fn nothing_in_a_file_moves_the_cursor() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let mut talk = chat("strange", "Strange", &[("user", "look"), ("assistant", "nice")]);
    talk["mapping"]["strange-0"]["message"]["content"] = json!({"content_type": "\u{1b}[2J\u{1b}]0;pwn\u{7}", "parts": ["x"]});
    let path = write(&app, "export.json", &bytes(&[talk]));
    let (_, out, err) = run(&app, &owner, &[text(&path)]).await;
    assert!(!format!("{out}{err}").contains(['\u{1b}', '\u{7}']), "{out:?}");
    let path = write(&app, "strange.zip", &zip(&[("\u{1b}[2J/conversations.json", b"hello")]));
    let (code, out, err) = run(&app, &owner, &[text(&path)]).await;
    assert!(code == Some(1) && !format!("{out}{err}").contains('\u{1b}'), "{out:?}");
}

#[tokio::test]
async fn a_dry_run_counts_and_writes_nothing() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let path = write(&app, "export.json", &bytes(&chats(30)));
    let before = app.rows().await;
    let (code, out, err) = run(&app, &owner, &[text(&path), "--dry-run"]).await;
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("30 new conversations and 60 new messages would be taken."), "{out}");
    assert_eq!(app.rows().await, before);
}

#[tokio::test]
async fn machines_get_json() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let mut unknown = chat("u", "Unknown", &[("user", "q"), ("assistant", "a")]);
    unknown["mapping"]["u-1"]["message"]["content"] = json!({"content_type": "super_widget"});
    let path = write(&app, "export.zip", &zip(&[("conversations.json", &bytes(&[unknown]))]));
    let (code, out, err) = run(&app, &owner, &[text(&path), "--json"]).await;
    assert_eq!(code, Some(0), "{err}");
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(answer["file"], text(&path));
    assert_eq!((&answer["report"]["conversations"], &answer["report"]["messages"]), (&json!(1), &json!(2)));
    assert_eq!(answer["report"]["left_out"][0]["what"], "super widget");
}

#[tokio::test]
async fn one_bad_file_does_not_keep_the_others_out_and_the_exit_code_tells() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let bad = write(&app, "bad.json", b"hello");
    let cut = write(&app, "cut.zip", &zip(&[("conversations.json", &bytes(&chats(50)))])[..500]);
    let good = write(&app, "good.json", &bytes(&chats(2)));
    let missing = app.config.data.join("missing.json");
    let (code, out, err) = run(&app, &owner, &[text(&bad), text(&cut), text(&missing), text(&good)]).await;
    assert_eq!(code, Some(1));
    for words in ["neither a ZIP nor a JSON file", "damaged or cut off", "could not be read", "2 new conversations"] {
        assert!(out.contains(words), "{words}\n{out}");
    }
    assert!(err.contains("bad.json") && err.contains("missing.json") && !err.contains("good.json"), "{err}");
    assert_eq!(held(&app, &owner.user).await, (2, 4, 0));
}

#[tokio::test]
async fn an_unknown_person_and_wrong_usage_are_told_apart() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let path = write(&app, "export.json", &bytes(&chats(1)));
    let nobody = Actor {
        user: takeback::accounts::user::User { email: "no@example.org".to_owned(), ..owner.user.clone() },
        client: owner.client.clone(),
        secret: String::new(),
    };
    let (code, _, err) = run(&app, &nobody, &[text(&path)]).await;
    assert!(code == Some(1) && err.contains("no@example.org"), "{err}");
    assert_eq!(run(&app, &owner, &[]).await.0, Some(2));
}

#[tokio::test]
async fn what_a_kill_cut_short_comes_with_the_next_import() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let path = write(&app, "export.json", &bytes(&chats(20_000)));
    let mut command = Command::new(env!("CARGO_BIN_EXE_takeback"));
    command.env_clear().args(["--database", &app.config.database, "--data"]).arg(&app.config.data);
    command.args(["import", text(&path), "--user", &owner.user.email]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut killed = command.spawn().unwrap();
    while held(&app, &owner.user).await.0 == 0 {
        assert!(killed.try_wait().unwrap().is_none(), "it ended before it could be killed");
    }
    killed.start_kill().unwrap();
    killed.wait().await.unwrap();
    // What is there is whole.
    let broken: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM conversations c WHERE c.owner_id = $1 AND (SELECT COUNT(*) FROM messages m WHERE m.conversation_id = c.id) <> 2",
    )
    .bind(&owner.user.id)
    .fetch_one(app.db.reader())
    .await
    .unwrap();
    assert_eq!(broken, 0);
    let (code, out, err) = run(&app, &owner, &[text(&path), "--json"]).await;
    assert_eq!(code, Some(0), "{err}");
    let answer: Value = serde_json::from_str(&out).unwrap();
    // What came by then is in the report too: a commit that was under way at the end of the program counts.
    let [came_now, came_before] = ["conversations", "unchanged"].map(|field| answer["report"][field].as_i64().unwrap());
    assert!(came_before > 0 && came_now + came_before == 20_000, "{answer}");
    assert_eq!(held(&app, &owner.user).await, (20_000, 40_000, 0));
}
