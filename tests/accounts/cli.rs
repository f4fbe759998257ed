//! `takeback users`, beside a running server.

use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use super::{ANOTHER, is_in, sign_in};
use crate::support::{PASSWORD, TestApp};

const ADA: &str = "ada.quillfeather@example.org";

async fn takeback(app: &TestApp, arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_takeback"));
    command.args(arguments).arg("--database").arg(&app.config.database).arg("--data").arg(&app.config.data);
    command.arg("--public-url").arg(app.url("")).env("TAKEBACK_LOG", "warn");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let input = input.to_owned();
    tokio::task::spawn_blocking(move || {
        let mut child = command.spawn().unwrap();
        // A command that reads nothing may be gone already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    })
    .await
    .unwrap()
}

fn out(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_str(&out(output)).unwrap()
}

#[tokio::test]
async fn the_first_account_of_the_command_line_runs_the_server() {
    let app = TestApp::start().await;
    assert!(out(&takeback(&app, &["users", "list"], "").await).contains("Nobody has an account yet"));
    let made = takeback(
        &app,
        &["users", "add", "--email", "ada@example.org", "--name", "Ada", "--password-stdin", "--json"],
        "seven quiet herons fishing\n",
    )
    .await;
    assert_eq!(json(&made)["role"], "admin");
    let (browser, reply) = sign_in(&app, "ada@example.org", ANOTHER).await;
    assert_eq!(reply.status, 303);
    assert_eq!(browser.get("/settings/people").await.status, 200);
    assert_eq!(app.anonymous().get("/setup").await.location(), "/signin");

    let weak = takeback(&app, &["users", "add", "--email", "eve@example.org", "--name", "Eve", "--password-stdin"], "short\n").await;
    assert_eq!(weak.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&weak.stderr).contains("at least 10"));
    let twice = takeback(&app, &["users", "add", "--email", "ADA@example.org", "--name", "Ada"], "").await;
    assert_eq!(twice.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&twice.stderr).contains("has an account already"));
    assert_eq!(takeback(&app, &["users", "add", "--name", "Ada"], "").await.status.code(), Some(2), "wrong usage");
}

#[tokio::test]
async fn an_account_without_a_password_comes_with_a_link_that_sets_one() {
    let app = TestApp::start().await;
    app.admin().await;
    let made = json(&takeback(&app, &["users", "add", "--email", "eve@example.org", "--name", "Eve", "--json"], "").await);
    assert_eq!(made["role"], "member");
    assert_eq!(sign_in(&app, "eve@example.org", "").await.1.status, 400);
    let url = made["password_url"].as_str().unwrap().strip_prefix(&app.url("")).unwrap().to_owned();
    let browser = app.anonymous();
    assert_eq!(browser.post_form(&url, &[("password", ANOTHER)]).await.status, 303);
    assert!(is_in(&browser).await);
    assert_eq!(sign_in(&app, "eve@example.org", ANOTHER).await.1.status, 303);

    let words = out(&takeback(&app, &["users", "reset-password", "eve@example.org"], "").await);
    let path = words.lines().next().unwrap().strip_prefix(&app.url("")).unwrap().to_owned();
    assert_eq!(app.anonymous().post_form(&path, &[("password", "another long phrase")]).await.status, 303);
    assert!(!is_in(&browser).await);
}

#[tokio::test]
async fn what_the_command_line_does_holds_in_the_running_server_at_once() {
    let app = TestApp::start().await;
    app.admin().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let link = app.share(&owner.user, &talk).await.path();

    assert!(out(&takeback(&app, &["users", "disable", ADA], "").await).contains("disabled"));
    assert!(!is_in(&owner).await);
    assert_eq!(app.anonymous().get(&link).await.status, 404);
    let list = json(&takeback(&app, &["users", "list", "--json"], "").await);
    let ada = list["data"].as_array().unwrap().iter().find(|user| user["email"] == ADA).unwrap().clone();
    assert_eq!((&ada["disabled"], &ada["object"], &ada["created_at"]), (&true.into(), &"user".into(), &1_768_478_400.into()));
    out(&takeback(&app, &["users", "enable", ADA], "").await);
    assert_eq!(app.anonymous().get(&link).await.status, 200);
    assert_eq!(sign_in(&app, ADA, PASSWORD).await.1.status, 303);

    let unsure = takeback(&app, &["users", "delete", ADA], "").await;
    assert_eq!(unsure.status.code(), Some(1), "without a terminal it wants --yes");
    assert_eq!(app.anonymous().get(&link).await.status, 200);
    assert!(out(&takeback(&app, &["users", "delete", ADA, "--yes"], "").await).contains("deleted"));
    assert_eq!(app.anonymous().get(&link).await.status, 404);
    // The command has the system's time, the server of this test another.
    app.advance(Duration::from_hours(50 * 365 * 24));
    app.finish_jobs().await;
    assert_eq!(super::count(&app, "SELECT COUNT(*) FROM conversations").await, 0);
    let gone = takeback(&app, &["users", "delete", ADA, "--yes"], "").await;
    assert_eq!(gone.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&gone.stderr).contains("users list"));
    let alone = takeback(&app, &["users", "disable", "root.thornapple@example.org"], "").await;
    assert!(alone.status.success(), "the last person of all may go");
}

#[tokio::test]
async fn help_has_examples_for_every_command() {
    let app = TestApp::start().await;
    for command in ["add", "list", "disable", "enable", "delete", "reset-password"] {
        let help = out(&takeback(&app, &["users", command, "--help"], "").await);
        assert!(help.contains("Example") && help.contains("takeback users"), "{help}");
    }
}
