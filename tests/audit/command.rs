//! `takeback audit` at a terminal, here and over the network.

use serde_json::Value;
use tokio::process::Command;

use crate::support::TestApp;

/// Runs it on the database (`key` is empty) or on the server over its API.
async fn run(app: &TestApp, key: &str, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_takeback"));
    command.env_clear().env("TAKEBACK_LOG", "warn").current_dir(&app.config.data).arg("audit").args(arguments);
    if key.is_empty() {
        command.args(["--database", &app.config.database, "--data"]).arg(&app.config.data);
    } else {
        command.env("TAKEBACK_SERVER", app.url("")).env("TAKEBACK_API_KEY", key);
    }
    let output = command.output().await.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Lines of JSON, without the moment that the clock of the machine sees.
fn events(out: &str) -> Vec<Value> {
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn it_lists_and_exports_the_same_here_and_over_the_network() {
    let app = TestApp::start().await;
    let (admin, owner) = (app.admin().await, app.owner().await);
    let link = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    let own = app.key_of(&owner.user, &["audit:read"]).await;
    let all = app.key_of(&admin.user, &["audit:read"]).await;

    let (code, out, err) = run(&app, "", &["list"]).await;
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(
        out.contains("2026-01-15 12:00:00") && out.contains("Link made") && out.contains(&owner.user.email) && out.contains(&link.id),
        "{out}"
    );
    let (code, out, err) = run(&app, &own, &["list"]).await;
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("Link made") && out.contains(&owner.user.id) && out.contains(&link.id) && !out.contains(&admin.user.id), "{out}");
    assert!(run(&app, &all, &["list"]).await.1.lines().count() < run(&app, &all, &["list", "--all"]).await.1.lines().count());
    let (_, out, _) = run(&app, "", &["list", "--user", &owner.user.email, "--kind", "links", "--json"]).await;
    let list: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((list["data"].as_array().unwrap().len(), &list["data"][0]["target_id"]), (1, &Value::from(link.id.clone())));

    let (code, here, _) = run(&app, "", &["export", "--format", "jsonl", "--user", &owner.user.email]).await;
    let (_, there, _) = run(&app, &own, &["export", "--format", "jsonl"]).await;
    let (here, there) = (events(&here), events(&there));
    assert_eq!((code, here.len(), there.len()), (0, 2, 2));
    assert_eq!((&here[0]["id"], &here[0]["user_email"]), (&there[0]["id"], &Value::from(owner.user.email.clone())));
    let file = app.config.data.join("activity.csv");
    for code in [0, 1] {
        // The second time it is there, and stays as it is.
        assert_eq!(run(&app, &own, &["export", "-o", file.to_str().unwrap()]).await.0, code);
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap().lines().count(), 3);
}

#[tokio::test]
async fn what_can_t_be_read_is_said_in_words() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let key = app.key_of(&owner.user, &["shared_links:read"]).await;
    let (code, _, err) = run(&app, &key, &["list"]).await;
    assert!(code == 1 && err.contains("lacks the scope audit:read"), "{err}");
    let key = app.key_of(&owner.user, &["audit:read"]).await;
    let (code, _, err) = run(&app, &key, &["list", "--all"]).await;
    assert!(code == 1 && err.contains("Only an administrator's key"), "{err}");
    for wrong in
        [&["list", "--kind", "telepathy"][..], &["list", "--limit", "0"], &["list", "--since", "soon"], &["export", "--format", "pdf"]]
    {
        assert_eq!(run(&app, "", wrong).await.0, 2, "{wrong:?}");
    }
    let (code, _, err) = run(&app, &key, &["list", "--user", &owner.user.email]).await;
    assert!(code == 2 && err.contains("--user user_"), "{err}");
    let (code, _, err) = run(&app, "", &["list", "--user", "no@example.org"]).await;
    assert!(code == 1 && err.contains("no@example.org"), "{err}");
}
