//! `takeback keys` at a terminal.

use serde_json::Value;
use tokio::process::Command;

use crate::support::TestApp;

async fn run(app: &TestApp, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_takeback"));
    command.env_clear().env("TAKEBACK_LOG", "warn").args(["--database", &app.config.database, "--data"]);
    let output = command.arg(&app.config.data).args(arguments).output().await.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

const ADA: &str = "ada.quillfeather@example.org";

#[tokio::test]
async fn a_key_is_printed_alone_listed_without_itself_and_revoked() {
    let app = TestApp::start().await;
    app.owner().await;
    let (code, out, err) = run(&app, &["keys", "create", "--user", ADA, "--name", "Weekly link check"]).await;
    assert_eq!((code, err.as_str()), (0, ""));
    let key = out.strip_suffix('\n').unwrap();
    assert_eq!(key.len(), 53);
    assert_eq!(app.program(key).get("/v1/shared_links").await.status, 200);

    let few = ["keys", "create", "--user", ADA, "--name", "Reads", "--scopes", "shared_links:read,chat", "--expires", "90d", "--json"];
    let made: Value = serde_json::from_str(&run(&app, &few).await.1).unwrap();
    assert_eq!(made["scopes"], serde_json::json!(["shared_links:read", "chat"]));
    assert_eq!(made["expires_at"].as_i64().unwrap() - made["created_at"].as_i64().unwrap(), 90 * 86_400);
    assert_eq!(app.program(made["key"].as_str().unwrap()).delete("/v1/shared_links?all=true").await.status, 403);

    let (code, out, _) = run(&app, &["keys", "list", "--user", ADA]).await;
    assert_eq!(code, 0);
    assert!(out.contains("Weekly link check") && out.contains("everything") && out.contains(ADA) && !out.contains(key), "{out}");
    let listed: Value = serde_json::from_str(&run(&app, &["keys", "list", "--json"]).await.1).unwrap();
    assert_eq!(listed["data"].as_array().unwrap().len(), 2);
    assert!(listed["data"][0].get("key").is_none());

    let id = made["id"].as_str().unwrap();
    assert_eq!(run(&app, &["keys", "revoke", id]).await.0, 0);
    assert_eq!(app.program(made["key"].as_str().unwrap()).get("/v1/shared_links").await.status, 401);
    let (code, out, err) = run(&app, &["keys", "revoke", id]).await;
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("There is no key"), "{err}");
}

#[tokio::test]
async fn what_is_typed_wrong_is_said() {
    let app = TestApp::start().await;
    app.owner().await;
    for (arguments, code, words) in [
        (&["keys", "create", "--user", "nobody@example.org", "--name", "x"][..], 1, "Nobody here has the e-mail address"),
        (&["keys", "create", "--user", ADA, "--name", " "], 1, "The name is empty"),
        (&["keys", "create", "--user", ADA, "--name", "x", "--scopes", "telepathy"], 1, "There is no scope \"telepathy\". There are: "),
        (&["keys", "create", "--user", ADA, "--name", "x", "--expires", "soon"], 2, "give a number of days"),
        (&["keys", "create", "--user", ADA], 2, "--name"),
        (&["keys"], 2, "Usage: takeback keys"),
    ] {
        let (exit, out, err) = run(&app, arguments).await;
        assert_eq!((exit, out.as_str()), (code, ""), "{arguments:?}: {err}");
        assert!(err.contains(words), "{arguments:?}: {err}");
    }
}
