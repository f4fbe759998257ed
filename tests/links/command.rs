//! `takeback share` and `takeback links` at a terminal.

use serde_json::{Value, json};
use tokio::process::Command;

use crate::support::TestApp;

/// Runs the command line; answers exit code, standard output and standard error, with `ID` for the link's token.
pub(super) async fn run(app: &TestApp, arguments: &[&str], token: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_takeback"));
    command.env_clear().env("TAKEBACK_LOG", "warn").args([
        "--public-url",
        "https://chat.example.org",
        "--database",
        &app.config.database,
        "--data",
    ]);
    let output = command.arg(&app.config.data).args(arguments).output().await.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace(token, "ID");
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[tokio::test]
async fn a_link_is_made_shown_changed_and_deleted() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let (code, out, err) = run(&app, &["share", &talk.id], "no token").await;
    assert_eq!((code, err.as_str()), (0, ""));
    // The address alone, for a pipe.
    let token = out.strip_prefix("https://chat.example.org/share/").unwrap().strip_suffix('\n').unwrap().to_owned();
    assert_eq!(token.len(), 22);
    let path = format!("/share/{token}");
    assert_eq!(app.anonymous().get(&path).await.status, 200);

    let id = format!("link_{token}");
    let url = format!("https://chat.example.org{path}");
    for name in [&id, &token, &url, &format!("{url}/markdown?x"), &format!("{url}/")] {
        let (code, out, _) = run(&app, &["links", "show", name], &token).await;
        assert_eq!(code, 0);
        let (day, rest) = out.split_once("shared     ").unwrap();
        assert_eq!(day, "Tea for two\nhttps://chat.example.org/share/ID\n");
        let (_, rest) = rest.split_once(", ").unwrap();
        assert!(rest.starts_with("anonymously\nends       when it is deleted\nmessages   2 (revision 1)\nviews      "), "{rest}");
        assert!(rest.ends_with("\ncopies     0\n"), "{rest}");
    }
    let (code, out, _) = run(&app, &["links", "update", &id, "--title", "Another title", "--named", "--json"], &token).await;
    assert_eq!(code, 0);
    let mut link: Value = serde_json::from_str(&out).unwrap();
    for name in ["created_at", "updated_at", "views", "last_viewed_at"] {
        assert!(link.as_object_mut().unwrap().remove(name).is_some(), "{name}");
    }
    assert_eq!(
        link,
        json!({
            "id": "link_ID", "object": "shared_link", "url": "https://chat.example.org/share/ID", "title": "Another title",
            "target": {"type": "conversation", "id": talk.id}, "author": {"display": "name", "name": "Ada Quillfeather"},
            "revision": 1, "message_count": 2, "access": "anyone", "expires_at": null, "max_views": null, "has_password": false,
            "allow_continue": true, "copies": 0, "status": "active",
        })
    );
    assert!(app.anonymous().get(&path).await.body.contains("Another title"));

    let (code, out, _) = run(&app, &["links", "list", "--json", "--user", &owner.user.email], &token).await;
    let list: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &list["object"], list["data"].as_array().unwrap().len()), (0, &json!("list"), 1));
    assert_eq!((&list["data"][0]["id"], &list["data"][0]["owner"]["email"]), (&json!("link_ID"), &json!(owner.user.email)));
    let (_, out, _) = run(&app, &["links", "list"], &token).await;
    assert!(out.contains("link_ID") && out.contains("Another title") && out.lines().count() == 2, "{out}");

    assert_eq!(run(&app, &["links", "delete", &id], &token).await, (0, "link_ID is deleted.\n".into(), String::new()));
    assert_eq!(app.anonymous().get(&path).await.status, 404);
    assert_eq!(run(&app, &["links", "list"], &token).await, (0, "No links.\n".into(), String::new()));
    let again = (1, String::new(), "takeback: There is no link link_ID. It may have been deleted already.\n".to_owned());
    for command in [&["links", "delete", &id][..], &["links", "show", &id], &["links", "update", &id, "--title", "x"]] {
        assert_eq!(run(&app, command, &token).await, again);
    }
}

#[tokio::test]
async fn all_links_of_one_person_go_with_one_command() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let talk = app.small_talk(&owner.user).await;
    for _ in 0..3 {
        app.share(&owner.user, &talk).await;
    }
    let kept = app.share(&other.user, &app.small_talk(&other.user).await).await;
    let (code, out, _) = run(&app, &["links", "delete", "--all", "--user", &owner.user.email, "--json"], "no token").await;
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, answer), (0, json!({"object": "shared_link.list.deleted", "deleted": 3})));
    assert_eq!(app.anonymous().get(&kept.path()).await.status, 200);
}

#[tokio::test]
async fn wrong_usage_is_2_and_what_can_t_be_done_is_1_with_words() {
    let app = TestApp::start().await;
    app.admin().await;
    for usage in [&["links"][..], &["links", "delete"], &["links", "delete", "--all"], &["share"], &["links", "list", "--stale", "soon"]] {
        let (code, out, err) = run(&app, usage, "no token").await;
        assert_eq!((code, out.as_str()), (2, ""), "{usage:?}");
        assert!(err.contains("Usage: takeback") || err.contains("--help"), "{usage:?}: {err}");
    }
    let refused = [
        (&["share", "conv_nobody"][..], "There is no conversation conv_nobody"),
        (&["share", "file.json"], "--user EMAIL"),
        (&["links", "update", "link_x"], "There is no link link_x"),
        (&["links", "show", "x y"], "There is no link x y."),
        (&["links", "delete", "/"], "There is no link /."),
        (&["links", "update", "link_x", "--expires", "soon"], "Say how long: never, a number of days such as 7d"),
        (&["links", "list", "--user", "no@example.org"], "Nobody here has the e-mail address no@example.org"),
    ];
    for (arguments, words) in refused {
        let (code, out, err) = run(&app, arguments, "no token").await;
        assert_eq!((code, out.as_str()), (1, ""), "{arguments:?}");
        assert!(err.starts_with("takeback: ") && err.contains(words), "{arguments:?}: {err}");
    }
}

#[tokio::test]
async fn doctor_says_what_is_fine_and_what_to_do() {
    let app = TestApp::start().await;
    let (code, out, _) = run(&app, &["doctor", "--listen", "127.0.0.1:0", "--json"], "no token").await;
    let checks: Value = serde_json::from_str(&out).unwrap();
    let verdicts: Vec<(&str, &str)> =
        checks["data"].as_array().unwrap().iter().map(|row| (row["check"].as_str().unwrap(), row["verdict"].as_str().unwrap())).collect();
    assert_eq!((code, &verdicts[..2]), (0, &[("data folder", "ok"), ("database", "note")][..]));
    assert!(verdicts.contains(&("public URL", "ok")), "{verdicts:?}");

    app.admin().await;
    let (code, out, _) = run(&app, &["doctor", "--listen", "127.0.0.1:0"], "no token").await;
    assert!(code == 0 && out.contains("works; accounts: 1."), "{out}");
    // Somebody else has the port.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = tempfile::TempDir::new().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_takeback"));
    command.env_clear().args(["doctor", "--listen", &taken.local_addr().unwrap().to_string(), "--data"]).arg(folder.path());
    let output = command.output().await.unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(out.lines().any(|line| line.starts_with("BAD") && line.contains("Choose another with --listen")), "{out}");
}
